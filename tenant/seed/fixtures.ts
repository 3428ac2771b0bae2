import { BUILT_IN_ROLES } from '../../microsoft/built-in-roles.ts'
import { DIRECTORY_ROLES } from '../../microsoft/directory-roles.ts'
import type { Directory } from '../directory/directory.ts'
import { isoSecond } from '../lib/clock.ts'
import { EMPTY_GUID, guidFrom } from '../lib/ids.ts'
import { applicationTemplates } from './application-templates.ts'
import { driveOf, type SeedEntity, type SeedFolder } from './drive.ts'

/** What every tenant has from its first day on, whoever is in it: its sites, its policies, the gallery. */
export function fixtures(directory: Directory): readonly SeedEntity[] {
  return [...sites(directory), ...policies(), ...directoryRoles(directory), ...applicationTemplates]
}

/** The root site and those of two teams, by their paths. */
const SITES = [
  { path: '', displayName: 'Communication site', content: { 'Handbook.docx': 40_960 } },
  { path: '/sites/finance', displayName: 'Finance', content: { 'Budget.xlsx': 81_920 } },
  { path: '/sites/projects', displayName: 'Projects', content: { 'Plan.pptx': 163_840 } },
]

function sites(directory: Directory): readonly SeedEntity[] {
  return SITES.flatMap((site) => siteWithDrive(directory, site))
}

/** A site and the library of its files; the site comes first. */
export function siteWithDrive(
  directory: Directory,
  {
    path,
    displayName,
    content,
  }: { readonly path: string; readonly displayName: string; readonly content: SeedFolder },
): readonly SeedEntity[] {
  const at = isoSecond(directory.createdAt)
  const isRoot = path === ''
  const hostname = `${directory.domain.split('.')[0]}.sharepoint.com`
  const [collection, web] = ['site collection', 'web'].map((name) =>
    guidFrom(directory.tenantId, `${isRoot ? 'root' : path} ${name}`),
  )
  const id = `${hostname},${collection},${web}`
  const webUrl = `https://${hostname}${path}`
  const site = {
    set: 'sites',
    id,
    data: {
      createdDateTime: at,
      lastModifiedDateTime: at,
      name: path.split('/').at(-1) ?? '',
      displayName,
      webUrl,
      ...(isRoot ? { root: {} } : {}),
      siteCollection: { hostname },
      alias: isRoot ? 'root' : `${hostname}:${path}`,
    },
  }
  const drive = driveOf(directory, {
    id,
    user: null,
    name: 'Documents',
    driveType: 'documentLibrary',
    webUrl: `${webUrl}/Shared%20Documents`,
    content,
  })
  return [site, ...drive]
}

/** Every built-in role, of which one is active from the start. */
function directoryRoles(directory: Directory): readonly SeedEntity[] {
  return Object.entries(BUILT_IN_ROLES).flatMap(([displayName, id]): SeedEntity[] => {
    const names = { displayName, description: DIRECTORY_ROLES[id]?.description ?? null }
    const definition = { ...names, isBuiltIn: true, isEnabled: true, templateId: id, version: '1' }
    const active = { ...names, roleTemplateId: id }
    return [
      { set: 'directoryRoleTemplates', id, data: names },
      { set: 'roleDefinitions', id, data: definition },
      ...(displayName === 'Global Administrator'
        ? [{ set: 'directoryRoles', id: guidFrom(directory.tenantId, `directoryRole ${id}`), data: active }]
        : []),
    ]
  })
}

/** The strengths that every tenant has, by the last digit of their ids. */
const AUTHENTICATION_STRENGTHS = {
  2: [
    'Multifactor authentication',
    ['password,microsoftAuthenticatorPush', 'fido2', 'windowsHelloForBusiness'],
  ],
  3: [
    'Passwordless MFA',
    ['deviceBasedPush', 'fido2', 'windowsHelloForBusiness', 'x509CertificateMultiFactor'],
  ],
  4: ['Phishing-resistant MFA', ['fido2', 'windowsHelloForBusiness', 'x509CertificateMultiFactor']],
} as const

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
    ...Object.entries(AUTHENTICATION_STRENGTHS).map(([digit, [displayName, allowedCombinations]]) => ({
      set: 'authenticationStrengthPolicies',
      id: `${EMPTY_GUID.slice(0, -1)}${digit}`,
      data: { displayName, allowedCombinations, policyType: 'builtIn' },
    })),
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
