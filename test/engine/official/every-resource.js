import { readFileSync } from 'node:fs'
import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'

/**
 * Each resource type and data source of the provider that the local tenant is made for, in one of two states: before
 * (`one`) and after (`two`) an update.
 */
const config = new pulumi.Config()
const state = config.require('state')
const updated = state === 'two'
const certificate = readFileSync(config.require('certificateFile'), 'utf8')
const caller = await azuread.getClientConfig()
const domains = await azuread.getDomains()
const upnDomain = domains.domains[0]?.domainName ?? ''
const manager = new azuread.User('manager', {
  userPrincipalName: `manager@${upnDomain}`,
  displayName: 'Manager',
  password: 'S3cret!pass',
})
const user = new azuread.User('worker', {
  userPrincipalName: `worker@${upnDomain}`,
  displayName: `Worker ${state}`,
  password: 'S3cret!pass',
  managerId: updated ? undefined : manager.objectId,
  department: state,
  employeeId: 'E1',
  costCenter: 'c',
  businessPhones: ['+31 20 123'],
  usageLocation: 'NL',
})
const group = new azuread.Group('team', {
  displayName: `Team ${state}`,
  securityEnabled: true,
  owners: [caller.objectId, manager.objectId],
  members: updated ? [user.objectId, manager.objectId] : [user.objectId],
  description: state,
})
const group2 = new azuread.Group('outer', { displayName: 'Outer', securityEnabled: true })
const unified = new azuread.Group('unified', {
  displayName: 'Unified',
  types: ['Unified'],
  mailEnabled: true,
  mailNickname: 'unified-g',
  securityEnabled: true,
  owners: [caller.objectId],
})
const dynamic = new azuread.Group('dynamic', {
  displayName: 'Dynamic',
  types: ['DynamicMembership'],
  securityEnabled: true,
  dynamicMembership: { enabled: true, rule: 'user.department -eq "one"' },
})
new azuread.GroupMember('nested', { groupObjectId: group2.objectId, memberObjectId: group.objectId })
const app = new azuread.Application('full', {
  displayName: `Full ${state}`,
  description: state,
  notes: state,
  owners: [manager.objectId],
  preventDuplicateNames: true,
  identifierUris: [`https://${upnDomain}/full-${state}`],
  tags: [state],
  signInAudience: 'AzureADMyOrg',
  groupMembershipClaims: ['SecurityGroup', 'ApplicationGroup'],
  api: {
    requestedAccessTokenVersion: 2,
    mappedClaimsEnabled: true,
    oauth2PermissionScopes: [
      {
        id: '96183846-204b-4b43-82e1-5d2222eb4b9b',
        adminConsentDescription: 'd',
        adminConsentDisplayName: `n ${state}`,
        enabled: true,
        type: 'User',
        value: 'user_impersonation',
        userConsentDescription: 'u',
        userConsentDisplayName: 'u',
      },
    ],
  },
  appRoles: [
    {
      id: '1b19509b-32b1-4e9f-b71d-4992aa991967',
      allowedMemberTypes: ['User', 'Application'],
      description: `r ${state}`,
      displayName: 'Admin',
      enabled: true,
      value: 'admin',
    },
  ],
  optionalClaims: {
    accessTokens: [{ name: 'groups', essential: updated, additionalProperties: ['sam_account_name'] }],
    idTokens: [{ name: 'email' }],
  },
  requiredResourceAccesses: [
    {
      resourceAppId: '00000003-0000-0000-c000-000000000000',
      resourceAccesses: [
        { id: 'df021288-bdef-4463-88db-98f22de89214', type: 'Role' },
        { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
      ],
    },
  ],
  web: {
    homepageUrl: 'https://app.example.net',
    logoutUrl: 'https://app.example.net/logout',
    redirectUris: ['https://app.example.net/a', `https://app.example.net/${state}`],
    implicitGrant: { accessTokenIssuanceEnabled: updated, idTokenIssuanceEnabled: true },
  },
  singlePageApplication: { redirectUris: ['https://spa.example.net/'] },
  publicClient: { redirectUris: ['http://localhost/x'] },
  oauth2PostResponseRequired: true,
  fallbackPublicClientEnabled: updated,
  marketingUrl: 'https://m.example.net',
  supportUrl: 'https://s.example.net',
  logoImage:
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  password: { displayName: 'inline' },
})
const sp = new azuread.ServicePrincipal('full', {
  clientId: app.clientId,
  description: state,
  owners: [caller.objectId],
  appRoleAssignmentRequired: updated,
  notes: state,
  notificationEmailAddresses: ['a@b.cd'],
  preferredSingleSignOnMode: 'oidc',
  alternativeNames: ['alt'],
  loginUrl: 'https://l.example.net',
  featureTags: [{ enterprise: true, gallery: false }],
})
const registration = new azuread.ApplicationRegistration('split', {
  displayName: `Split ${state}`,
  description: state,
  requestedAccessTokenVersion: 2,
  homepageUrl: 'https://h.example.net/',
})
new azuread.ApplicationRedirectUris('w', {
  applicationId: registration.id,
  type: 'Web',
  redirectUris: [`https://w.example.net/${state}`],
})
new azuread.ApplicationRedirectUris('s', {
  applicationId: registration.id,
  type: 'SPA',
  redirectUris: ['https://s.example.net/'],
})
new azuread.ApplicationApiAccess('api', {
  applicationId: registration.id,
  apiClientId: '00000003-0000-0000-c000-000000000000',
  roleIds: ['df021288-bdef-4463-88db-98f22de89214'],
  scopeIds: updated ? ['e1fe6dd8-ba31-4d61-89e7-88639da4683d'] : [],
})
new azuread.ApplicationAppRole('r', {
  applicationId: registration.id,
  roleId: '2b19509b-32b1-4e9f-b71d-4992aa991967',
  allowedMemberTypes: ['User'],
  displayName: `R ${state}`,
  description: 'x',
  value: 'r',
})
const scope = new azuread.ApplicationPermissionScope('sc', {
  applicationId: registration.id,
  scopeId: '3b19509b-32b1-4e9f-b71d-4992aa991967',
  value: 'read',
  adminConsentDescription: state,
  adminConsentDisplayName: 'x',
})
new azuread.ApplicationKnownClients('k', { applicationId: registration.id, knownClientIds: [app.clientId] })
new azuread.ApplicationOwner('o', { applicationId: registration.id, ownerObjectId: user.objectId })
new azuread.ApplicationIdentifierUri('i', {
  applicationId: registration.id,
  identifierUri: `https://${upnDomain}/split`,
})
new azuread.ApplicationOptionalClaims('oc', {
  applicationId: registration.id,
  accessTokens: [{ name: 'myclaim', essential: updated }],
})
new azuread.ApplicationPreAuthorized(
  'pa',
  { applicationId: registration.id, authorizedClientId: app.clientId, permissionIds: [scope.scopeId] },
  { dependsOn: scope },
)
new azuread.ApplicationPassword('pw', {
  applicationId: app.id,
  displayName: 'extra',
  endDate: '2036-01-01T00:00:00Z',
})
new azuread.ApplicationCertificate('cert', {
  applicationId: app.id,
  type: 'AsymmetricX509Cert',
  value: certificate,
})
new azuread.ApplicationFederatedIdentityCredential('fic', {
  applicationId: app.id,
  displayName: 'github',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: `repo:o/r:ref:refs/heads/${state}`,
  audiences: ['api://AzureADTokenExchange'],
  description: state,
})
new azuread.ServicePrincipalPassword('spw', { servicePrincipalId: sp.id, displayName: 'sp secret' })
new azuread.ServicePrincipalCertificate('spc', {
  servicePrincipalId: sp.id,
  type: 'AsymmetricX509Cert',
  value: certificate,
})
const graph = new azuread.ServicePrincipal('graph', {
  clientId: '00000003-0000-0000-c000-000000000000',
  useExisting: true,
})
new azuread.ServicePrincipalDelegatedPermissionGrant('g', {
  servicePrincipalObjectId: sp.objectId,
  resourceServicePrincipalObjectId: graph.objectId,
  claimValues: updated ? ['User.Read', 'openid'] : ['User.Read'],
})
new azuread.AppRoleAssignment('ra', {
  appRoleId: 'df021288-bdef-4463-88db-98f22de89214',
  principalObjectId: sp.objectId,
  resourceObjectId: graph.objectId,
})
new azuread.AppRoleAssignment('rg', {
  appRoleId: '1b19509b-32b1-4e9f-b71d-4992aa991967',
  principalObjectId: group.objectId,
  resourceObjectId: sp.objectId,
})
const template = await azuread.getApplicationTemplate({ displayName: 'Custom' })
// Who makes an application from a template owns it, and the provider leaves that so. The template's roles come with it.
new azuread.Application(
  'templated',
  { displayName: `Templated ${state}`, templateId: template.templateId, owners: [caller.objectId] },
  { ignoreChanges: ['appRoles', 'appRoleIds'] },
)
export const read = {
  application: azuread.getApplicationOutput({ clientId: app.clientId }).displayName,
  servicePrincipal: azuread.getServicePrincipalOutput({ objectId: sp.objectId }).displayName,
  servicePrincipals: azuread.getServicePrincipalsOutput({ clientIds: [sp.clientId] }).displayNames,
  group: azuread.getGroupOutput({ objectId: group.objectId }).description,
  groups: azuread.getGroupsOutput({ objectIds: [group.objectId, unified.objectId, dynamic.objectId] })
    .displayNames,
  user: azuread.getUserOutput({ objectId: user.objectId }).department,
  users: azuread.getUsersOutput({ objectIds: [user.objectId, manager.objectId] }).userPrincipalNames,
  directoryObject: azuread.getDirectoryObjectOutput({ objectId: group.objectId }).type,
  graph: azuread.getApplicationPublishedAppIdsOutput().apply(({ result }) => result?.['MicrosoftGraph']),
}
