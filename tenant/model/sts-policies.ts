import type { EntitySet, Navigation } from './entity-set.ts'
import { deletedDateTime, plainSet } from './plain-set.ts'
import { flag, guid, listOf, text } from './property.ts'

/** The policies that tokens are issued by, each kind with what it can be assigned to. */
const KINDS = {
  claimsMappingPolicies: { typeName: 'claimsMappingPolicy', on: ['servicePrincipals'] },
  homeRealmDiscoveryPolicies: { typeName: 'homeRealmDiscoveryPolicy', on: ['servicePrincipals'] },
  tokenIssuancePolicies: { typeName: 'tokenIssuancePolicy', on: ['applications', 'servicePrincipals'] },
  tokenLifetimePolicies: { typeName: 'tokenLifetimePolicy', on: ['applications', 'servicePrincipals'] },
} as const

/** The name of a kind of these policies: both of its set and of what leads to it from an application. */
export type StsPolicyKind = keyof typeof KINDS

const kinds = Object.entries(KINDS) as readonly [StsPolicyKind, (typeof KINDS)[StsPolicyKind]][]

const idsOf = (kind: StsPolicyKind): string => `${kind.slice(0, -'ies'.length)}yIds`

/** Microsoft Graph v1.0: stsPolicy resource type, in each of its kinds. */
export const stsPolicies: readonly EntitySet[] = kinds.map(([kind, { typeName, on }]) =>
  plainSet(
    kind,
    typeName,
    {
      deletedDateTime,
      definition: listOf(text({ nullable: false }), { required: true }),
      displayName: text({ nullable: false, required: true }),
      description: text(),
      isOrganizationDefault: flag({ nullable: false, default: false }),
    },
    {
      address: `policies/${kind}`,
      directoryObject: true,
      navigation: { appliesTo: { kind: 'referrers', from: on, property: idsOf(kind) } },
    },
  ),
)

/** The kinds that can be assigned to members of a set. */
export function stsPolicyKindsOn(set: 'applications' | 'servicePrincipals'): readonly StsPolicyKind[] {
  return kinds.filter(([, { on }]) => (on as readonly string[]).includes(set)).map(([kind]) => kind)
}

/** What leads from an application or service principal to the policies assigned to it. */
export function stsPolicyNavigation(set: 'applications' | 'servicePrincipals'): {
  readonly [name: string]: Navigation
} {
  return Object.fromEntries(
    stsPolicyKindsOn(set).map((kind) => [kind, { kind: 'references', property: idsOf(kind), to: [kind] }]),
  )
}

/** The hidden lists of ids behind `stsPolicyNavigation`. */
export function stsPolicyProperties(set: 'applications' | 'servicePrincipals') {
  return Object.fromEntries(
    stsPolicyKindsOn(set).map((kind) => [idsOf(kind), listOf(guid(), { access: 'hidden' })]),
  )
}
