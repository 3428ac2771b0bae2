import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { applicationOf, computedProperties } from '../directory/computed.ts'
import type { Directory } from '../directory/directory.ts'
import { entitySet } from '../model/index.ts'
import { type Data, type Entity, isObject, objects, strings } from '../store/entity.ts'
import { disabledResource, unknownResource } from './refusals/resource.ts'

/** The API that a token is for. */
export interface Resource {
  readonly principal: Entity
  readonly appId: string
  readonly displayName: string
  /** The `aud` of its tokens. */
  readonly audience: string
  /** Which kind of token it wants: 1 or 2, its own choice and not the endpoint's. */
  readonly tokenVersion: 1 | 2
  readonly isMicrosoftGraph: boolean
  /** Whether it is one of Microsoft's own. */
  readonly isMicrosofts: boolean
  /** Its roles and scopes as its service principal shows them. */
  readonly appRoles: readonly Data[]
  readonly scopes: readonly Data[]
}

/**
 * The API named by its app id or by one of its identifier URIs, with or without a slash at the end.
 *
 * @throws LoginError AADSTS500011 for a name that nothing here goes by, 500014 for an API that is switched off
 */
export function findResource(directory: Directory, name: string): Resource {
  const principal = principalNamed(directory, name)
  if (principal === undefined) throw unknownResource(name, directory.tenantName)
  if (principal.data['accountEnabled'] === false) throw disabledResource(name)
  const appId = String(principal.data['appId'])
  const application = applicationOf(directory, appId)
  const api = application?.data['api']
  const tokenVersion = isObject(api) && api['requestedAccessTokenVersion'] === 2 ? 2 : 1
  const shown = computedProperties(directory, entitySet('servicePrincipals'), principal) ?? {}
  return {
    principal,
    appId,
    displayName: String(shown['displayName'] ?? ''),
    audience: tokenVersion === 2 ? appId : name,
    tokenVersion,
    isMicrosoftGraph: appId === MICROSOFT_GRAPH_APP_ID,
    isMicrosofts: application === undefined,
    appRoles: objects(shown['appRoles']),
    scopes: objects(shown['oauth2PermissionScopes']),
  }
}

/** Values of the app roles of `resource` that a principal is assigned at this moment, sorted. */
export function grantedRoles(directory: Directory, principal: Entity, resource: Resource): readonly string[] {
  const values = new Map(
    resource.appRoles
      .filter((role) => role['isEnabled'] !== false)
      .map((role) => [String(role['id']).toLowerCase(), String(role['value'] ?? '')]),
  )
  const granted = assignments(directory, principal, resource.principal).map(
    (assignment) => values.get(String(assignment.data['appRoleId']).toLowerCase()) ?? '',
  )
  return [...new Set(granted.filter((value) => value !== ''))].sort()
}

/** Whether the principal is assigned to the resource with any role, or with none in particular. */
export function isAssigned(directory: Directory, principal: Entity, resource: Entity): boolean {
  return assignments(directory, principal, resource).length > 0
}

/** Assignments of the principal itself and, for a user, of the groups that it is a direct member of. */
function assignments(directory: Directory, principal: Entity, resource: Entity): readonly Entity[] {
  return [principal.id, ...groupsOf(directory, principal)]
    .flatMap((holder) => directory.store.find('appRoleAssignments', 'principalId', holder))
    .filter((assignment) => assignment.data['resourceId'] === resource.id)
}

/** Groups within groups do not count for app roles, nor do applications in groups. */
function groupsOf({ store }: Directory, principal: Entity): readonly string[] {
  if (store.get('users', principal.id) === undefined) return []
  return [...store.all('groups')]
    .filter(({ data }) => strings(data['memberIds']).includes(principal.id))
    .map(({ id }) => id)
}

function principalNamed(directory: Directory, name: string): Entity | undefined {
  const wanted = withoutSlash(name)
  const appId = wanted === directory.url() ? MICROSOFT_GRAPH_APP_ID : appIdNamed(directory, wanted)
  return directory.store.find('servicePrincipals', 'appId', appId ?? wanted)[0]
}

function appIdNamed(directory: Directory, wanted: string): string | undefined {
  for (const api of directory.microsoftApis.values()) {
    if (api.identifierUris.some((uri) => withoutSlash(uri) === wanted)) return api.appId
  }
  for (const application of directory.store.all('applications')) {
    const uris = strings(application.data['identifierUris'])
    if (uris.some((uri) => withoutSlash(uri) === wanted)) return String(application.data['appId'])
  }
  return undefined
}

function withoutSlash(name: string): string {
  return name.toLowerCase().replace(/\/+$/, '')
}
