import { describe, expect, it } from 'vitest'
import { parseReport, requireTenant } from '../../../../scripts/inventory/parse-report.ts'
import type { Entry, InventoryReport } from '../../../../scripts/inventory/report.ts'
import { parseCondition, selectUnmanaged } from '../../../../scripts/inventory/select.ts'
import { plainEntry } from '../../../support/inventory-entry.ts'

function entry(displayName: string, change: Partial<Entry> = {}): Entry {
  return plainEntry({
    appId: displayName,
    displayName,
    owners: [{ id: 'id-ada', name: 'ada@contoso.com', on: 'application' }],
    ...change,
  })
}

function finding(appId: string, suppressed?: string): InventoryReport['findings'][number] {
  return {
    ruleId: 'EI104',
    rule: 'secret-lifetime',
    severity: 'medium',
    appId,
    displayName: appId,
    message: 'm',
    fix: 'f',
    ...(suppressed !== undefined && { suppressed }),
  }
}

const REPORT: InventoryReport = {
  schemaVersion: 1,
  tool: { name: 'entra-apps', version: '0.1.0' },
  tenantId: 'contoso',
  at: '2026-11-28T12:00:00Z',
  stacks: [],
  missing: [],
  entries: [
    entry('Files'),
    entry('Photos (old)', { owners: [{ id: 'id-bob', on: 'servicePrincipal' }] }),
    entry('Managed', { managedBy: 'dev/managed' }),
    entry('Identity', { kind: 'managedIdentity' }),
  ],
  waves: [
    {
      wave: 1,
      reason: 'plain',
      applications: [{ appId: 'Files', displayName: 'Files', owners: [], dependents: 0, credentials: [] }],
    },
  ],
  findings: [finding('Photos (old)'), finding('Files', 'meant so'), finding('Managed')],
}

const names = (...conditions: string[]) =>
  selectUnmanaged(REPORT, conditions.map(parseCondition)).map(({ displayName }) => displayName)

describe('selection from an inventory', () => {
  it.each([
    [['name=*'], ['Files', 'Photos (old)']],
    [['name=photos (*)'], ['Photos (old)']],
    [['owner=ADA@*'], ['Files']],
    [['owner=id-bob'], ['Photos (old)']],
    [['rule=ei104'], ['Photos (old)']],
    [['rule=secret-*'], ['Photos (old)']],
    [['owner=*', 'name=f*'], ['Files']],
    [['wave=1'], ['Files']],
  ])('%j selects %j: only what no stack manages', (conditions, expected) => {
    expect(names(...conditions)).toEqual(expected)
  })

  it('says so when nothing matches', () => {
    expect(() => names('owner=bob@*', 'name=*')).toThrow(
      'has 3 registrations, of which no stack manages 2, and none of these matches owner=bob@* and name=*',
    )
  })

  it.each([
    ['photos', 'is not a condition; write name=…, owner=…, rule=…, wave=…'],
    ['toString=x', 'is not a condition'],
    ['name=', 'is not a condition'],
    ['rule=EI10', 'there is no rule "EI10"'],
  ])('refuses %s', (condition, message) => {
    expect(() => parseCondition(condition)).toThrow(message)
  })
})

describe('parseReport', () => {
  const source = { option: '--from', file: 'old.json' }

  it.each(['{}', 'no JSON', '[]', JSON.stringify({ schemaVersion: 2 })])('refuses %s', (text) => {
    expect(() => parseReport(text, source)).toThrow('--from: old.json is not an inventory')
  })

  it('names a format that it does not read', () => {
    const text = JSON.stringify({ ...REPORT, schemaVersion: 2 })
    expect(() => parseReport(text, source)).toThrow(/is an inventory of format 2, .* reads format 1\./)
  })

  it('refuses one of another tenant', () => {
    const report = parseReport(JSON.stringify(REPORT), source)
    expect(() => requireTenant(report, source, 'fabrikam')).toThrow('old.json is of the tenant contoso')
  })
})
