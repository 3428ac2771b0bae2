import type { Data, Entity } from '../store/entity.ts'
import { strings } from '../store/entity.ts'
import type { Change } from '../store/entity-store.ts'

/** What a change is called in the directory's audit log (Microsoft Entra audit log categories and activities). */
export interface Activity {
  readonly name: string
  readonly category: string
  readonly operation: 'Add' | 'Update' | 'Delete' | 'Assign' | 'Unassign'
  /** Ids of the objects that were added to or removed from it. */
  readonly members?: readonly string[]
}

interface Kind {
  readonly noun: string
  readonly category: string
  /** How its removal is called; default `Delete`. */
  readonly removal?: string
  /** Hidden lists of ids, and what one of them is called in relation to the object. */
  readonly members?: { readonly [property: string]: string }
}

const KINDS: { readonly [set: string]: Kind } = {
  applications: { noun: 'application', category: 'ApplicationManagement', members: { ownerIds: 'owner' } },
  servicePrincipals: {
    noun: 'service principal',
    category: 'ApplicationManagement',
    removal: 'Remove',
    members: { ownerIds: 'owner' },
  },
  users: { noun: 'user', category: 'UserManagement' },
  groups: {
    noun: 'group',
    category: 'GroupManagement',
    members: { ownerIds: 'owner', memberIds: 'member' },
  },
}

/** Changes whose names follow no pattern, by set: made, changed, removed. */
const NAMED: { readonly [set: string]: readonly [made: Activity, changed: Activity, removed: Activity] } = {
  appRoleAssignments: [
    application('Add app role assignment to service principal', 'Assign'),
    application('Update app role assignment of service principal', 'Update'),
    application('Remove app role assignment from service principal', 'Unassign'),
  ],
  oauth2PermissionGrants: [
    application('Add delegated permission grant', 'Assign'),
    application('Update delegated permission grant', 'Update'),
    application('Remove delegated permission grant', 'Unassign'),
  ],
  federatedIdentityCredentials: [
    application('Add federated identity credential', 'Add'),
    application('Update federated identity credential', 'Update'),
    application('Delete federated identity credential', 'Delete'),
  ],
}

function application(name: string, operation: Activity['operation']): Activity {
  return { name, operation, category: 'ApplicationManagement' }
}

/** The activity behind a change; undefined for what the audit log does not speak of. */
export function activityOf({ set, before, after }: Change): Activity | undefined {
  const named = NAMED[set]
  if (named !== undefined) return named[before === undefined ? 0 : after === undefined ? 2 : 1]
  const kind = KINDS[set]
  if (kind === undefined) return undefined
  const { noun, category } = kind
  if (before === undefined) return { name: `Add ${noun}`, category, operation: 'Add' }
  if (after === undefined)
    return { name: `${kind.removal ?? 'Delete'} ${noun}`, category, operation: 'Delete' }
  return (
    memberActivity(kind, before, after) ?? {
      name: updateName(set, noun, before.data, after.data),
      category,
      operation: 'Update',
    }
  )
}

function memberActivity(
  { noun, category, members = {} }: Kind,
  before: Entity,
  after: Entity,
): Activity | undefined {
  for (const [property, what] of Object.entries(members)) {
    const then = strings(before.data[property])
    const now = strings(after.data[property])
    const added = now.filter((id) => !then.includes(id))
    if (added.length > 0)
      return { name: `Add ${what} to ${noun}`, category, operation: 'Assign', members: added }
    const removed = then.filter((id) => !now.includes(id))
    if (removed.length > 0) {
      return { name: `Remove ${what} from ${noun}`, category, operation: 'Unassign', members: removed }
    }
  }
  return undefined
}

function updateName(set: string, noun: string, before: Data, after: Data): string {
  const credentials = ['passwordCredentials', 'keyCredentials'] as const
  const counts = credentials.map((name) => [listLength(before[name]), listLength(after[name])] as const)
  if (counts.every(([then, now]) => then === now)) return `Update ${noun}`
  if (set === 'applications') return 'Update application – Certificates and secrets management'
  return counts.some(([then, now]) => now > then) ? `Add ${noun} credentials` : `Remove ${noun} credentials`
}

function listLength(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}
