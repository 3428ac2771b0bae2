import { mapValues } from '../../lib/map-values.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import type { AppOutputs, AssignmentOutputs } from '../contract/outputs.ts'
import { isSameTrust, trustOf } from '../declaration/federation.ts'
import { resolvePattern } from '../declaration/placeholders.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { ConsentSettings } from './permissions.ts'

/**
 * What the last deployment recorded of an application. Entra allows each of the things below once; what is only called
 * otherwise in the declaration must therefore be recognised, or the new one is refused while the old one is there.
 */
export type FormerFacts = Pick<AppOutputs, 'clientId' | 'tenantId'> & {
  readonly [K in
    | 'permissions'
    | 'directoryRoles'
    | 'assignments'
    | 'identifierUris'
    | 'federatedCredentials'
    | 'certificates'
    | 'objectId'
    | 'servicePrincipalId'
    | 'retirement']?: AppOutputs[K] | undefined
}

/** "Important considerations and restrictions for federated identity credentials". */
const MAX_FEDERATED = 20

/**
 * Which federated credentials have another name than the last time: those with the issuer and subject of one that is
 * gone. Where old and new together would be more than there can be, others give up their places to new ones, too.
 *
 * @returns the former name by the present one
 */
export function formerFederations(
  { federatedCredentials }: Pick<AppDeclaration, 'federatedCredentials'>,
  facts: FormerFacts | undefined,
  cloud: Cloud = 'public',
): Record<string, string> {
  const before = facts?.federatedCredentials ?? {}
  const now = mapValues(federatedCredentials, (declared) =>
    trustOf(declared, { cloud, tenantId: facts?.tenantId }),
  )
  const gone = new Set(Object.keys(before).filter((name) => !Object.hasOwn(now, name)))
  const added = Object.keys(now).filter((name) => !Object.hasOwn(before, name))
  const pairs: Record<string, string> = {}
  const pair = (name: string, former: string | undefined) => {
    if (former === undefined) return
    pairs[name] = former
    gone.delete(former)
  }
  for (const name of added) {
    pair(
      name,
      [...gone].find((former) => isSameTrust(before[former], now[name])),
    )
  }
  for (const name of added) {
    const together = Object.keys(now).length + gone.size
    if (together > MAX_FEDERATED && pairs[name] === undefined) pair(name, [...gone][0])
  }
  return pairs
}

/**
 * The pattern that an identifier URI was written as before, where it is another one for the same URI.
 *
 * @returns empty when there is none
 */
export function formerPatterns(pattern: string, patterns: readonly string[], facts?: FormerFacts): string[] {
  if (!facts?.identifierUris) return []
  const uri = resolvePattern(pattern, facts)
  return Object.entries(facts.identifierUris).flatMap(([former, its]) =>
    its === uri && !patterns.includes(former) ? [former] : [],
  )
}

/**
 * The name that an API had in the declaration before, where another one stands for it now: its display name has changed,
 * or its app id took the place of it.
 */
export function formerApi(
  { permissions }: Pick<ConsentSettings, 'permissions'>,
  appId: string,
  facts: FormerFacts | undefined,
): string | undefined {
  const gone = Object.entries(facts?.permissions ?? {}).filter(([name]) => !Object.hasOwn(permissions, name))
  return gone.find(([, former]) => former.appId === appId)?.[0]
}

/** The value that an app role of an API had when it was granted before, where it has another one now. */
export function formerRole(
  apis: readonly string[],
  roleId: string | undefined,
  facts: FormerFacts | undefined,
): string | undefined {
  const roles = apis.flatMap((api) => Object.entries(facts?.permissions?.[api]?.roleIds ?? {}))
  return roles.find(([, id]) => id === roleId)?.[0]
}

/**
 * The assignment as it was declared before, where whoever is assigned, or the role, is renamed.
 *
 * @param wanted its ids
 */
export function formerAssignment(
  { assignments }: Pick<AppDeclaration, 'assignments'>,
  wanted: Pick<AssignmentOutputs, 'principalId' | 'roleId'>,
  facts: FormerFacts | undefined,
): AssignmentOutputs | undefined {
  return facts?.assignments?.find(
    ({ kind, principal, role, principalId, roleId }) =>
      principalId === wanted.principalId &&
      roleId === wanted.roleId &&
      !assignments.some((each) => each[kind] === principal && each.role === role),
  )
}
