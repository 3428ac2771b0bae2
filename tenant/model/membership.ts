import { roleMembers } from './directory-roles.ts'
import type { Navigation } from './entity-set.ts'

/** The groups, administrative units and directory roles that have an object among their members. */
export const memberOf: Navigation = {
  kind: 'referrers',
  from: ['groups', 'administrativeUnits'],
  property: 'memberIds',
  links: [roleMembers],
}

/** Those, and those that these are in. */
export const transitiveMemberOf: Navigation = { ...memberOf, transitive: true }

/** What has an object among its owners. */
export const ownedObjects: Navigation = {
  kind: 'referrers',
  from: ['applications', 'servicePrincipals', 'groups'],
  property: 'ownerIds',
}
