// The applications of bench/applications.ts, as a person would write them for Pulumi, without a component.
import * as azuread from '@pulumi/azuread'

const size = Number(process.env['BENCH_SIZE'])
const ROLES = ['Files.Read.All', 'User.Read.All']
const SCOPES = ['User.Read', 'offline_access']

const { objectId: deployer } = await azuread.getClientConfig()
const graph = await azuread.getServicePrincipal({ clientId: '00000003-0000-0000-c000-000000000000' })

for (let i = 0; i < size; i++) {
  const application = new azuread.Application(`app-${i}`, {
    displayName: `App ${i}`,
    owners: [deployer],
    web: { redirectUris: ['https://files.example.com/cb'] },
    singlePageApplication: { redirectUris: ['http://localhost:5173/'] },
    requiredResourceAccesses: [
      {
        resourceAppId: graph.clientId,
        resourceAccesses: [
          ...ROLES.map((role) => ({ id: graph.appRoleIds[role] ?? '', type: 'Role' })),
          ...SCOPES.map((scope) => ({ id: graph.oauth2PermissionScopeIds[scope] ?? '', type: 'Scope' })),
        ],
      },
    ],
  })
  const servicePrincipal = new azuread.ServicePrincipal(`app-${i}`, {
    clientId: application.clientId,
    owners: [deployer],
  })
  new azuread.ApplicationPassword(`app-${i}`, { applicationId: application.id, displayName: 'OneDrive' })
  for (const role of ROLES) {
    new azuread.AppRoleAssignment(`app-${i}-${role}`, {
      appRoleId: graph.appRoleIds[role] ?? '',
      principalObjectId: servicePrincipal.objectId,
      resourceObjectId: graph.objectId,
    })
  }
  new azuread.ServicePrincipalDelegatedPermissionGrant(`app-${i}`, {
    servicePrincipalObjectId: servicePrincipal.objectId,
    resourceServicePrincipalObjectId: graph.objectId,
    claimValues: SCOPES,
  })
}
