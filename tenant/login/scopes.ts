import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import type { Entity } from '../store/entity.ts'
import type { Client } from './client.ts'
import { malformedScope, severalResources, unknownScope } from './refusals/resource.ts'
import { consentMissing } from './refusals/user.ts'
import type { Resource } from './resource.ts'

/** Scopes of OpenID Connect; they are about the sign-in and belong to no API. */
export const OIDC_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'offline_access']

/** What a client asks for on behalf of a user. */
export interface AskedScopes {
  /** Those of OpenID Connect. */
  readonly oidc: readonly string[]
  /** The API as the scopes name it; undefined when only OpenID Connect was asked for. */
  readonly resource: string | undefined
  /** The API as the request wrote it in front of its scopes; undefined where it left it out. */
  readonly prefix: string | undefined
  /** Names of the API's scopes, without the API; empty for `.default`, which asks for all that is granted. */
  readonly names: readonly string[]
}

/**
 * Reads a `scope` parameter of the delegated flows (Microsoft identity platform: Scopes and permissions): a scope is the
 * API's identifier, a slash and a name; without the API it is Microsoft Graph's.
 *
 * @throws LoginError AADSTS28000 for scopes of several APIs, 70011 for `.default` beside others
 */
export function readScopes(scope: string): AskedScopes {
  const words = scope.split(/\s+/).filter((word) => word !== '')
  const oidc = words.filter((word) => OIDC_SCOPES.includes(word.toLowerCase()))
  const ofApis = words
    .filter((word) => !OIDC_SCOPES.includes(word.toLowerCase()))
    .map((word) => {
      const slash = word.lastIndexOf('/')
      return { resource: slash === -1 ? undefined : word.slice(0, slash), name: word.slice(slash + 1) }
    })
  const names = ofApis.map(({ name }) => name)
  const resources = new Set(ofApis.map(({ resource }) => plain(resource)))
  if (resources.size > 1) throw severalResources(scope)
  const isDefault = names.includes('.default')
  if (isDefault && new Set(names).size > 1) {
    throw malformedScope(scope, ".default scope can't be combined with resource-specific scopes.")
  }
  return {
    oidc: oidc.map((word) => word.toLowerCase()),
    resource: ofApis.length === 0 ? undefined : (ofApis[0]?.resource ?? MICROSOFT_GRAPH_APP_ID),
    prefix: ofApis[0]?.resource,
    names: isDefault ? [] : names,
  }
}

/** The v1 endpoint knows one resource and OpenID Connect; a refresh token always comes with the code. */
export function v1Scope(parameters: URLSearchParams): string {
  const resource = parameters.get('resource')
  const api = resource ? [`${resource}/.default`] : []
  return ['openid', 'profile', 'offline_access', ...api].join(' ')
}

/**
 * Scopes that a client holds on a resource for a user at this moment, through grants for everybody and for this user,
 * sorted as Entra sorts them: without regard to case.
 *
 * @throws LoginError AADSTS650053 for a scope that the resource does not have, 65001 for one that is not granted; OpenID
 *   Connect alone needs some grant of this client, since without any nobody ever consented to it
 */
export function grantedScopes(
  directory: Directory,
  client: Client,
  resource: Resource,
  user: Entity,
  asked: AskedScopes,
): readonly string[] {
  const known = new Map(
    resource.scopes
      .filter((scope) => scope['isEnabled'] !== false)
      .map((scope) => [String(scope['value']).toLowerCase(), String(scope['value'])]),
  )
  const unknown = asked.names.find((name) => !known.has(name.toLowerCase()))
  if (unknown !== undefined) throw unknownScope(client.displayName, unknown, resource.displayName)
  const grants = grantsFor(directory, client, user)
  const granted = grants
    .filter((grant) => grant.data['resourceId'] === resource.principal.id)
    .flatMap((grant) => String(grant.data['scope'] ?? '').split(/\s+/))
    .flatMap((name) => known.get(name.toLowerCase()) ?? [])
  const held = new Set(granted)
  const missing = asked.names.some((name) => !held.has(known.get(name.toLowerCase()) ?? ''))
  const nothing = asked.resource === undefined ? grants.length === 0 : held.size === 0
  if (missing || nothing) throw consentMissing(client.appId, client.displayName)
  return [...held].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }))
}

function grantsFor(directory: Directory, client: Client, user: Entity): readonly Entity[] {
  if (client.principal === undefined) return []
  return directory.store
    .find('oauth2PermissionGrants', 'clientId', client.principal.id)
    .filter(({ data }) => data['consentType'] === 'AllPrincipals' || data['principalId'] === user.id)
}

function plain(resource: string | undefined): string | undefined {
  return resource?.toLowerCase().replace(/\/+$/, '')
}
