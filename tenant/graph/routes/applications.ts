import { anyOf, type RouteRow } from '../../request/route.ts'
import { addOwner, readApplications, writeOwned, writeOwnedOrDirectory } from './permissions.ts'

/** Applications and what hangs on them. */
export const applicationRows: readonly RouteRow[] = [
  ['GET', '/applications', 'list', readApplications, 'List applications'],
  ['GET', '/applications/delta', 'delta', readApplications, 'application: delta'],
  ['GET', '/applications/$count', 'count', readApplications, 'List applications'],
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
  ['PUT', '/applications/{id}/logo', 'putLogo', writeOwned, 'Update application'],
  ['GET', '/applications/{id}/appRoles', 'getProperty', readApplications, 'Get application'],
  ['GET', '/applications/{id}/logo', 'getLogo', readApplications, 'Get application'],
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

/** Federated identity credentials of applications. */
export const federatedCredentialRows: readonly RouteRow[] = (
  [
    ['GET', '', 'list', readApplications, 'List federatedIdentityCredentials'],
    ['POST', '', 'create', writeOwned, 'Create federatedIdentityCredential'],
    ['GET', '/{credentialId}', 'get', readApplications, 'Get federatedIdentityCredential'],
    ['PATCH', '/{credentialId}', 'update', writeOwned, 'Update federatedIdentityCredential'],
    ['DELETE', '/{credentialId}', 'delete', writeOwned, 'Delete federatedIdentityCredential'],
  ] as const
).map(([method, path, ...row]) => [method, `/applications/{id}/federatedIdentityCredentials${path}`, ...row])

/** Templates of the application gallery. */
export const templateRows: readonly RouteRow[] = [
  ['GET', '/applicationTemplates', 'list', readApplications, 'List applicationTemplates'],
  ['GET', '/applicationTemplates/{id}', 'get', readApplications, 'Get applicationTemplate'],
  [
    'POST',
    '/applicationTemplates/{id}/instantiate',
    'instantiate',
    anyOf('Application.ReadWrite.OwnedBy', 'Application.ReadWrite.All'),
    'applicationTemplate: instantiate',
  ],
]
