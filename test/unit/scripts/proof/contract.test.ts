import { describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../../microsoft/apis.ts'
import {
  type ExpectedToken,
  judgeClaims,
  judgeCloud,
} from '../../../../scripts/proof/checks/token-contract.ts'
import type { GrantsAnswer } from '../../../../scripts/proof/model/ports.ts'

const TENANT = '11111111-1111-1111-1111-111111111111'
const CLIENT = '22222222-2222-2222-2222-222222222222'
const expected: ExpectedToken = {
  tenantId: TENANT,
  clientId: CLIENT,
  audiences: ['https://graph.microsoft.com', MICROSOFT_GRAPH_APP_ID],
  api: { name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles: ['Files.Read.All', 'User.Read.All'] },
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

  it('compares ids whatever their case', () => {
    const shouted = { ...expected, tenantId: TENANT.toUpperCase(), clientId: CLIENT.toUpperCase() }
    expect(codes(judgeClaims(claims, shouted))).toEqual([])
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
    expect(codes(judgeClaims({ ...claims, iat: issued(-11) }, { ...expected, changedAt }))).toEqual([
      'STALE_TOKEN',
    ])
  })
})

describe('judgeCloud', () => {
  it.each([
    ['graph.microsoft.com', 'https://graph.microsoft.com', []],
    [undefined, 'https://graph.microsoft.com', []],
    ['graph.microsoft.us', 'https://dod-graph.microsoft.us', []],
    ['graph.microsoft.us', 'https://graph.microsoft.com', ['WRONG_CLOUD']],
    ['localhost:1', 'https://localhost:2', ['WRONG_CLOUD']],
  ])('%s against %s', (graphHost, graphUrl, expectedCodes) => {
    expect(codes(judgeCloud(graphHost, graphUrl))).toEqual(expectedCodes)
  })
})
