import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareInventories } from '../../../../scripts/inventory/compare.ts'
import { credentialsOf } from '../../../../scripts/inventory/graph-objects.ts'
import { csvCell, renderCsv } from '../../../../scripts/inventory/render-csv.ts'
import { renderInventory } from '../../../../scripts/inventory/render-text.ts'
import type { Entry, InventoryReport } from '../../../../scripts/inventory/report.ts'
import { parseSuppressions } from '../../../../scripts/inventory/suppressions.ts'
import { plainEntry } from '../../../support/inventory-entry.ts'
import { recordingTerminal } from '../../../support/terminal.ts'

function entry(appId: string, change: Partial<Entry> = {}): Entry {
  return plainEntry({ appId, displayName: appId, owners: [], ...change })
}

const inventoryOf = (entries: Entry[], missing: InventoryReport['missing'] = []) => ({
  at: '2026-11-01T00:00:00.000Z',
  stacks: [],
  missing,
  entries,
})

describe('csvCell', () => {
  it.each([
    ['=HYPERLINK("https://evil")', `"'=HYPERLINK(""https://evil"")"`],
    ['+1', "'+1"],
    [' @x', "' @x"],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['plain', 'plain'],
    [3, '3'],
    [undefined, ''],
  ])('%j is written as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell)
  })

  it('keeps every text that is no formula', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !/^\s*[=+\-@]|^[\t\r\n]/.test(each))
    fc.assert(
      fc.property(text, (each) => {
        const cell = csvCell(each)
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
        expect(read).toBe(each)
      }),
    )
  })
})

describe('compareInventories', () => {
  it('finds no change between an inventory and itself', () => {
    const same = inventoryOf([entry('a', { directoryRoles: ['Global Reader'] }), entry('b')])
    expect(compareInventories(same, same)).toEqual({ since: same.at, entries: [] })
  })

  it('tells apart what appeared, changed and went', () => {
    const before = inventoryOf([
      entry('a'),
      entry('b', { redirectUris: [{ platform: 'web', uri: 'https://b' }] }),
    ])
    const after = inventoryOf([entry('b', { enabled: false }), entry('c')])
    expect(compareInventories(before, after).entries).toEqual([
      {
        change: 'changed',
        appId: 'b',
        displayName: 'b',
        what: ['new: disabled', 'gone: enabled', 'gone: redirect URI https://b (web)'],
      },
      { change: 'appeared', appId: 'c', displayName: 'c', what: [] },
      { change: 'went', appId: 'a', displayName: 'a', what: [] },
    ])
  })

  it('does not take what could not be read for gone', () => {
    const before = inventoryOf([entry('a', { directoryRoles: ['Global Reader'] })])
    const after = inventoryOf([entry('a')], [{ part: 'directoryRoles', message: '' }])
    expect(compareInventories(before, after).entries).toEqual([])
  })
})

describe('which stack manages an application', () => {
  const unread: InventoryReport['missing'] = [{ part: 'stacks', message: 'The stack prod cannot be read' }]
  const report = (stacks: string[], missing: InventoryReport['missing'] = []): InventoryReport => ({
    ...inventoryOf([entry('a', { managedBy: 'dev/a' }), entry('b')], missing),
    schemaVersion: 1,
    tool: { name: 'entra-apps', version: '0.0.0' },
    tenantId: 't',
    stacks,
    findings: [],
  })
  const managersIn = (of: InventoryReport) => {
    const lines = renderInventory(of, recordingTerminal().colors).split('\n')
    return lines.flatMap((line) => /registered here +│ (\S+)/.exec(line)?.[1] ?? [])
  }
  const csvOf = (of: InventoryReport) => renderCsv(of).split('\r\n')[2]

  it('is none only where every stack could be read, and not said where none was asked', () => {
    expect(managersIn(report(['dev']))).toEqual(['dev/a', 'none'])
    expect(managersIn(report([]))).toEqual(['dev/a', '–'])
    expect(csvOf(report(['dev']))).toMatch(/^b,b,application,,/)
  })

  it('is unknown where a stack could not be read, which is said', () => {
    const partial = report(['dev'], unread)
    expect(managersIn(partial)).toEqual(['dev/a', 'unknown'])
    expect(renderInventory(partial, recordingTerminal().colors)).toContain('missing The stack prod cannot')
    expect(csvOf(partial)).toMatch(/^b,b,application,unknown,/)
  })

  it('is not compared then', () => {
    const [before, after] = [report(['dev']), report(['dev'], unread)]
    const moved = { ...before, entries: [entry('a'), entry('b')] }
    expect(compareInventories(before, moved).entries.map(({ what }) => what)).toEqual([
      ['gone: managed by dev/a'],
    ])
    expect(compareInventories(before, { ...moved, missing: after.missing }).entries).toEqual([])
  })
})

describe('parseSuppressions', () => {
  const rules = ['EI101', 'EI201']

  it('reads rules with and without an application', () => {
    const appId = '6F1B3C3E-6A5D-4E57-9C60-2C4B7B1B2A11'
    const text = `- { rule: EI101, reason: a }\n- { rule: EI201, appId: ${appId}, reason: b }`
    expect(parseSuppressions(text, 'x.yaml', rules)).toEqual([
      { rule: 'EI101', reason: 'a' },
      { rule: 'EI201', appId: appId.toLowerCase(), reason: 'b' },
    ])
    expect(parseSuppressions('', 'x.yaml', rules)).toEqual([])
  })

  it.each([
    ['- { rule: EI101 }', 'reason'],
    ['- { rule: EI101, reason: " " }', 'reason'],
    ['- { rule: EI101, app: x, reason: a }', 'app'],
    ['- { rule: EI102, reason: a }', 'there is no rule "EI102"'],
    ['rule: EI101', 'is not a list of suppressions'],
    ['- {', 'is not YAML'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSuppressions(text, 'x.yaml', rules)).toThrow(message)
  })
})

describe('credentialsOf', () => {
  it('takes the three parts of a SAML signing certificate for one', () => {
    const pair = { customKeyIdentifier: 'thumbprint', endDateTime: '2027-01-01T00:00:00Z' }
    const found = credentialsOf(
      {
        keyCredentials: [
          { ...pair, keyId: '1', usage: 'Sign' },
          { ...pair, keyId: '2', usage: 'Verify' },
          { keyId: '3', usage: 'Verify', customKeyIdentifier: 'other' },
        ],
        passwordCredentials: [
          { ...pair, keyId: '1' },
          { keyId: '4', displayName: 'main' },
        ],
      },
      'servicePrincipal',
    )
    expect(found.map(({ type, keyId }) => [type, keyId])).toEqual([
      ['samlSigning', '1'],
      ['certificate', '3'],
      ['secret', '4'],
    ])
  })
})
