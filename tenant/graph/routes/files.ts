import { anyOf, entityRows, type Requirement, type RouteRow } from '../../request/route.ts'

/** Enough on the sites that grant the application a role, and nowhere else. */
const onSelectedSites: readonly Requirement[] = [{ allOf: ['Sites.Selected'], onGrantedSite: true }]

const wholeSites = ['Sites.Read.All', 'Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.FullControl.All']

const readFiles = anyOf('Files.Read.All', 'Files.ReadWrite.All', ...wholeSites)

const readSiteFiles = [...readFiles, ...onSelectedSites]

const readSites = [...anyOf(...wholeSites), ...onSelectedSites]

const controlSites = anyOf('Sites.FullControl.All')

const readMyFiles = [...anyOf('Files.Read', 'Files.ReadWrite'), ...readFiles]

function itemRows(drive: string, read: readonly Requirement[]): readonly RouteRow[] {
  return [
    ['GET', `${drive}/root`, 'get', read, 'Get driveItem'],
    ['GET', `${drive}/root/children`, 'list', read, 'List children of a driveItem'],
    ['GET', `${drive}/items/{itemId}`, 'get', read, 'Get driveItem'],
    ['GET', `${drive}/items/{itemId}/children`, 'list', read, 'List children of a driveItem'],
  ]
}

/** OneDrive of users, sites with their document libraries, and what sites grant to applications. */
export const fileRows: readonly RouteRow[] = [
  ['GET', '/users/{id}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/users/{id}/drives', 'list', readFiles, 'List available drives'],
  ['GET', '/me/drive', 'get', readMyFiles, 'Get drive'],
  ['GET', '/me/drives', 'list', readMyFiles, 'List available drives'],
  ['GET', '/sites', 'list', anyOf(...wholeSites), 'List sites'],
  ['GET', '/sites/{siteId}', 'get', readSites, 'Get a site resource'],
  ...entityRows({
    address: '/sites/{siteId}/permissions',
    key: 'permissionId',
    read: controlSites,
    write: controlSites,
    resource: 'permission on a site',
    plural: 'permissions on a site',
  }),
  ['GET', '/sites/{siteId}/drive', 'get', readSiteFiles, 'Get drive'],
  ['GET', '/sites/{siteId}/drives', 'list', readSiteFiles, 'List available drives'],
  ...itemRows('/users/{id}/drive', readFiles),
  ...['/sites/{siteId}/drive', '/drives/{driveId}'].flatMap((drive) => itemRows(drive, readSiteFiles)),
  ...itemRows('/me/drive', readMyFiles),
  ['GET', '/drives/{driveId}', 'get', readSiteFiles, 'Get drive'],
]
