import { describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import {
  type ExpectedToken,
  judgeClaims,
  judgeCloud,
  readClaims,
  rolesIn,
} from '../../../../scripts/proof/checks/token-contract.ts'
import type { GrantsAnswer } from '../../../../scripts/proof/model/ports.ts'

const TENANT = 'aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa'
const CLIENT = 'bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb'
const expected: ExpectedToken = {
  tenantId: TENANT,
  clientId: CLIENT,
  audiences: ['https://graph.microsoft.com', MICROSOFT_GRAPH_APP_ID],
  api: { name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles: ['User.Read.All', 'Files.Read.All'] },
}
const claims = {
  tid: TENANT,
  appid: CLIENT,
  aud: 'https://graph.microsoft.com',
  roles: ['User.Read.All', 'Files.Read.All'],
}
const granted = (...roles: string[]): GrantsAnswer => ({
  ok: true,
  roles: new Map([[MICROSOFT_GRAPH_APP_ID, roles]]),
})
const codes = (findings: ReturnType<typeof judgeClaims>) =>
  findings.flatMap((finding) => (finding.ok ? [] : [finding.failure.code]))

describe('judgeClaims', () => {
  it('accepts exactly the declared set, in any order, in both token versions', () => {
    expect(codes(judgeClaims(claims, expected))).toEqual([])
    const { appid: _appid, ...v2 } = claims
    expect(codes(judgeClaims({ ...v2, azp: CLIENT, aud: MICROSOFT_GRAPH_APP_ID }, expected))).toEqual([])
  })

  it('compares ids whatever their case, on either side', () => {
    const upper = { tid: TENANT.toUpperCase(), appid: CLIENT.toUpperCase() }
    expect(upper.tid).not.toBe(TENANT)
    expect(codes(judgeClaims({ ...claims, ...upper }, expected))).toEqual([])
    const wanted = { ...expected, tenantId: upper.tid, clientId: upper.appid }
    expect(codes(judgeClaims(claims, wanted))).toEqual([])
  })

  it('says of each thing what it compared', () => {
    const changedAt = new Date('2026-03-01T12:00:00Z')
    const iat = changedAt.getTime() / 1000
    expect(judgeClaims({ ...claims, iat }, { ...expected, changedAt })).toEqual([
      { name: 'tenant (tid)', ok: true, detail: TENANT },
      { name: 'client (appid)', ok: true, detail: CLIENT },
      { name: 'audience (aud)', ok: true, detail: 'https://graph.microsoft.com' },
      {
        name: 'issued after the change (iat)',
        ok: true,
        detail: '2026-03-01T12:00:00.000Z (Entra dates back), changed 2026-03-01T12:00:00.000Z',
      },
      { name: 'permissions on Microsoft Graph', ok: true, detail: 'exactly Files.Read.All, User.Read.All' },
    ])
  })

  it('says what it found instead of what', () => {
    const [, client] = judgeClaims({ ...claims, appid: 'other' }, expected)
    expect(client).toMatchObject({
      name: 'client (appid)',
      ok: false,
      failure: { message: `"other" instead of "${CLIENT}"` },
    })
  })

  it('says so when no permission is declared and none is there', () => {
    const none = { ...expected, api: { ...expected.api, roles: [] } }
    expect(judgeClaims({ ...claims, roles: undefined }, none).at(-1)).toEqual({
      name: 'permissions on Microsoft Graph',
      ok: true,
      detail: 'none, as declared',
    })
  })

  it.each([
    ['WRONG_TENANT', { tid: 'other' }],
    ['WRONG_CLIENT', { appid: 'other' }],
    ['WRONG_AUDIENCE', { aud: 'https://graph.microsoft.us' }],
    ['WRONG_AUDIENCE', { aud: ['https://graph.microsoft.com'] }],
  ])('%s', (code, change) => {
    expect(codes(judgeClaims({ ...claims, ...change }, expected))).toEqual([code])
  })

  it('takes an absent roles claim for an empty one', () => {
    const { roles: _roles, ...none } = claims
    expect(codes(judgeClaims(none, { ...expected, api: { ...expected.api, roles: [] } }))).toEqual([])
    expect(codes(judgeClaims(none, expected))).toEqual(['ROLE_MISSING', 'ROLE_MISSING'])
  })

  it('says on which side a missing role is, where the directory can be read', () => {
    const lacking = { ...claims, roles: ['User.Read.All'] }
    expect(codes(judgeClaims(lacking, expected))).toEqual(['ROLE_MISSING'])
    expect(codes(judgeClaims(lacking, expected, granted('User.Read.All')))).toEqual(['ROLE_NOT_CONSENTED'])
    expect(codes(judgeClaims(lacking, expected, granted('User.Read.All', 'Files.Read.All')))).toEqual([
      'ROLE_NOT_IN_TOKEN',
    ])
  })

  it('says on which side an extra role is', () => {
    const rich = { ...claims, roles: [...claims.roles, 'Mail.Read'] }
    expect(codes(judgeClaims(rich, expected))).toEqual(['ROLE_UNEXPECTED'])
    expect(codes(judgeClaims(rich, expected, granted('Mail.Read')))).toEqual(['ROLE_EXTRA'])
    expect(codes(judgeClaims(rich, expected, granted()))).toEqual(['ROLE_NOT_YET_GONE'])
    const nothing: GrantsAnswer = { ok: true, roles: new Map() }
    expect(codes(judgeClaims(rich, expected, nothing))).toEqual(['ROLE_NOT_YET_GONE'])
  })

  it('lists what is missing before what is extra', () => {
    const [missing, extra] = judgeClaims(
      { ...claims, roles: ['User.Read.All', 'Mail.Read'] },
      expected,
    ).slice(3)
    expect(missing).toMatchObject({
      name: 'permission Files.Read.All on Microsoft Graph',
      failure: { code: 'ROLE_MISSING', message: 'missing in the token: Files.Read.All' },
    })
    expect(extra).toMatchObject({
      name: 'permission Mail.Read on Microsoft Graph',
      failure: { code: 'ROLE_UNEXPECTED', message: 'extra in the token: Mail.Read' },
    })
  })

  it('does without a directory that refuses to be read', () => {
    const failure = { source: 'graph' as const, code: 'x', message: '', support: {} }
    const lacking = { ...claims, roles: ['User.Read.All'] }
    expect(codes(judgeClaims(lacking, expected, { ok: false, failure }))).toEqual(['ROLE_MISSING'])
  })

  it('refuses a token older than the change, and forgives that Entra dates tokens back', () => {
    const changedAt = new Date('2026-03-01T12:00:00Z')
    const issued = (minutes: number) => changedAt.getTime() / 1000 + minutes * 60
    expect(codes(judgeClaims({ ...claims, iat: issued(-5) }, { ...expected, changedAt }))).toEqual([])
    expect(codes(judgeClaims({ ...claims, iat: issued(-10) }, { ...expected, changedAt }))).toEqual([])
    expect(codes(judgeClaims({ ...claims, iat: issued(-10) - 1 }, { ...expected, changedAt }))).toEqual([
      'STALE_TOKEN',
    ])
  })

  it('says nothing of the age where nothing changed, or the token does not say when it was issued', () => {
    const ages = (given: object, wanted: object) =>
      judgeClaims({ ...claims, ...given }, { ...expected, ...wanted }).filter(({ name }) =>
        name.includes('iat'),
      )
    expect(ages({ iat: 0 }, {})).toEqual([])
    expect(ages({}, { changedAt: new Date() })).toEqual([])
    expect(ages({ iat: 0 }, { changedAt: new Date() })).toHaveLength(1)
  })
})

describe('readClaims', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

  it('reads a token without its signature, and nothing of what is no token', () => {
    expect(readClaims(`${part({ alg: 'none' })}.${part({ tid: TENANT })}.`)).toEqual({ tid: TENANT })
    expect(readClaims('opaque')).toBeUndefined()
  })

  it('takes roles for a list of texts, and anything else for none', () => {
    expect(rolesIn({ roles: ['a', 1] })).toEqual(['a', '1'])
    expect(rolesIn({ roles: 'a' })).toEqual([])
    expect(rolesIn({})).toEqual([])
  })
})

describe('judgeCloud', () => {
  it.each([
    ['graph.microsoft.com', 'https://graph.microsoft.com', []],
    [undefined, 'https://graph.microsoft.com', []],
    ['graph.microsoft.us', 'https://dod-graph.microsoft.us', []],
    ['graph.microsoft.us', 'https://graph.microsoft.com', ['WRONG_CLOUD']],
    ['dod-graph.microsoft.us', 'https://graph.microsoft.us', []],
    ['graph.microsoft.com', 'https://graph.microsoft.us', ['WRONG_CLOUD']],
    ['localhost:1', 'https://localhost:2', ['WRONG_CLOUD']],
  ])('%s against %s', (graphHost, graphUrl, expectedCodes) => {
    expect(codes(judgeCloud(graphHost, graphUrl))).toEqual(expectedCodes)
  })

  it('names both', () => {
    expect(judgeCloud('graph.microsoft.us', 'https://graph.microsoft.com/v1.0')).toMatchObject([
      {
        name: 'cloud',
        ok: false,
        failure: { message: "the tenant's Graph is graph.microsoft.us, but graph.microsoft.com is in use" },
      },
    ])
  })
})
