import { describe, expect, it } from 'vitest'
import { judgeClaims } from '../../../scripts/proof/claims.ts'

const expected = { tenantId: 't', clientId: 'c', audiences: ['https://graph', 'graph-id'], roles: ['A', 'B'] }
const claims = { tid: 't', appid: 'c', aud: 'https://graph', roles: ['B', 'A'] }
const failures = (given: object) =>
  judgeClaims({ ...claims, ...given }, expected)
    .filter(({ ok }) => !ok)
    .map(({ name, detail }) => `${name}: ${detail}`)

describe('judgeClaims', () => {
  it('accepts exactly what is declared, in any order', () => expect(failures({})).toEqual([]))
  it('reads the client of a v2.0 token', () => expect(failures({ appid: undefined, azp: 'c' })).toEqual([]))
  it('accepts the app id as audience', () => expect(failures({ aud: 'graph-id' })).toEqual([]))

  it.each([
    ['another tenant', { tid: 'x' }, 'tenant (tid): "x" instead of "t"'],
    ['another client', { appid: 'x' }, 'client (appid): "x" instead of "c"'],
    ['another audience', { aud: 'https://x' }, 'audience (aud): "https://x" instead of "https://graph"'],
    ['a list of audiences', { aud: ['https://graph'] }, 'audience (aud): "" instead of "https://graph"'],
    [
      'a missing role',
      { roles: ['A'] },
      'permissions (roles): missing B: declared, but not consented to (or not yet replicated)',
    ],
    [
      'no roles at all',
      { roles: undefined },
      'permissions (roles): missing A, B: declared, but not consented to (or not yet replicated)',
    ],
    [
      'an extra role',
      { roles: ['A', 'B', 'C'] },
      'permissions (roles): extra C: consented to, but not declared',
    ],
  ])('refuses %s', (_, given, wanted) => expect(failures(given)).toEqual([wanted]))
})
