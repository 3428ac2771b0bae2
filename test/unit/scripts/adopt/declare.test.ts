import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appDeclaration } from '../../../../infra/declaration/schema.ts'
import { planApplication } from '../../../../infra/registration/application-plan.ts'
import { accessList } from '../../../../infra/registration/list-order.ts'
import { resourceAccess } from '../../../../infra/registration/permissions.ts'
import { declareRegistration } from '../../../../scripts/adopt/declare.ts'
import type { ExistingRegistration, Names } from '../../../../scripts/adopt/registration.ts'
import { API, declarations } from './arbitrary.ts'
import { IDS, NAMES, registered } from './directory.ts'

const plain = registered('app', appDeclaration.parse({ displayName: 'App' }))
const adopted = (change: Partial<ExistingRegistration>, names: Partial<Names> = {}) =>
  declareRegistration('app', { ...plain, ...change }, { ...NAMES, ...names }, 'public')
const application = (change: object) => ({ application: { ...plain.application, ...change } })
const principal = (change: object) => ({ servicePrincipal: { ...plain.servicePrincipal, ...change } })

/** Equal for declarations that differ in the order of lists only. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(canonical).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, canonical(each)]),
  )
}

describe('declareRegistration', () => {
  it('takes over directory roles over the whole directory, and leaves others alone', () => {
    const assigned = (id: string, roleDefinitionId: string, directoryScopeId: string) => ({
      id,
      roleDefinitionId,
      directoryScopeId,
    })
    const { declaration, objects, leftAlone } = adopted({
      roleAssignments: [
        assigned('a1', '29232cdf-9323-42fd-ade2-1d097af3e4de', '/'),
        assigned('a2', '4a5d8f65-41da-4de4-8968-e035b65339cf', '/administrativeUnits/u'),
      ],
    })
    expect(declaration).toMatchObject({ directoryRoles: ['Exchange Administrator'] })
    expect(objects).toContainEqual({
      type: 'azuread:index/directoryRoleAssignment:DirectoryRoleAssignment',
      name: 'app-role-exchange-administrator',
      id: '/roleManagement/directory/roleAssignments/a1',
    })
    expect(leftAlone).toEqual([
      'the directory role Reports Reader over /administrativeUnits/u: declarations assign roles over the whole directory',
    ])
  })

  it('says of a registration just what was declared, whatever that was', () => {
    fc.assert(
      fc.property(declarations, (declared) => {
        const { declaration, notAdoptable } = declareRegistration(
          'app',
          registered('app', declared),
          NAMES,
          'public',
        )
        expect(notAdoptable).toEqual([])
        const user = (scope: (typeof declared.scopes)[string]) => ({
          ...scope,
          user: { ...(scope.user ?? scope.admin) },
        })
        const withTexts = (app: typeof declared) => ({
          ...app,
          // With personal accounts version 2 need not be said, and texts for users not where administrators read the same.
          accessTokenVersion:
            app.accessTokenVersion ?? (app.signInAudience === 'PersonalMicrosoftAccount' ? 2 : 1),
          scopes: Object.fromEntries(
            Object.entries(app.scopes).map(([value, scope]) => [value, user(scope)]),
          ),
        })
        expect(canonical(withTexts(appDeclaration.parse(declaration)))).toEqual(
          canonical(withTexts(declared)),
        )
      }),
    )
  })

  it('keeps the order that the directory has, where the provider compares it', () => {
    const found = declarations.chain((declared) => {
      const registration = registered('app', declared)
      const claims = registration.application['optionalClaims'] as Record<string, object[]> | null
      const shuffled = (list: object[] = []) => fc.shuffledSubarray(list, { minLength: list.length })
      return fc.record({
        registration: fc.constant(registration),
        idToken: shuffled(claims?.['idToken']),
        accesses: shuffled(
          (registration.application['requiredResourceAccess'] as { resourceAccess: object[] }[])[0]
            ?.resourceAccess,
        ),
      })
    })
    fc.assert(
      fc.property(found, ({ registration, idToken, accesses }) => {
        const { declaration, listOrder } = declareRegistration(
          'app',
          {
            ...registration,
            application: {
              ...registration.application,
              optionalClaims: { idToken },
              requiredResourceAccess:
                accesses.length > 0 ? [{ resourceAppId: API.appId, resourceAccess: accesses }] : [],
            },
          },
          NAMES,
          'public',
        )
        const app = appDeclaration.parse(declaration)
        const planned = planApplication(app, { scopes: {}, appRoles: {} }, listOrder).optionalClaims
        const names = (list: unknown) =>
          (list as { name: string }[] | undefined)?.map(({ name }) => name) ?? []
        expect(names((planned as { idTokens?: object[] } | undefined)?.idTokens)).toEqual(names(idToken))
        const asked = app.permissions[API.name]
        const api = { ...API, appRoleIds: API.roles, scopeIds: API.scopes }
        if (asked) expect(resourceAccess(api, asked, listOrder[accessList(API.appId)])).toEqual(accesses)
      }),
    )
  })

  it('says nothing of defaults', () => {
    expect(
      adopted({ owners: [{ id: IDS.deployerId }], servicePrincipalOwners: [{ id: IDS.deployerId }] }),
    ).toEqual({
      declaration: { displayName: 'App' },
      listOrder: {},
      objects: [
        { type: 'azuread:index/application:Application', name: 'app', id: `/applications/${IDS.objectId}` },
        {
          type: 'azuread:index/servicePrincipal:ServicePrincipal',
          name: 'app',
          id: `/servicePrincipals/${IDS.principalId}`,
        },
      ],
      leftAlone: [],
      notAdoptable: [],
      foreign: [],
    })
  })

  it('names what has a name', () => {
    const user = 'd0000000-0000-4000-8000-000000000001'
    const twin = 'd0000000-0000-4000-8000-000000000002'
    const client = 'd0000000-0000-4000-8000-000000000003'
    const { declaration } = adopted(
      {
        owners: [{ id: user }],
        ...application({ api: { knownClientApplications: [client] } }),
        assignedTo: [user, twin].map((principalId, i) => ({
          id: `assignment-${i}`,
          principalType: 'User',
          principalId,
          appRoleId: '00000000-0000-0000-0000-000000000000',
        })),
      },
      {
        principals: new Map([
          [user, 'ada.l@contoso.com'],
          [twin, 'ada-l@contoso.com'],
        ]),
        clients: new Map([[client, 'viewer']]),
      },
    )
    expect(declaration).toMatchObject({
      owners: ['ada.l@contoso.com'],
      deployerIsOwner: false,
      knownClients: ['viewer'],
      // The resources of both would have one name, so the second keeps its id.
      assignments: [{ user: 'ada.l@contoso.com' }, { user: twin }],
    })
  })
})

describe('consent', () => {
  const [role = '', otherRole = ''] = Object.values(API.roles)
  const asks = (...access: { id: string; type: string }[]) =>
    application({ requiredResourceAccess: [{ resourceAppId: API.appId, resourceAccess: access }] })
  const assignment = (appRoleId: string) => ({
    id: `a-${appRoleId}`,
    resourceId: API.servicePrincipalId,
    appRoleId,
  })
  const grant = (scope: string, consentType = 'AllPrincipals') => ({
    id: `g-${consentType}`,
    resourceId: API.servicePrincipalId,
    consentType,
    scope,
    principalId: consentType === 'Principal' ? 'ada' : null,
  })
  const scope = { id: API.scopes['Thing.Read'], type: 'Scope' }
  const all = asks({ id: role, type: 'Role' }, scope)

  it('is granted where all of it is', () => {
    const { declaration, objects, leftAlone } = adopted({
      ...all,
      assignments: [assignment(role)],
      grants: [grant('Thing.Read'), grant('Thing.Write', 'Principal')],
    })
    expect(declaration).toMatchObject({ consent: 'grant' })
    expect(objects.slice(2)).toEqual([
      {
        type: 'azuread:index/appRoleAssignment:AppRoleAssignment',
        name: 'app-some-api-Things.Read.All',
        id: `/servicePrincipals/${API.servicePrincipalId}/appRoleAssignedTo/a-${role}`,
      },
      {
        type: 'azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant',
        name: 'app-some-api-delegated',
        id: '/oauth2PermissionGrants/g-AllPrincipals',
      },
    ])
    expect(leftAlone).toEqual(['the consent to Thing.Write of Some API (delegated, for one person, ada)'])
  })

  it.each([
    ['without a role', { assignments: [], grants: [grant('Thing.Read')] }, { delegated: ['Thing.Read'] }],
    [
      'without a scope',
      { assignments: [assignment(role)], grants: [] },
      { application: ['Things.Read.All'] },
    ],
    [
      'with another scope',
      { assignments: [assignment(role)], grants: [grant('Thing.Write Thing.Read')] },
      { application: ['Things.Read.All'], delegated: ['Thing.Read', 'Thing.Write'] },
    ],
    [
      'with another role',
      { assignments: [assignment(role), assignment(otherRole)], grants: [grant('Thing.Read')] },
      { application: ['Things.Read.All', 'Things.Write'], delegated: ['Thing.Read'] },
    ],
  ])('is listed %s', (_, found, consented) => {
    const { declaration, objects, leftAlone } = adopted({ ...all, ...found })
    expect(declaration).toMatchObject({ consented: { [API.name]: consented } })
    expect(declaration).not.toHaveProperty('consent')
    expect(objects).toHaveLength(2 + found.assignments.length + found.grants.length)
    expect(leftAlone).toEqual([])
  })

  it('to what the API does not publish, or of an API that is not there, is left alone', () => {
    const { declaration, objects, leftAlone } = adopted({
      ...all,
      assignments: [{ id: 'x', resourceId: 'gone', appRoleId: 'r' }],
      grants: [grant('Thing.Retired')],
    })
    expect(declaration).not.toHaveProperty('consented')
    expect(objects).toHaveLength(2)
    expect(leftAlone).toEqual([
      'the consent to r of gone (application)',
      'the consent to Thing.Retired of Some API (delegated, for everyone)',
    ])
  })

  it('names permissions that the API does not publish by their ids, and the API that is not there by its own', () => {
    const unknown = 'd0000000-0000-4000-8000-000000000009'
    const { declaration } = adopted(asks({ id: unknown, type: 'Role' }), { apis: new Map() })
    expect(declaration).toMatchObject({ permissions: { [API.appId]: { application: [unknown] } } })
    expect(appDeclaration.safeParse(declaration).success).toBe(true)
  })
})

describe('what is not adopted', () => {
  it.each([
    [
      'no service principal',
      { servicePrincipal: undefined },
      /no service principal.*az ad sp create --id 0b/,
    ],
    [
      'a redirect URI without a path',
      application({ web: { redirectUris: ['https://a.example'] } }),
      /https:\/\/a\.example\/ in the/,
    ],
    [
      'a scope without a value',
      application({ api: { oauth2PermissionScopes: [{ id: 'x' }] } }),
      /scope x has no value/,
    ],
    [
      'a claim of another source',
      application({ optionalClaims: { idToken: [{ name: 'a', source: 'b' }] } }),
      /source "b"/,
    ],
    [
      'an API that is asked nothing',
      application({ requiredResourceAccess: [{ resourceAppId: API.appId, resourceAccess: [] }] }),
      /names the API Some API/,
    ],
  ])('%s is told with its fix', (_, change, wanted) => {
    const { servicePrincipal, ...rest } = { ...plain, ...change }
    const found = servicePrincipal ? { ...rest, servicePrincipal } : rest
    expect(declareRegistration('app', found, NAMES, 'public').notAdoptable).toEqual([
      expect.stringMatching(wanted),
    ])
  })

  it.each([
    ['a logo', application({ info: { logoUrl: 'https://logo' } }), /the logo/],
    ['what the provider does not know', application({ tokenEncryptionKeyId: 'x' }), /tokenEncryptionKeyId/],
    [
      'an identifier URI that the provider cannot import',
      application({ identifierUris: ['api://ab?x'] }),
      /the identifier URI api:\/\/ab\?x/,
    ],
    [
      'a client whose scopes are gone',
      application({ api: { preAuthorizedApplications: [{ appId: 'c', delegatedPermissionIds: ['gone'] }] } }),
      /the pre-authorised client c/,
    ],
    [
      'a federated credential that matches by an expression',
      { federatedCredentials: [{ id: 'x', name: 'flexible', audiences: ['a'], subject: null }] },
      /federated credential flexible/,
    ],
    [
      'an assignment to a role that is gone',
      { assignedTo: [{ id: 'x', principalType: 'User', principalDisplayName: 'Ada', appRoleId: 'gone' }] },
      /the assignment of Ada/,
    ],
    [
      'what others hold',
      { assignedTo: [{ id: 'x', principalType: 'ServicePrincipal', appRoleId: 'r' }] },
      /1 other application/,
    ],
  ])('%s is left alone', (_, change, wanted) => {
    const { leftAlone, declaration, notAdoptable } = adopted(change)
    expect(leftAlone).toEqual([expect.stringMatching(wanted)])
    expect(declaration).toEqual({ displayName: 'App' })
    expect(notAdoptable).toEqual([])
  })

  it('secrets and certificates of both objects are foreign', () => {
    const key = { keyId: 'k', displayName: null, endDateTime: '2027-01-01T00:00:00Z' }
    const { foreign } = adopted({
      ...application({ passwordCredentials: [{ ...key, displayName: 'of the portal' }] }),
      ...principal({ keyCredentials: [key] }),
    })
    expect(foreign).toEqual([
      {
        kind: 'secret',
        of: 'application',
        keyId: 'k',
        displayName: 'of the portal',
        endDate: '2027-01-01T00:00:00Z',
      },
      {
        kind: 'certificate',
        of: 'service principal',
        keyId: 'k',
        displayName: '',
        endDate: '2027-01-01T00:00:00Z',
      },
    ])
  })
})
