import { anyOf, type RouteRow } from '../../request/route.ts'
import { membershipRows } from './people.ts'
import {
  addOwner,
  assignAppRole,
  readApplications,
  readGrants,
  writeGrants,
  writeOwnedOrDirectory,
} from './permissions.ts'

/** Service principals, and the app roles granted to and on them. */
export const servicePrincipalRows: readonly RouteRow[] = [
  ['GET', '/servicePrincipals', 'list', readApplications, 'List servicePrincipals'],
  ['GET', '/servicePrincipals/delta', 'delta', readApplications, 'servicePrincipal: delta'],
  ['GET', '/servicePrincipals/$count', 'count', readApplications, 'List servicePrincipals'],
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
  ['GET', '/servicePrincipals/{id}/appRoles', 'getProperty', readApplications, 'Get servicePrincipal'],
  [
    'GET',
    '/servicePrincipals/{id}/oauth2PermissionScopes',
    'getProperty',
    readApplications,
    'Get servicePrincipal',
  ],
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
  [
    'POST',
    '/servicePrincipals/{id}/addTokenSigningCertificate',
    'addTokenSigningCertificate',
    writeOwnedOrDirectory,
    'servicePrincipal: addTokenSigningCertificate',
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
  [
    'GET',
    '/servicePrincipals/{id}/ownedObjects',
    'list',
    readApplications,
    'servicePrincipal: List ownedObjects',
  ],
  ...membershipRows('/servicePrincipals/{id}', readApplications),
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

/** Delegated permissions. */
export const grantRows: readonly RouteRow[] = [
  ['GET', '/oauth2PermissionGrants', 'list', readGrants, 'List oauth2PermissionGrants'],
  ['POST', '/oauth2PermissionGrants', 'create', writeGrants, 'Create oAuth2PermissionGrant'],
  ['GET', '/oauth2PermissionGrants/{id}', 'get', readGrants, 'Get oAuth2PermissionGrant'],
  ['PATCH', '/oauth2PermissionGrants/{id}', 'update', writeGrants, 'Update oAuth2PermissionGrant'],
  ['DELETE', '/oauth2PermissionGrants/{id}', 'delete', writeGrants, 'Delete oAuth2PermissionGrant'],
]
