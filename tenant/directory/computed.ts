import { informationalUrlMembers, verifiedPublisherMembers } from '../model/credentials.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { defaultsOf } from '../model/property.ts'
import { type Data, type Entity, isObject, type Json, strings } from '../store/entity.ts'
import { type Directory, findDirectoryObject } from './directory.ts'
import { MICROSOFT_TENANT_ID, type MicrosoftApi } from './microsoft-apis.ts'

/** The `computed` properties of an entity, undefined when its set has none. */
export function computedProperties(directory: Directory, set: EntitySet, entity: Entity): Data | undefined {
  switch (set.name) {
    case 'servicePrincipals':
      return (
        mirrorApplication(directory, String(entity.data['appId'])) ?? describeManagedIdentity(entity.data)
      )
    case 'appRoleAssignments':
      return nameParties(directory, entity.data)
    default:
      return undefined
  }
}

/** The application of this tenant with that app id. */
export function applicationOf(directory: Directory, appId: string): Entity | undefined {
  return directory.store.find('applications', 'appId', appId)[0]
}

/** What a service principal shows of the application behind it. */
function mirrorApplication(directory: Directory, appId: string): Data | undefined {
  const application = applicationOf(directory, appId)
  if (application !== undefined) return mirrorOwnApplication(directory, application.data)
  const api = directory.microsoftApis.get(appId.toLowerCase())
  return api === undefined ? undefined : mirrorMicrosoftApi(api)
}

/** A managed identity has no application anywhere: what others mirror, it has of its own. */
function describeManagedIdentity({ appId, managedIdentityName = null }: Data): Data | undefined {
  if (managedIdentityName === null) return undefined
  return {
    displayName: managedIdentityName,
    appDisplayName: managedIdentityName,
    servicePrincipalNames: [String(appId)],
  }
}

function mirrorOwnApplication(directory: Directory, application: Data): Data {
  const web = objectOf(application['web'])
  const platforms = [web, objectOf(application['spa']), objectOf(application['publicClient'])]
  return {
    appDescription: application['description'] ?? null,
    appDisplayName: application['displayName'] ?? null,
    appOwnerOrganizationId: directory.tenantId,
    appRoles: application['appRoles'] ?? [],
    applicationTemplateId: application['applicationTemplateId'] ?? null,
    displayName: application['displayName'] ?? null,
    homepage: web['homePageUrl'] ?? null,
    info: application['info'] ?? null,
    logoutUrl: web['logoutUrl'] ?? null,
    oauth2PermissionScopes: objectOf(application['api'])['oauth2PermissionScopes'] ?? [],
    replyUrls: platforms.flatMap((platform) => strings(platform['redirectUris'])),
    servicePrincipalNames: [String(application['appId']), ...strings(application['identifierUris'])],
    signInAudience: application['signInAudience'] ?? null,
    verifiedPublisher: application['verifiedPublisher'] ?? null,
  }
}

function mirrorMicrosoftApi(api: MicrosoftApi): Data {
  return {
    appDescription: null,
    appDisplayName: api.displayName,
    appOwnerOrganizationId: MICROSOFT_TENANT_ID,
    appRoles: api.appRoles,
    applicationTemplateId: null,
    displayName: api.displayName,
    homepage: null,
    info: defaultsOf(informationalUrlMembers),
    logoutUrl: null,
    oauth2PermissionScopes: api.oauth2PermissionScopes,
    replyUrls: [],
    servicePrincipalNames: [api.appId, ...api.identifierUris],
    signInAudience: 'AzureADMultipleOrgs',
    verifiedPublisher: defaultsOf(verifiedPublisherMembers),
  }
}

function nameParties(directory: Directory, assignment: Data): Data {
  const principal = findDirectoryObject(directory, String(assignment['principalId']))
  return {
    principalDisplayName: displayNameOf(directory, String(assignment['principalId'])),
    principalType: principal?.set.resourceName ?? null,
    resourceDisplayName: displayNameOf(directory, String(assignment['resourceId'])),
  }
}

function displayNameOf(directory: Directory, id: string): Json {
  const located = findDirectoryObject(directory, id)
  if (located === undefined) return null
  const computed = computedProperties(directory, located.set, located.entity)
  return computed?.['displayName'] ?? located.entity.data['displayName'] ?? null
}

function objectOf(value: Json | undefined): Data {
  return isObject(value) ? value : {}
}
