import type { Directory } from '../directory/directory.ts'
import { isoSecond } from '../lib/clock.ts'
import { EMPTY_GUID, guidFrom } from '../lib/ids.ts'
import { applicationTemplates } from './application-templates.ts'
import { driveOf, type SeedEntity } from './drive.ts'

/** What every tenant has from its first day on, whoever is in it: its root site, its policies, the gallery. */
export function fixtures(directory: Directory): readonly SeedEntity[] {
  return [...rootSite(directory), ...policies(), ...applicationTemplates]
}

function rootSite(directory: Directory): readonly SeedEntity[] {
  const at = isoSecond(directory.createdAt)
  const hostname = `${directory.domain.split('.')[0]}.sharepoint.com`
  const [collection, web] = ['site collection', 'web'].map((name) =>
    guidFrom(directory.tenantId, `root ${name}`),
  )
  const id = `${hostname},${collection},${web}`
  const webUrl = `https://${hostname}`
  const site = {
    set: 'sites',
    id,
    data: {
      createdDateTime: at,
      lastModifiedDateTime: at,
      name: '',
      displayName: 'Communication site',
      webUrl,
      root: {},
      siteCollection: { hostname },
      alias: 'root',
    },
  }
  const drive = driveOf(directory, {
    id,
    user: null,
    name: 'Documents',
    driveType: 'documentLibrary',
    webUrl: `${webUrl}/Shared%20Documents`,
    content: { 'Handbook.docx': 40_960 },
  })
  return [site, ...drive]
}

function policies(): readonly SeedEntity[] {
  return [
    {
      set: 'authorizationPolicy',
      id: 'authorizationPolicy',
      data: {
        displayName: 'Authorization Policy',
        description: 'Used to manage authorization related settings across the company.',
      },
    },
    {
      set: 'defaultAppManagementPolicy',
      id: EMPTY_GUID,
      data: {
        displayName: 'Default app management tenant policy',
        description: 'Default tenant policy that enforces app management restrictions on applications.',
      },
    },
  ]
}
