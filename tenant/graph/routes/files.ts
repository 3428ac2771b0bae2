import { anyOf, type RouteRow } from './route.ts'

const readFiles = anyOf('Files.Read.All', 'Files.ReadWrite.All', 'Sites.Read.All', 'Sites.ReadWrite.All')

const readSites = anyOf('Sites.Read.All', 'Sites.ReadWrite.All')

/** OneDrive of users and the document library of the root site. */
export const fileRows: readonly RouteRow[] = [
  ['GET', '/users/{id}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/users/{id}/drives', 'list', readFiles, 'List available drives'],
  ['GET', '/sites/{siteId}', 'get', readSites, 'Get a site resource'],
  ['GET', '/sites/{siteId}/drive', 'get', readFiles, 'Get drive'],
  ['GET', '/sites/{siteId}/drives', 'list', readFiles, 'List available drives'],
  ...(['/users/{id}/drive', '/sites/{siteId}/drive', '/drives/{driveId}'] as const).flatMap(
    (drive): RouteRow[] => [
      ['GET', `${drive}/root`, 'get', readFiles, 'Get driveItem'],
      ['GET', `${drive}/root/children`, 'list', readFiles, 'List children of a driveItem'],
      ['GET', `${drive}/items/{itemId}`, 'get', readFiles, 'Get driveItem'],
      ['GET', `${drive}/items/{itemId}/children`, 'list', readFiles, 'List children of a driveItem'],
    ],
  ),
  ['GET', '/drives/{driveId}', 'get', readFiles, 'Get drive'],
]
