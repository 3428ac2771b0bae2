import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Directory } from '../directory.ts'
import { v1Issuer } from '../login/issuer.ts'
import type { SigningKeys } from '../login/keys.ts'
import { applicationOf } from '../model/computed.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../seed/microsoft-apis.ts'
import { isObject, strings } from '../store/entity.ts'
import type { Caller } from './context.ts'
import { denied, unauthenticated } from './errors.ts'
import type { Requirement, Route } from './routes.ts'

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
  const token = /^bearer\s+(.*)$/i.exec(authorization ?? '')?.[1]?.trim()
  if (!token) throw unauthenticated('Access token is empty.')
  const claims = await verify(directory, keys, token)
  const { appid, oid, roles, scp } = claims
  if (typeof appid !== 'string' || typeof oid !== 'string') {
    throw unauthenticated('Access token validation failure. The token names no application.')
  }
  const caller = { appId: appid, objectId: oid }
  if (typeof scp === 'string') return { ...caller, roles: [], scopes: scp.split(' ') }
  return { ...caller, roles: strings(Array.isArray(roles) ? roles : []) }
}

async function verify(directory: Directory, keys: SigningKeys, token: string): Promise<JWTPayload> {
  const key = keys.all.find((each) => each.kid === keyId(token))
  if (key === undefined) throw unauthenticated('Invalid x5t claim.')
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['RS256'],
      currentDate: directory.now(),
      audience: [directory.url(), `${directory.url()}/`, ...GRAPH_AUDIENCES],
      issuer: v1Issuer(directory),
    })
    return payload
  } catch (error) {
    throw refusal(error)
  }
}

const GRAPH_AUDIENCES = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  MICROSOFT_GRAPH_APP_ID,
]

function keyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    throw unauthenticated('CompactToken parsing failed with error code: 80049217')
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return unauthenticated('Lifetime validation failed, the token is expired.')
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(
      error.claim === 'aud'
        ? 'Access token validation failure. Invalid audience.'
        : `Access token validation failure. Invalid claim '${error.claim}'.`,
    )
  }
  if (error instanceof errors.JOSEError) {
    return unauthenticated('Access token validation failure. Invalid signature.')
  }
  return error
}

/** What a caller wants to do, as far as ownership matters. */
export interface Attempt {
  readonly route: Route
  readonly caller: Caller
  readonly parameters: { readonly [name: string]: string }
  readonly body: unknown
}

/**
 * The first of the route's requirements that the caller's token meets. Delegated permissions have the names of the
 * application permissions, and never allow more than the user may do: the users of this tenant hold no directory role, so
 * they read.
 *
 * @throws GraphError 403 when it meets none
 */
export function authorize(directory: Directory, attempt: Attempt): Requirement {
  const { caller, route } = attempt
  if (caller.scopes !== undefined && route.method !== 'GET') throw denied()
  const roles = new Set(caller.scopes ?? caller.roles)
  const met = route.allowed.find(
    (requirement) =>
      requirement.allOf.every((permission) => roles.has(permission)) &&
      (requirement.owning === undefined || owns(directory, attempt, requirement.owning)),
  )
  if (met === undefined) throw denied()
  return met
}

function owns(directory: Directory, attempt: Attempt, what: 'target' | 'backingApplication'): boolean {
  const owned = what === 'target' ? targetOf(directory, attempt) : backingApplication(directory, attempt.body)
  // What does not exist cannot be owned by another: the operation answers that it is missing.
  return owned === undefined || strings(owned.data['ownerIds']).includes(attempt.caller.objectId)
}

function targetOf(directory: Directory, { route, parameters }: Attempt) {
  const [, set = '', key = ''] = route.path.split('/')
  return directory.store.get(set, parameters[key.slice(1, -1)] ?? '')
}

function backingApplication(directory: Directory, body: unknown) {
  const appId = isObject(body) ? body['appId'] : undefined
  return typeof appId === 'string' ? applicationOf(directory, appId) : undefined
}
