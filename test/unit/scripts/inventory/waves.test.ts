import { describe, expect, it } from 'vitest'
import { DAY, instantAfter } from '../../../../lib/duration.ts'
import { withManagers } from '../../../../scripts/inventory/managed.ts'
import { renderWaves, renderWavesMarkdown } from '../../../../scripts/inventory/render-waves.ts'
import type { Credential, Entry, Finding, Part } from '../../../../scripts/inventory/report.ts'
import { planWaves } from '../../../../scripts/inventory/waves.ts'
import { recordingTerminal } from '../../../support/terminal.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const CONTEXT = {
  now: NOW,
  expiringWithin: 30 * DAY,
  maxLifetime: 366 * DAY,
  unusedAfter: 90 * DAY,
  missing: new Set<Part>(),
  size: 50,
}

/** A secret by the days in which it ends and before which it was last used. */
function secret(keyId: string, ends: number, used: number): Credential {
  const [startsAt, endsAt, lastUsedAt] = [-300, ends, -used].map((each) => instantAfter(NOW, each * DAY))
  return {
    keyId,
    type: 'secret',
    on: 'application',
    startsAt: startsAt!,
    endsAt: endsAt!,
    lastUsedAt: lastUsedAt!,
  }
}

function entry(appId: string, credentials: Credential[], change: Partial<Entry> = {}): Entry {
  return {
    appId,
    displayName: appId,
    kind: 'application',
    owners: [],
    credentials,
    permissions: [],
    directoryRoles: [],
    redirectUris: [],
    implicitGrant: { accessToken: false, idToken: false },
    ...change,
  }
}

const uses = (apiAppId: string): Entry['permissions'] => [
  { api: apiAppId, apiAppId, kind: 'application', name: 'Read', requested: true, granted: true },
]
const high = (appId: string): Finding => ({
  ...{ ruleId: 'EI301', rule: 'r', severity: 'high', message: 'm', fix: 'f' },
  appId,
  displayName: appId,
})

const ENTRIES = [
  entry('api', [secret('a', 200, 1)]),
  entry('plain', [secret('b', 200, 1), secret('old', 200, 100)], { permissions: uses('api') }),
  entry('risky', [secret('c', 200, 1)]),
  entry('late', [secret('d', 20, 1)]),
  entry('soon', [secret('e', 10, 1)]),
  entry('expired', [secret('f', -1, 2)]),
  entry('unused', [secret('g', 200, 91)]),
  entry('none', []),
  entry('saml', [{ ...secret('h', 10, 1), type: 'samlSigning' }]),
  entry('elsewhere', [secret('i', 10, 1)], { kind: 'elsewhere' }),
  entry('ours', [secret('j', 10, 1)]),
  entry('half', [secret('k', 200, 1), secret('l', 10, 1)]),
]
const MANAGED = {
  clients: new Map([
    ['ours', 'dev/ours'],
    ['half', 'dev/half'],
  ]),
  keys: new Map([
    ['j', 'dev/ours'],
    ['l', 'dev/half'],
  ]),
}

const plan = (change: Partial<typeof CONTEXT> = {}) =>
  planWaves(withManagers(ENTRIES, MANAGED), [high('risky')], { ...CONTEXT, ...change })
const namesIn = (change?: Partial<typeof CONTEXT>) =>
  plan(change).map(({ reason, applications }) => [reason, ...applications.map(({ appId }) => appId)])

describe('planWaves', () => {
  it('removes what nobody uses first, then takes what is urgent, and what others depend on last', () => {
    expect(namesIn()).toEqual([
      ['unused', 'expired', 'unused'],
      ['expiring', 'soon', 'late'],
      ['risky', 'risky'],
      ['plain', 'half', 'plain'],
      ['dependedOn', 'api'],
    ])
  })

  it('leaves alone what stacks issued, and says what is to be removed', () => {
    const applications = plan().flatMap((wave) => wave.applications)
    const actions = (appId: string) =>
      applications
        .find((each) => each.appId === appId)
        ?.credentials.map(({ keyId, action }) => [keyId, action])
    expect(actions('ours')).toBeUndefined()
    expect(actions('half')).toEqual([['k', 'replace']])
    expect(actions('plain')).toEqual([
      ['b', 'replace'],
      ['old', 'remove'],
    ])
  })

  it('removes nothing but what expired where the tenant reports no use', () => {
    expect(namesIn({ missing: new Set(['credentialUse']) })[0]).toEqual(['unused', 'expired'])
  })

  it('cuts waves to size', () => {
    expect(plan({ size: 1 }).map(({ wave, applications }) => [wave, applications.length])).toEqual(
      Array.from({ length: 8 }, (_, i) => [i + 1, 1]),
    )
  })

  it('is shown as text and as Markdown', () => {
    const report = { tenantId: 't', waves: plan(), missing: [] }
    const text = renderWaves(report, recordingTerminal().colors)
    expect(text).toContain('Wave 5 (applications: 1): other applications have permissions of its API')
    expect(text).toContain(
      'api (api): adopt it first; applications that depend on it: 1\n      replace secret a, expires 2027-06-16',
    )
    expect(text).toContain('half (half): managed by dev/half')
    expect(renderWavesMarkdown(report)).toContain('| plain (plain) |  | adopt it first | secret b')
    expect(renderWaves({ ...report, waves: [] }, recordingTerminal().colors)).toContain('nothing to replace')
  })

  it('says first which stacks could not be read, whose credentials are among them', () => {
    const missing = [{ part: 'stacks' as const, message: 'The stack prod cannot be read' }]
    const report = { tenantId: 't', waves: plan(), missing }
    expect(renderWaves(report, recordingTerminal().colors)).toMatch(
      /^missing The stack prod cannot be read\n\nWave 1/,
    )
    expect(renderWavesMarkdown(report)).toMatch(
      /^## Waves.*\n\n- The stack prod cannot be read\n\n### Wave 1/,
    )
  })
})
