import type { EntitySet } from './entity-set.ts'
import { plainSet } from './plain-set.ts'
import { complex, guid, listOf, text } from './property.ts'

const identities = listOf(
  complex({ application: complex({ displayName: text(), id: guid({ nullable: false }) }) }),
)

/** What an application may be granted on one site, each with all before it (Microsoft Graph: Create permission on a site). */
const SITE_ROLES = ['read', 'write', 'manage', 'fullcontrol'] as const

/** Microsoft Graph v1.0: permission resource type, on a site: what one application may do there. Lists leave the roles out. */
export const sitePermissions: EntitySet = plainSet(
  'sitePermissions',
  'permission',
  {
    id: text({ access: 'echo', nullable: false }),
    roles: listOf(text({ nullable: false, values: SITE_ROLES }), { required: true, notInLists: true }),
    grantedToIdentities: { ...identities, access: 'create' },
    grantedToIdentitiesV2: { ...identities, access: 'create' },
    siteId: text({ access: 'hidden' }),
    applicationId: guid({ access: 'hidden' }),
  },
  { indexes: ['siteId'], showsUpdates: true },
)
