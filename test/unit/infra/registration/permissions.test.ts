import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Api, checkPermissions, resourceAccess } from '../../../../infra/registration/permissions.ts'
import { nearest } from '../../../../lib/nearest.ts'

const graph: Api = {
  name: 'Microsoft Graph',
  appId: '00000003-0000-0000-c000-000000000000',
  servicePrincipalId: 'sp',
  appRoleIds: { 'Files.Read.All': 'r1', 'Files.ReadWrite.All': 'r2', 'User.Read.All': 'r3' },
  scopeIds: { 'User.Read': 's1', offline_access: 's2', 'Files.Read.All': 's3' },
}

describe('checkPermissions', () => {
  it('accepts what the API offers', () => {
    expect(checkPermissions(graph, { application: ['Files.Read.All'], delegated: ['User.Read'] })).toEqual([])
  })

  it('offers the nearest names for a misspelt one', () => {
    const [problem] = checkPermissions(graph, { application: ['Files.Raed.All'], delegated: [] })
    expect(problem).toEqual({
      path: ['permissions', 'Microsoft Graph', 'application', 0],
      message: 'Microsoft Graph has no application permission "Files.Raed.All"',
      fix: 'did you mean "Files.Read.All"',
    })
  })

  it('says so when the name is of the other kind', () => {
    const [problem] = checkPermissions(graph, { application: ['offline_access'], delegated: [] })
    expect(problem?.fix).toBe('it exists as delegated permission: move it there')
  })

  it('is not fooled by names every object has', () => {
    expect(checkPermissions(graph, { application: ['constructor'], delegated: ['toString'] })).toHaveLength(2)
  })
})

describe('resourceAccess', () => {
  it('does not depend on the order in the YAML', () => {
    const roles = Object.keys(graph.appRoleIds)
    const scopes = Object.keys(graph.scopeIds)
    const sorted = resourceAccess(graph, { application: roles, delegated: scopes })
    expect(sorted.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 's1', 's2', 's3'])
    fc.assert(
      fc.property(
        fc.shuffledSubarray(roles, { minLength: roles.length }),
        fc.shuffledSubarray(scopes, { minLength: scopes.length }),
        (application, delegated) => {
          expect(resourceAccess(graph, { application, delegated })).toEqual(sorted)
        },
      ),
    )
  })
})

describe('nearest', () => {
  it('finds the longer name people abbreviate', () => {
    expect(nearest('Files.ReadWrite', Object.keys(graph.appRoleIds))[0]).toBe('Files.ReadWrite.All')
  })

  it('offers nothing rather than nonsense', () => {
    expect(nearest('Calendar', ['offline_access'])).toEqual([])
  })
})
