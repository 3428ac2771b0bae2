import { anyOf, type Requirement, type RouteRow } from '../../request/route.ts'

const readFiles = anyOf('Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All')

const readSites = anyOf('Sites.Read.All', 'Sites.ReadWrite.All')

const readMyFiles = [...anyOf('Files.Read', 'Files.ReadWrite'), ...readFiles]

function itemRows(drive: string, read: readonly Requirement[]): readonly RouteRow[] {
  return [
    ['GET', `${drive}/root`, 'get', read, 'Get driveItem'],
    ['GET', `${drive}/root/children`, 'list', read, 'List children of a driveItem'],
    ['GET', `${drive}/items/{itemId}`, 'get', read, 'Get driveItem'],
    ['GET', `${drive}/items/{itemId}/children`, 'list', read, 'List children of a driveItem'],
  ]
}

/** OneDrive of users and the document library of the root site. */
export const fileRows: readonly RouteRow[] = [
  ['GET', '/users/{id}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/users/{id}/drives', 'list', readFiles, 'List available drives'],
  ['GET', '/me/drive', 'get', readMyFiles, 'Get drive'],
  ['GET', '/me/drives', 'list', readMyFiles, 'List available drives'],
  ['GET', '/sites/{siteId}', 'get', readSites, 'Get a site resource'],
  ['GET', '/sites/{siteId}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/sites/{siteId}/drives', 'list', readFiles, 'List available drives'],
  ...['/users/{id}/drive', '/sites/{siteId}/drive', '/drives/{driveId}'].flatMap((drive) =>
    itemRows(drive, readFiles),
  ),
  ...itemRows('/me/drive', readMyFiles),
  ['GET', '/drives/{driveId}', 'get', readFiles, 'Get drive'],
]
