import { describe, expect, it } from 'vitest'
import type { LoginError } from '../../../../tenant/errors/login-error.ts'
import { readScopes, v1Scope } from '../../../../tenant/login/scopes.ts'

const GRAPH = '00000003-0000-0000-c000-000000000000'

describe('a scope parameter', () => {
  it.each([
    ['openid profile', { oidc: ['openid', 'profile'], resource: undefined, prefix: undefined, names: [] }],
    ['User.Read', { oidc: [], resource: GRAPH, prefix: undefined, names: ['User.Read'] }],
    [
      'openid https://graph.microsoft.com/User.Read https://graph.microsoft.com/Files.Read',
      {
        oidc: ['openid'],
        resource: 'https://graph.microsoft.com',
        prefix: 'https://graph.microsoft.com',
        names: ['User.Read', 'Files.Read'],
      },
    ],
    ['api://app/.default', { oidc: [], resource: 'api://app', prefix: 'api://app', names: [] }],
    [
      'https://management.azure.com//user_impersonation',
      {
        oidc: [],
        resource: 'https://management.azure.com/',
        prefix: 'https://management.azure.com/',
        names: ['user_impersonation'],
      },
    ],
    ['  OpenID   User.Read ', { oidc: ['openid'], resource: GRAPH, prefix: undefined, names: ['User.Read'] }],
  ])('%j is read', (scope, expected) => {
    expect(readScopes(scope)).toEqual(expected)
  })

  it.each([
    ['https://a.example.com/x https://b.example.com/y', 28000],
    ['User.Read https://b.example.com/y', 28000],
    ['api://app/.default api://app/read', 70011],
  ])('%j is refused with %i', (scope, code) => {
    expect(() => readScopes(scope)).toThrow(expect.objectContaining({ code }) as LoginError)
  })

  it('of the v1 endpoint is OpenID Connect and the one resource', () => {
    expect(v1Scope(new URLSearchParams())).toBe('openid profile offline_access')
    expect(v1Scope(new URLSearchParams({ resource: 'https://graph.microsoft.com' }))).toBe(
      'openid profile offline_access https://graph.microsoft.com/.default',
    )
  })
})
