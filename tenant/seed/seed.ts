import { readFileSync } from 'node:fs'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import { TenantError } from '../errors/tenant-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { assignmentId, guidFrom } from '../lib/ids.ts'
import { entitySet } from '../model/index.ts'
import { defaultsOf } from '../model/property.ts'
import type { Data } from '../store/entity.ts'
import { driveOf, type SeedFolder } from './drive.ts'
import { fixtures } from './fixtures.ts'

/** Where the deployer's object ids come from; ids of the seed follow from the tenant id and a name. */
export interface SeedIds {
  readonly deployerAppId: string
  readonly deployerApplicationId: string
  readonly deployerPrincipalId: string
}

/** Application permissions that provisioning with consent needs and no more (Microsoft Graph permissions reference). */
export const LEAST_PRIVILEGE_DEPLOYER_ROLES: readonly string[] = [
  'Application.ReadWrite.OwnedBy',
  'Application.Read.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
]

interface SeedUser {
  readonly alias: string
  readonly givenName: string
  readonly surname: string
  readonly jobTitle: string
  readonly department: string
  readonly drive: SeedFolder
}

interface SeedPeople {
  readonly organization: { readonly displayName: string; readonly countryLetterCode: string }
  readonly users: readonly SeedUser[]
}

/** The deployer's ids in the tenant with that id. */
export function seedIds(tenantId: string): SeedIds {
  return {
    deployerAppId: guidFrom(tenantId, 'deployer appId'),
    deployerApplicationId: guidFrom(tenantId, 'deployer application'),
    deployerPrincipalId: guidFrom(tenantId, 'deployer servicePrincipal'),
  }
}

/** The name of the organisation that the seed describes. */
export function seedOrganizationName(): string {
  return readPeople().organization.displayName
}

/**
 * Fills an empty directory: organisation and domain, Microsoft's service principals, users with their drives, and the
 * deployer with the given roles. Runs inside a transaction.
 *
 * @throws TenantError `UNKNOWN_ROLE` for a role that Microsoft Graph does not have
 */
export function seedDirectory(directory: Directory, deployerRoles: readonly string[]): void {
  seedOrganization(directory)
  for (const api of directory.microsoftApis.values()) {
    insert(directory, 'servicePrincipals', guidFrom(directory.tenantId, `servicePrincipal ${api.appId}`), {
      appId: api.appId,
      createdDateTime: isoSecond(directory.createdAt),
    })
  }
  for (const user of readPeople().users) seedUser(directory, user)
  seedDeployer(directory, deployerRoles)
}

function seedOrganization(directory: Directory): void {
  const { organization } = readPeople()
  insert(directory, 'organization', directory.tenantId, {
    ...organization,
    createdDateTime: isoSecond(directory.createdAt),
    verifiedDomains: [
      {
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault: true,
        isInitial: true,
        name: directory.domain,
        type: 'Managed',
      },
    ],
  })
  insert(directory, 'domains', directory.domain, {
    isDefault: true,
    isInitial: true,
    isVerified: true,
    supportedServices: ['Email', 'OfficeCommunicationsOnline'],
  })
}

function seedUser(directory: Directory, user: SeedUser): void {
  const id = guidFrom(directory.tenantId, `user ${user.alias}`)
  const displayName = `${user.givenName} ${user.surname}`
  const userPrincipalName = `${user.alias}@${directory.domain}`
  const { alias: mailNickname, drive, ...members } = user
  insert(directory, 'users', id, {
    ...members,
    displayName,
    userPrincipalName,
    mail: userPrincipalName,
    mailNickname,
    accountEnabled: true,
    preferredLanguage: 'en-US',
    usageLocation: 'NL',
    createdDateTime: isoSecond(directory.createdAt),
  })
  const site = directory.domain.split('.')[0]
  for (const each of driveOf(directory, {
    id,
    user: { displayName, email: userPrincipalName, id },
    name: 'OneDrive',
    driveType: 'business',
    webUrl: `https://${site}-my.sharepoint.com/personal/${userPrincipalName.replaceAll(/[@.]/g, '_')}/Documents`,
    content: drive,
  })) {
    insert(directory, each.set, each.id, each.data)
  }
}

/** Adds what came into this tenant's model after its data directory was made. Runs inside a transaction. */
export function completeSeed(directory: Directory): void {
  for (const { set, id, data } of fixtures(directory)) {
    if (directory.store.get(set, id) === undefined) insert(directory, set, id, data)
  }
}

function seedDeployer(directory: Directory, roles: readonly string[]): void {
  const ids = seedIds(directory.tenantId)
  const createdDateTime = isoSecond(directory.createdAt)
  insert(directory, 'applications', ids.deployerApplicationId, {
    appId: ids.deployerAppId,
    displayName: 'Deployer',
    createdDateTime,
    publisherDomain: directory.domain,
  })
  insert(directory, 'servicePrincipals', ids.deployerPrincipalId, {
    appId: ids.deployerAppId,
    createdDateTime,
  })
  grantDeployer(directory, roles)
}

/**
 * Gives the deployer the roles that it does not have yet. Runs inside a transaction.
 *
 * @throws TenantError `UNKNOWN_ROLE` for a role that Microsoft Graph does not have
 */
export function grantDeployer(directory: Directory, roles: readonly string[]): void {
  const { deployerPrincipalId: principalId } = seedIds(directory.tenantId)
  const graph = directory.microsoftApis.get(MICROSOFT_GRAPH_APP_ID)
  const resourceId = guidFrom(directory.tenantId, `servicePrincipal ${MICROSOFT_GRAPH_APP_ID}`)
  const held = directory.store.find('appRoleAssignments', 'principalId', principalId)
  for (const role of roles) {
    const appRoleId = graph?.appRoles.find((each) => each['value'] === role)?.['id']
    if (typeof appRoleId !== 'string') {
      throw new TenantError(
        'UNKNOWN_ROLE',
        `"${role}" is not an application permission of Microsoft Graph: see the Microsoft Graph permissions reference for the names.`,
      )
    }
    if (held.some(({ data }) => data['appRoleId'] === appRoleId && data['resourceId'] === resourceId))
      continue
    insert(directory, 'appRoleAssignments', assignmentId(principalId), {
      appRoleId,
      principalId,
      resourceId,
      createdDateTime: isoSecond(directory.now()),
    })
  }
}

function insert(directory: Directory, set: string, id: string, data: Data): void {
  directory.store.insert(set, id, { ...defaultsOf(entitySet(set).properties), ...data, id })
}

function readPeople(): SeedPeople {
  return JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8')) as SeedPeople
}
