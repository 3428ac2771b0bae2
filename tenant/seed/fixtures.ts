import type { Directory } from '../directory/directory.ts'
import { isoSecond } from '../lib/clock.ts'
import { EMPTY_GUID, guidFrom } from '../lib/ids.ts'
import { driveOf, type SeedEntity } from './drive.ts'

/** What every tenant has from its first day on, whoever is in it: its root site and its policies. */
export function fixtures(directory: Directory): readonly SeedEntity[] {
  return [...rootSite(directory), ...policies(), CUSTOM_TEMPLATE]
}

/** The template that every tenant has for applications that are not in the gallery. */
const CUSTOM_TEMPLATE: SeedEntity = {
  set: 'applicationTemplates',
  id: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
  data: {
    displayName: 'Custom',
    publisher: 'Microsoft',
    description: 'An application that is not in the gallery.',
    categories: [],
    supportedProvisioningTypes: [],
    supportedSingleSignOnModes: ['saml', 'password', 'oidc'],
  },
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
