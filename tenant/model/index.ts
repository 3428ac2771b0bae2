import { administrativeUnits, scopedRoleMemberships } from './administrative-units.ts'
import { applicationTemplates } from './application-templates.ts'
import { applications } from './applications.ts'
import { appCredentialSignInActivities, directoryAudits, servicePrincipalSignInActivities } from './audit.ts'
import {
  authenticationStrengthPolicies,
  conditionalAccessPolicies,
  namedLocations,
} from './conditional-access.ts'
import {
  directoryRoles,
  directoryRoleTemplates,
  roleAssignments,
  roleDefinitions,
} from './directory-roles.ts'
import { driveItems, drives } from './drives.ts'
import type { EntitySet } from './entity-set.ts'
import { federatedIdentityCredentials } from './federated-credentials.ts'
import { appRoleAssignments, oauth2PermissionGrants } from './grants.ts'
import { groups } from './groups.ts'
import { invitations } from './invitations.ts'
import { domains, organization, users } from './people.ts'
import { appManagementPolicies, authorizationPolicy, defaultAppManagementPolicy } from './policies.ts'
import { roleEligibilityScheduleRequests, roleEligibilitySchedules } from './role-eligibility.ts'
import { servicePrincipals } from './service-principals.ts'
import { sitePermissions } from './site-permissions.ts'
import { sites } from './sites.ts'
import { stsPolicies } from './sts-policies.ts'
import { workloads } from './workloads.ts'

/** Every entity set this tenant knows, by name. */
export const entitySets: ReadonlyMap<string, EntitySet> = new Map(
  [
    applications,
    servicePrincipals,
    applicationTemplates,
    federatedIdentityCredentials,
    appRoleAssignments,
    oauth2PermissionGrants,
    users,
    groups,
    organization,
    domains,
    drives,
    driveItems,
    sites,
    sitePermissions,
    authorizationPolicy,
    appManagementPolicies,
    defaultAppManagementPolicy,
    ...stsPolicies,
    authenticationStrengthPolicies,
    conditionalAccessPolicies,
    namedLocations,
    administrativeUnits,
    scopedRoleMemberships,
    directoryRoleTemplates,
    directoryRoles,
    roleDefinitions,
    roleAssignments,
    roleEligibilityScheduleRequests,
    roleEligibilitySchedules,
    invitations,
    ...workloads,
    directoryAudits,
    appCredentialSignInActivities,
    servicePrincipalSignInActivities,
  ].map((set) => [set.name, set]),
)

/** The sets that `/directoryObjects` spans. */
export const directoryObjectSets: readonly EntitySet[] = [...entitySets.values()].filter(
  (set) => set.directoryObject,
)

/** The set of that name. A name that is not in the model is a mistake of the caller's code. */
export function entitySet(name: string): EntitySet {
  const set = entitySets.get(name)
  if (set === undefined) throw new Error(`the entity model has no set "${name}"`)
  return set
}

/** The set that an address below the version begins with, by segments, and what comes behind it. */
export function setAt(segments: readonly string[]): {
  readonly set: EntitySet
  readonly rest: readonly string[]
} {
  for (let length = segments.length; length > 0; length -= 1) {
    const set = setsByAddress.get(segments.slice(0, length).join('/'))
    if (set !== undefined) return { set, rest: segments.slice(length) }
  }
  throw new Error(`the entity model has no set at "/${segments.join('/')}"`)
}

const setsByAddress: ReadonlyMap<string, EntitySet> = new Map(
  [...entitySets.values()].map((set) => [set.address ?? set.name, set]),
)
