import type { Graph } from '../client/graph.ts'
import { isProperties, type Properties, type Value } from '../protocol/wire.ts'
import { type Entity, entities, fromGraph, isEntity } from '../schema/entity.ts'
import { equal, members, normalizeFields } from '../schema/normal.ts'
import type { Fields } from '../schema/property.ts'

/** Where an application keeps its app roles, or its delegated permission scopes. */
export interface PermissionList {
  readonly fields: Fields
  read(application: Entity): Entity[]
  write(permissions: Entity[]): Entity
}

/** What a permission is found by in tokens, with its id: `Files.Read` → UUID. */
export function idsByValue(permissions: readonly Entity[]): Properties {
  const named = permissions.filter(
    ({ id, value }) => typeof value === 'string' && value !== '' && typeof id === 'string',
  )
  return Object.fromEntries(named.map(({ id, value }) => [String(value), String(id)]))
}

/**
 * Disables permissions that are about to be changed or removed, and waits until that shows: Graph refuses to change or
 * remove an enabled one (`CannotDeleteOrUpdateEnabledEntitlement`). Turning one off or on needs no such step.
 */
export async function disableBeforeChange(
  graph: Graph,
  path: string,
  list: PermissionList,
  desired: Value | undefined,
): Promise<void> {
  const wanted = members(desired).filter(isProperties)
  const existing = list.read(await graph.get(path))
  const affected = existing.filter(
    (permission) =>
      permission['isEnabled'] === true && !wanted.some((want) => isSame(list.fields, permission, want)),
  )
  if (affected.length === 0) return
  const off = existing.map((permission) =>
    affected.includes(permission) ? { ...permission, isEnabled: false } : permission,
  )
  await graph.patch(path, list.write(off))
  const ids = affected.map(({ id }) => id)
  await graph.until(`Disabling ${ids.length} permission(s) of ${path}`, async () =>
    list.read(await graph.get(path)).every(({ id, isEnabled }) => !(ids.includes(id) && isEnabled === true)),
  )
}

export function permissionsAt(entity: Entity, ...path: string[]): Entity[] {
  let value: Entity = entity
  for (const name of path.slice(0, -1)) {
    const inner = value[name]
    value = isEntity(inner) ? inner : {}
  }
  return entities(value[path.at(-1)!])
}

/** Equal but for `enabled`, with null and empty text made equal and member types compared as a set. */
function isSame(fields: Fields, existing: Entity, wanted: Properties): boolean {
  const normal = (permission: Properties) => ({ ...normalizeFields(fields, permission), enabled: true })
  return equal(normal(fromGraph(fields, existing)), normal(wanted))
}
