import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, instantAfter } from '../../../../lib/duration.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import { INVENTORY_RULES, isAtLeast, judgeInventory } from '../../../../scripts/inventory/judge.ts'
import { type Credential, type Entry, PARTS, type Part } from '../../../../scripts/inventory/report.ts'
import type { JudgeContext } from '../../../../scripts/inventory/rule.ts'
import { plainEntry } from '../../../support/inventory-entry.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const APP_ID = '11111111-1111-1111-1111-111111111111'

/** An application that nothing is wrong with. */
const plain = (change: Partial<Entry> = {}) =>
  plainEntry({ lastSignInAt: instantAfter(NOW, -DAY), ...change })

/** A secret by the days at which it starts, ends and was last used, counted from now. */
function secret(start: number, end: number, change: Partial<Credential> = {}): Credential {
  return {
    keyId: `${start} ${end}`,
    type: 'secret',
    on: 'application',
    startsAt: instantAfter(NOW, start * DAY),
    endsAt: instantAfter(NOW, end * DAY),
    lastUsedAt: instantAfter(NOW, -DAY),
    ...change,
  }
}

function permission(name: string, change: Partial<Entry['permissions'][number]> = {}) {
  const api = { api: 'Microsoft Graph', apiAppId: MICROSOFT_GRAPH_APP_ID }
  return { ...api, kind: 'application' as const, name, requested: true, granted: true, ...change }
}

function judge(entry: Entry, missing: readonly Part[] = []) {
  const context: JudgeContext = {
    now: NOW,
    expiringWithin: 30 * DAY,
    maxLifetime: 366 * DAY,
    unusedAfter: 90 * DAY,
    missing: new Set(missing),
    danglingHosts: new Set(['gone.contoso.com']),
  }
  return judgeInventory([entry], context)
}

const ids = (change: Partial<Entry>, missing?: readonly Part[]) =>
  judge(plain(change), missing).map(({ ruleId }) => ruleId)

describe('rules of the inventory', () => {
  it('find nothing wrong with a plain application', () => {
    expect(ids({ credentials: [secret(-10, 100), secret(-100, 60)] })).toEqual([])
  })

  it.each<[string, Partial<Entry>]>([
    ['EI101', { credentials: [secret(-100, -1)] }],
    ['EI102', { credentials: [secret(-100, 29)] }],
    ['EI103', { credentials: [secret(-1, 100), secret(-2, 100), secret(-3, 100)] }],
    ['EI104', { credentials: [secret(-1, 366)] }],
    ['EI105', { credentials: [secret(-1, 100, { on: 'servicePrincipal' })] }],
    ['EI105', { kind: 'microsoft', credentials: [secret(-1, 100, { on: 'servicePrincipal' })] }],
    ['EI106', { credentials: [secret(-200, 100, { lastUsedAt: instantAfter(NOW, -91 * DAY) })] }],
    ['EI106', { kind: 'elsewhere', credentials: [secret(-91, 100, { lastUsedAt: undefined })] }],
    ['EI201', { owners: [] }],
    ['EI202', { owners: [{ id: 'eve', on: 'application', enabled: false }] }],
    ['EI301', { permissions: [permission('RoleManagement.ReadWrite.Directory', { reach: 'do all' })] }],
    ['EI302', { kind: 'managedIdentity', directoryRoles: ['Global Administrator'] }],
    ['EI303', { kind: 'elsewhere', permissions: [permission('Mail.Read', { reach: 'read all mail' })] }],
    ['EI304', { permissions: [permission('User.Read', { kind: 'delegated', requested: false })] }],
    ['EI305', { permissions: [permission('Sites.Selected', { granted: false })] }],
    ['EI401', { redirectUris: [{ platform: 'web', uri: 'https://*.contoso.com/cb' }] }],
    ['EI402', { redirectUris: [{ platform: 'web', uri: 'http://contoso.com/cb' }] }],
    ['EI403', { redirectUris: [{ platform: 'web', uri: 'https://Shop.AzureWebsites.net/cb' }] }],
    ['EI404', { implicitGrant: { accessToken: true, idToken: false } }],
    ['EI405', { implicitGrant: { accessToken: false, idToken: true } }],
    ['EI406', { signInAudience: 'AzureADMultipleOrgs' }],
    ['EI407', { redirectUris: [{ platform: 'web', uri: 'https://Gone.contoso.com/cb' }] }],
    ['EI501', { lastSignInAt: instantAfter(NOW, -91 * DAY) }],
    ['EI501', { lastSignInAt: undefined }],
  ])('%s is found in %j, and nothing else', (id, change) => {
    expect(ids(change)).toEqual([id])
  })

  it.each<[string, Partial<Entry>]>([
    ['one whose end is 31 days away', { credentials: [secret(-100, 31)] }],
    ['several, expired but for two', { credentials: [secret(-1, 99), secret(-2, 99)] }],
    ['a long lifetime of a certificate', { credentials: [secret(-1, 700, { type: 'certificate' })] }],
    [
      'a SAML signing certificate',
      { credentials: [secret(-1, 700, { type: 'samlSigning', on: 'servicePrincipal' })] },
    ],
    [
      'the certificate of a managed identity',
      { kind: 'managedIdentity', credentials: [secret(-1, 90, { on: 'servicePrincipal' })] },
    ],
    ['an owner whose state nobody may read', { owners: [{ id: 'ada', on: 'application' }] }],
    ['a permission of another API', { permissions: [permission('Mail.Read', { apiAppId: 'x' })] }],
    ['this computer', { redirectUris: [{ platform: 'web', uri: 'http://localhost:3000/cb' }] }],
    ['a verified publisher', { signInAudience: 'AzureADMultipleOrgs', publisherVerified: true }],
  ])('nothing is found in %s', (_, change) => {
    expect(ids(change)).toEqual([])
  })

  it('are silent about what could not be read', () => {
    const change = {
      lastSignInAt: undefined,
      directoryRoles: ['Global Administrator'],
      credentials: [secret(-200, 100, { lastUsedAt: undefined })],
      permissions: [permission('Sites.Selected', { granted: false })],
    }
    expect(ids(change).sort()).toEqual(['EI106', 'EI302', 'EI305', 'EI501'])
    expect(ids(change, PARTS)).toEqual([])
  })

  it('have ids of their own, in order', () => {
    const all = INVENTORY_RULES.map(({ id }) => id)
    expect(all).toEqual([...new Set(all)].sort())
  })

  it('say the same of a credential in one of its states only, whatever its dates', () => {
    fc.assert(
      fc.property(fc.integer({ min: -900, max: 900 }), fc.integer({ min: 1, max: 900 }), (start, lasts) => {
        const found = ids({ credentials: [secret(start, start + lasts)] })
        const end = start + lasts
        expect(found.includes('EI101')).toBe(end <= 0)
        expect(found.includes('EI102')).toBe(end > 0 && end <= 30)
        expect(found.includes('EI104')).toBe(end > 0 && lasts > 366)
      }),
    )
  })

  it('judge each entry by itself: what they say does not depend on the others', () => {
    const entry = fc.record({
      owners: fc.constantFrom([], plain().owners),
      signInAudience: fc.constantFrom('AzureADMyOrg', 'AzureADMultipleOrgs'),
      credentials: fc.array(
        fc
          .tuple(fc.integer({ min: -500, max: 0 }), fc.integer({ min: -400, max: 400 }))
          .map(([a, b]) => secret(a, b)),
        { maxLength: 4 },
      ),
    })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (changes) => {
        const entries = changes.map((change, i) => plain({ ...change, appId: `app-${i}` }))
        const context = {
          now: NOW,
          expiringWithin: DAY,
          maxLifetime: DAY,
          unusedAfter: DAY,
          missing: new Set<Part>(),
        }
        const together = judgeInventory(entries, context)
        const apart = entries.flatMap((each) => judgeInventory([each], context))
        expect(new Set(together)).toEqual(new Set(apart))
        const gravities = together.map(({ severity }) => ['high', 'medium', 'low'].indexOf(severity))
        expect(gravities).toEqual(gravities.toSorted((a, b) => a - b))
      }),
    )
  })

  it('count a suppressed finding as none', () => {
    const context = {
      now: NOW,
      expiringWithin: DAY,
      maxLifetime: DAY,
      unusedAfter: DAY,
      missing: new Set<Part>(),
    }
    const entry = plain({ owners: [] })
    const [open] = judgeInventory([entry], context)
    expect([isAtLeast(open!, 'low'), isAtLeast(open!, 'medium'), isAtLeast(open!, 'high')]).toEqual([
      true,
      true,
      false,
    ])
    const [closed] = judgeInventory([entry], context, [{ rule: 'EI201', appId: APP_ID, reason: 'x' }])
    expect(closed?.suppressed).toBe('x')
    expect(isAtLeast(closed!, 'low')).toBe(false)
    const [other] = judgeInventory([entry], context, [{ rule: 'EI201', appId: 'other', reason: 'x' }])
    expect(other?.suppressed).toBeUndefined()
  })
})
