import { applicationOf } from '../directory/computed.ts'
import { type Directory, entitiesNamed } from '../directory/directory.ts'
import { entitySet } from '../model/index.ts'
import type { Caller } from '../request/graph-request.ts'
import { isRead, type Requirement, type Route } from '../request/route.ts'
import { isObject, strings } from '../store/entity.ts'

/** What a caller wants to do, as far as ownership matters. */
export interface Attempt {
  readonly route: Route
  readonly caller: Caller
  readonly parameters: { readonly [name: string]: string }
  readonly body: unknown
}

/** Whether the caller owns what it acts on. */
export function owns(
  directory: Directory,
  attempt: Attempt,
  what: NonNullable<Requirement['owning']>,
): boolean {
  const owned = what === 'target' ? targetOf(directory, attempt) : backingApplication(directory, attempt.body)
  // What does not exist cannot be owned by another: the operation answers that it is missing.
  return owned === undefined || strings(owned.data['ownerIds']).includes(attempt.caller.objectId)
}

/** An application or service principal, and what of it belongs to its owner; grants and policies do not. */
const OWNERS_AFFAIRS =
  /^\/(applications|servicePrincipals)\/\{\w+\}(\/(owners|federatedIdentityCredentials|logo|addPassword|removePassword|addTokenSigningCertificate)(\/.*)?)?$/

/**
 * Whether a user without a directory role may do this, given a delegated permission for it: read; create applications, with
 * their service principals, while the tenant allows it; and manage those that they own (Microsoft Entra ID: What are the
 * default user permissions?).
 */
export function userMay(directory: Directory, attempt: Attempt): boolean {
  const { path } = attempt.route
  if (isRead(attempt.route)) return true
  if (path === '/applications') return mayCreateApplications(directory)
  if (path === '/servicePrincipals') {
    return mayCreateApplications(directory) && owns(directory, attempt, 'backingApplication')
  }
  return OWNERS_AFFAIRS.test(path) && owns(directory, attempt, 'target')
}

function mayCreateApplications(directory: Directory): boolean {
  const [policy] = directory.store.all('authorizationPolicy')
  const permissions = policy?.data['defaultUserRolePermissions']
  return isObject(permissions) && permissions['allowedToCreateApps'] === true
}

function targetOf(directory: Directory, { route, parameters }: Attempt) {
  const [, set = '', key = ''] = route.path.split('/')
  return entitiesNamed(directory, entitySet(set), parameters[key.slice(1, -1)] ?? '')[0]
}

function backingApplication(directory: Directory, body: unknown) {
  const appId = isObject(body) ? body['appId'] : undefined
  return typeof appId === 'string' ? applicationOf(directory, appId) : undefined
}
