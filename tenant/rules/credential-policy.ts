import type { Directory } from '../directory/directory.ts'
import { GraphError } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { type Data, isObject, objects, strings } from '../store/entity.ts'
import { durationMs } from './policies.ts'

/** Microsoft Graph: restrictions of app management policies that each kind of credential falls under. */
const RESTRICTIONS = {
  password: { list: 'passwordCredentials', addition: 'passwordAddition', lifetime: 'passwordLifetime' },
  symmetricKey: {
    list: 'passwordCredentials',
    addition: 'symmetricKeyAddition',
    lifetime: 'symmetricKeyLifetime',
  },
  certificate: { list: 'keyCredentials', addition: undefined, lifetime: 'asymmetricKeyLifetime' },
} as const

export type CredentialKind = keyof typeof RESTRICTIONS

/**
 * Holds a new credential to the policy that its application or service principal is under: one assigned to it, else the
 * tenant's default. Credentials that are there already go on as they are.
 *
 * @throws GraphError 400 `CredentialTypeNotAllowedAsPerAppPolicy` or `CredentialInvalidLifetimeAsPerAppPolicy`
 */
export function requireCredentialAllowed(
  directory: Directory,
  set: EntitySet,
  holder: Data,
  kind: CredentialKind,
  credential: Data,
): void {
  const { list, addition, lifetime } = RESTRICTIONS[kind]
  const { name, restrictions } = policyFor(directory, set, holder)
  const made = holder['createdDateTime'] ?? directory.now().toISOString()
  const inForce = objects(restrictions[list]).filter((each) => isInForce(each, String(made)))
  for (const { restrictionType, maxLifetime } of inForce) {
    if (restrictionType === addition) {
      throw new GraphError(
        400,
        'CredentialTypeNotAllowedAsPerAppPolicy',
        `Credential type not allowed as per assigned policy '${name}'.`,
      )
    }
    if (restrictionType === lifetime && lastsMs(credential) > (durationMs(String(maxLifetime)) ?? Infinity)) {
      throw new GraphError(
        400,
        'CredentialInvalidLifetimeAsPerAppPolicy',
        `Credential lifetime exceeds the max value allowed as per assigned policy '${name}': ${String(maxLifetime)}.`,
      )
    }
  }
}

function policyFor(
  directory: Directory,
  set: EntitySet,
  holder: Data,
): { readonly name: string; readonly restrictions: Data } {
  for (const id of strings(holder['appManagementPolicyIds'])) {
    const own = directory.store.get('appManagementPolicies', id)?.data
    if (own?.['isEnabled'] === true)
      return { name: String(own['displayName']), restrictions: part(own, 'restrictions') }
  }
  const [standard] = directory.store.all('defaultAppManagementPolicy')
  if (standard?.data['isEnabled'] !== true) return { name: '', restrictions: {} }
  const kind = set.name === 'applications' ? 'applicationRestrictions' : 'servicePrincipalRestrictions'
  return { name: String(standard.data['displayName']), restrictions: part(standard.data, kind) }
}

function part(policy: Data, name: string): Data {
  const value = policy[name]
  return isObject(value) ? value : {}
}

/** A restriction can spare what was made before a date. */
function isInForce(restriction: Data, made: string): boolean {
  const from = restriction['restrictForAppsCreatedAfterDateTime']
  if (restriction['state'] === 'disabled') return false
  return typeof from !== 'string' || Date.parse(made) >= Date.parse(from)
}

function lastsMs({ startDateTime, endDateTime }: Data): number {
  return Date.parse(String(endDateTime)) - Date.parse(String(startDateTime))
}
