import { applications } from './applications.ts'
import { driveItems, drives } from './drives.ts'
import type { EntitySet } from './entity-set.ts'
import { federatedIdentityCredentials } from './federated-credentials.ts'
import { appRoleAssignments, oauth2PermissionGrants } from './grants.ts'
import { domains, organization, users } from './people.ts'
import { servicePrincipals } from './service-principals.ts'

/** Every entity set this tenant knows, by name. */
export const entitySets: ReadonlyMap<string, EntitySet> = new Map(
  [
    applications,
    servicePrincipals,
    federatedIdentityCredentials,
    appRoleAssignments,
    oauth2PermissionGrants,
    users,
    organization,
    domains,
    drives,
    driveItems,
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
