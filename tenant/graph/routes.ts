/** What is done with the resource that a path leads to. */
export type Operation =
  | 'list'
  | 'get'
  | 'create'
  | 'update'
  | 'delete'
  | 'addPassword'
  | 'removePassword'
  | 'addReference'
  | 'removeReference'
  | 'getDirectoryObject'

/** One way to be allowed: all of these application permissions together. */
export interface Requirement {
  readonly allOf: readonly string[]
  /**
   * Enough only when the caller owns what it acts on: the object that the path names first (`target`), or the
   * application behind the service principal to create (`backingApplication`).
   */
  readonly owning?: 'target' | 'backingApplication'
}

/** One line of the coverage table: what is served, who may call it, and which page of Microsoft's says so. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/v1.0` and `/beta`. */
  readonly path: string
  readonly operation: Operation
  readonly allowed: readonly Requirement[]
  /** Title of the page in the Microsoft Graph reference. */
  readonly source: string
}

/** Any one of these permissions is enough. */
const anyOf = (...permissions: readonly string[]): readonly Requirement[] =>
  permissions.map((permission) => ({ allOf: [permission] }))

const readApplications = anyOf(
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Application.ReadWrite.OwnedBy',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const writeOwned: readonly Requirement[] = [
  ...anyOf('Application.ReadWrite.All'),
  { allOf: ['Application.ReadWrite.OwnedBy'], owning: 'target' },
]

const writeOwnedOrDirectory: readonly Requirement[] = [...writeOwned, ...anyOf('Directory.ReadWrite.All')]

const addOwner: readonly Requirement[] = [
  { allOf: ['Application.ReadWrite.All', 'Directory.Read.All'] },
  { allOf: ['Application.ReadWrite.OwnedBy', 'Directory.Read.All'], owning: 'target' },
  ...anyOf('Directory.ReadWrite.All'),
]

const assignAppRole: readonly Requirement[] = ['Application.Read.All', 'Directory.Read.All'].map((read) => ({
  allOf: ['AppRoleAssignment.ReadWrite.All', read],
}))

const readGrants = anyOf(
  'DelegatedPermissionGrant.Read.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const writeGrants = anyOf('DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All')

const readUsers = anyOf(
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const readFiles = anyOf('Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All')

const readOrganization = anyOf(
  'Organization.Read.All',
  'Organization.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'User.Read.All',
)

const readDomains = anyOf('Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All')

type RouteRow = [
  method: Route['method'],
  path: string,
  operation: Operation,
  allowed: readonly Requirement[],
  source: string,
]

const applicationRows: readonly RouteRow[] = [
  ['GET', '/applications', 'list', readApplications, 'List applications'],
  [
    'POST',
    '/applications',
    'create',
    anyOf('Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'),
    'Create application',
  ],
  ['GET', '/applications/{id}', 'get', readApplications, 'Get application'],
  ['PATCH', '/applications/{id}', 'update', writeOwned, 'Update application'],
  ['DELETE', '/applications/{id}', 'delete', writeOwned, 'Delete application'],
  [
    'POST',
    '/applications/{id}/addPassword',
    'addPassword',
    writeOwnedOrDirectory,
    'application: addPassword',
  ],
  [
    'POST',
    '/applications/{id}/removePassword',
    'removePassword',
    writeOwnedOrDirectory,
    'application: removePassword',
  ],
  ['GET', '/applications/{id}/owners', 'list', readApplications, 'List owners of an application'],
  ['POST', '/applications/{id}/owners/$ref', 'addReference', addOwner, 'Add owner'],
  [
    'DELETE',
    '/applications/{id}/owners/{ownerId}/$ref',
    'removeReference',
    writeOwnedOrDirectory,
    'Remove owner',
  ],
]

const federatedCredentialRows: readonly RouteRow[] = (
  [
    ['GET', '', 'list', readApplications, 'List federatedIdentityCredentials'],
    ['POST', '', 'create', writeOwned, 'Create federatedIdentityCredential'],
    ['GET', '/{credentialId}', 'get', readApplications, 'Get federatedIdentityCredential'],
    ['PATCH', '/{credentialId}', 'update', writeOwned, 'Update federatedIdentityCredential'],
    ['DELETE', '/{credentialId}', 'delete', writeOwned, 'Delete federatedIdentityCredential'],
  ] as const
).map(([method, path, ...row]) => [method, `/applications/{id}/federatedIdentityCredentials${path}`, ...row])

const servicePrincipalRows: readonly RouteRow[] = [
  ['GET', '/servicePrincipals', 'list', readApplications, 'List servicePrincipals'],
  [
    'POST',
    '/servicePrincipals',
    'create',
    [
      ...anyOf('Application.ReadWrite.All', 'Directory.ReadWrite.All'),
      { allOf: ['Application.ReadWrite.OwnedBy'], owning: 'backingApplication' },
    ],
    'Create servicePrincipal',
  ],
  ['GET', '/servicePrincipals/{id}', 'get', readApplications, 'Get servicePrincipal'],
  ['PATCH', '/servicePrincipals/{id}', 'update', writeOwnedOrDirectory, 'Update servicePrincipal'],
  ['DELETE', '/servicePrincipals/{id}', 'delete', writeOwnedOrDirectory, 'Delete servicePrincipal'],
  [
    'POST',
    '/servicePrincipals/{id}/addPassword',
    'addPassword',
    writeOwnedOrDirectory,
    'servicePrincipal: addPassword',
  ],
  [
    'POST',
    '/servicePrincipals/{id}/removePassword',
    'removePassword',
    writeOwnedOrDirectory,
    'servicePrincipal: removePassword',
  ],
  ['GET', '/servicePrincipals/{id}/owners', 'list', readApplications, 'List owners of a service principal'],
  ['POST', '/servicePrincipals/{id}/owners/$ref', 'addReference', addOwner, 'Add owner'],
  [
    'DELETE',
    '/servicePrincipals/{id}/owners/{ownerId}/$ref',
    'removeReference',
    writeOwnedOrDirectory,
    'Remove owner',
  ],
  ...(['appRoleAssignedTo', 'appRoleAssignments'] as const).flatMap((side): RouteRow[] => [
    ['GET', `/servicePrincipals/{id}/${side}`, 'list', readApplications, `List ${side}`],
    ['POST', `/servicePrincipals/{id}/${side}`, 'create', assignAppRole, 'Grant an appRoleAssignment'],
    [
      'GET',
      `/servicePrincipals/{id}/${side}/{assignmentId}`,
      'get',
      readApplications,
      'Get appRoleAssignment',
    ],
    [
      'DELETE',
      `/servicePrincipals/{id}/${side}/{assignmentId}`,
      'delete',
      anyOf('AppRoleAssignment.ReadWrite.All'),
      'Delete appRoleAssignment',
    ],
  ]),
  [
    'GET',
    '/servicePrincipals/{id}/oauth2PermissionGrants',
    'list',
    readGrants,
    'List oauth2PermissionGrants of a servicePrincipal',
  ],
]

const grantRows: readonly RouteRow[] = [
  ['GET', '/oauth2PermissionGrants', 'list', readGrants, 'List oauth2PermissionGrants'],
  ['POST', '/oauth2PermissionGrants', 'create', writeGrants, 'Create oAuth2PermissionGrant'],
  ['GET', '/oauth2PermissionGrants/{id}', 'get', readGrants, 'Get oAuth2PermissionGrant'],
  ['PATCH', '/oauth2PermissionGrants/{id}', 'update', writeGrants, 'Update oAuth2PermissionGrant'],
  ['DELETE', '/oauth2PermissionGrants/{id}', 'delete', writeGrants, 'Delete oAuth2PermissionGrant'],
]

const directoryRows: readonly RouteRow[] = [
  [
    'GET',
    '/directoryObjects/{id}',
    'getDirectoryObject',
    anyOf('Directory.Read.All', 'Directory.ReadWrite.All'),
    'Get directoryObject',
  ],
  ['GET', '/organization', 'list', readOrganization, 'List organizations'],
  ['GET', '/organization/{id}', 'get', readOrganization, 'Get organization'],
  ['GET', '/domains', 'list', readDomains, 'List domains'],
  ['GET', '/domains/{id}', 'get', readDomains, 'Get domain'],
  ['GET', '/users', 'list', readUsers, 'List users'],
  ['GET', '/users/{id}', 'get', readUsers, 'Get user'],
]

const fileRows: readonly RouteRow[] = [
  ['GET', '/users/{id}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/users/{id}/drives', 'list', readFiles, 'List available drives'],
  ...(['/users/{id}/drive', '/drives/{driveId}'] as const).flatMap((drive): RouteRow[] => [
    ['GET', `${drive}/root`, 'get', readFiles, 'Get driveItem'],
    ['GET', `${drive}/root/children`, 'list', readFiles, 'List children of a driveItem'],
    ['GET', `${drive}/items/{itemId}`, 'get', readFiles, 'Get driveItem'],
    ['GET', `${drive}/items/{itemId}/children`, 'list', readFiles, 'List children of a driveItem'],
  ]),
  ['GET', '/drives/{driveId}', 'get', readFiles, 'Get drive'],
]

/** Every Graph route this tenant serves, under `/v1.0` and `/beta` alike. Whatever is not here is answered 501. */
export const routes: readonly Route[] = [
  ...applicationRows,
  ...federatedCredentialRows,
  ...servicePrincipalRows,
  ...grantRows,
  ...directoryRows,
  ...fileRows,
].map(([method, path, operation, allowed, source]) => ({ method, path, operation, allowed, source }))
