/** Types of resources that can stand for an object that exists already. */
export const IMPORTED_TYPES = {
  application: 'azuread:index/application:Application',
  assignment: 'azuread:index/appRoleAssignment:AppRoleAssignment',
  directoryRole: 'azuread:index/directoryRoleAssignment:DirectoryRoleAssignment',
  federated: 'azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential',
  flexible:
    'azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential',
  grant: 'azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant',
  identifierUri: 'azuread:index/applicationIdentifierUri:ApplicationIdentifierUri',
  preAuthorized: 'azuread:index/applicationPreAuthorized:ApplicationPreAuthorized',
  servicePrincipal: 'azuread:index/servicePrincipal:ServicePrincipal',
} as const

/** The ids that the provider imports objects by. */
export const importId = {
  application: (objectId: string): string => `/applications/${objectId}`,
  /** @param resource object id of the API's service principal */
  assignment: (resource: string, assignment: string): string =>
    `/servicePrincipals/${resource}/appRoleAssignedTo/${assignment}`,
  directoryRole: (assignment: string): string => `/roleManagement/directory/roleAssignments/${assignment}`,
  federated: (objectId: string, credential: string): string =>
    `${objectId}/federatedIdentityCredential/${credential}`,
  grant: (grant: string): string => `/oauth2PermissionGrants/${grant}`,
  /**
   * @returns undefined where the provider cannot read it: nothing behind a slash of the base64 alphabet, which a question
   *   mark can lead to
   */
  identifierUri: (objectId: string, uri: string): string | undefined => {
    const encoded = Buffer.from(uri).toString('base64')
    return encoded.includes('/') ? undefined : `/applications/${objectId}/identifierUris/${encoded}`
  },
  preAuthorized: (objectId: string, clientId: string): string =>
    `${objectId}/preAuthorizedApplication/${clientId}`,
  servicePrincipal: (objectId: string): string => `/servicePrincipals/${objectId}`,
}
