import type { Navigation } from './entity-set.ts'

/** The groups that have an object among their members. */
export const memberOf: Navigation = { kind: 'referrers', from: ['groups'], property: 'memberIds' }

/** Those, and the groups that these are in. */
export const transitiveMemberOf: Navigation = { ...memberOf, transitive: true }

/** What has an object among its owners. */
export const ownedObjects: Navigation = {
  kind: 'referrers',
  from: ['applications', 'servicePrincipals', 'groups'],
  property: 'ownerIds',
}
