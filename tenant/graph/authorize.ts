import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import { denied, invalidRequest, unauthenticated } from '../errors/graph-error.ts'
import type { Caller } from '../request/graph-request.ts'
import type { Requirement } from '../request/route.ts'
import { strings } from '../store/entity.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { verifyAccessToken } from '../tokens/verify-access-token.ts'
import { type Allows, allowedByDirectoryRoles } from './directory-role-rights.ts'
import { type Attempt, owns, userMay } from './ownership.ts'
import { siteGrants } from './site-grants.ts'

const GRAPH_AUDIENCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  MICROSOFT_GRAPH_APP_ID,
]

/**
 * Who calls, from the `Authorization` header: a token of this tenant, for Microsoft Graph, valid now.
 *
 * @throws GraphError 401 with Graph's own message
 */
export async function authenticate(
  directory: Directory,
  keys: SigningKeys,
  authorization: string | undefined,
): Promise<Caller> {
  const audiences = [directory.url(), `${directory.url()}/`, ...GRAPH_AUDIENCES]
  const claims = await verifyAccessToken(directory, keys, authorization, audiences)
  const { appid, oid, roles, scp } = claims
  if (typeof appid !== 'string' || typeof oid !== 'string') {
    throw unauthenticated('Access token validation failure. The token names no application.')
  }
  const caller = { appId: appid, objectId: oid }
  if (typeof scp === 'string') return { ...caller, roles: [], scopes: scp.split(' ') }
  return { ...caller, roles: strings(Array.isArray(roles) ? roles : []) }
}

/**
 * The first of the route's requirements that the caller meets, by its token or by its directory roles. Delegated
 * permissions have the names of the application permissions, and never allow more than the user may do.
 *
 * @throws GraphError 403 when it meets none, 400 for `/me` without a user
 */
export function authorize(directory: Directory, attempt: Attempt): Requirement {
  const { caller, route } = attempt
  if (caller.scopes === undefined && route.path.startsWith('/me')) {
    throw invalidRequest('/me request is only valid with delegated authentication flow.')
  }
  const allows = allowedTo(directory, attempt)
  const met = route.allowed.find(
    (requirement) =>
      requirement.allOf.every(allows) &&
      (requirement.onGrantedSite === undefined || siteGrants(directory, attempt)) &&
      (requirement.owning === undefined || owns(directory, attempt, requirement.owning)),
  )
  if (met === undefined) throw denied()
  return met
}

/** Which permissions a caller has for what it attempts. */
export function allowedTo(directory: Directory, attempt: Attempt): Allows {
  const { caller, body } = attempt
  const byRoles = allowedByDirectoryRoles(directory, caller.objectId, body)
  if (caller.scopes === undefined) {
    const granted = new Set(caller.roles)
    return (permission) => granted.has(permission) || byRoles(permission)
  }
  const consented = new Set(caller.scopes)
  const mayAnyway = userMay(directory, attempt)
  return (permission) => consented.has(permission) && (mayAnyway || byRoles(permission))
}
