import { DELETED_ITEMS, isExpired } from '../directory/deleted-items.ts'
import type { Directory, Located } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { badRequest, notFound } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'

/** An entity that goes, or comes back, together with another. */
export interface Companion {
  readonly set: string
  readonly entity: Entity
}

/** What goes with an object that is deleted. */
export interface Deletion {
  /** What cannot be without it, and comes back with it. */
  readonly companions?: readonly Companion[]
  /** Id of the object whose deletion deletes this one, and whose restoration restores it. */
  readonly with?: string | undefined
}

/**
 * Takes an object out of the directory, with all that cannot be without it, and keeps it where it can be restored from
 * for 30 days by the tenant's clock.
 */
export function softDelete(
  directory: Directory,
  set: EntitySet,
  entity: Entity,
  { companions = [], with: cause }: Deletion = {},
): void {
  const { store } = directory
  sweep(directory)
  // As it looks now: what it mirrors of another object may be gone next.
  const view = viewOf(directory, set, entity)
  for (const each of companions) store.remove(each.set, each.entity.id)
  store.remove(set.name, entity.id)
  store.insert(DELETED_ITEMS, entity.id, {
    set: set.name,
    data: { ...view, deletedDateTime: isoSecond(directory.now()) },
    companions: companions.map((each) => ({ set: each.set, id: each.entity.id, data: each.entity.data })),
    with: cause ?? null,
  })
}

/**
 * Microsoft Graph: Restore deleted directory object item. What was deleted with it comes back with it: for an
 * application, its service principal too (Microsoft Entra ID: Restore an enterprise application).
 *
 * @returns the object as it is again
 * @throws GraphError 404 when nothing of that id can be restored, 400 when its place is taken
 */
export function restore(directory: Directory, id: string): Located {
  const item = requireItem(directory, id)
  if (
    item.data['with'] !== null &&
    directory.store.get(DELETED_ITEMS, String(item.data['with'])) !== undefined
  ) {
    throw badRequest('The application behind the service principal is deleted: restore the application.')
  }
  const restored = putBack(directory, item)
  for (const each of deletedWith(directory, item)) putBack(directory, each)
  return restored
}

/**
 * Microsoft Graph: Permanently delete an item.
 *
 * @throws GraphError 404 when nothing of that id is there
 */
export function purge(directory: Directory, id: string): void {
  const item = requireItem(directory, id)
  for (const each of [item, ...deletedWith(directory, item)]) directory.store.remove(DELETED_ITEMS, each.id)
}

function deletedWith(directory: Directory, item: Entity): readonly Entity[] {
  return [...directory.store.all(DELETED_ITEMS)].filter((each) => each.data['with'] === item.id)
}

function putBack(directory: Directory, item: Entity): Located {
  const { store } = directory
  const set = entitySet(String(item.data['set']))
  const stored = Object.entries(item.data['data'] as Data).filter(
    ([name]) => set.properties[name]?.access !== 'computed',
  )
  const data: Data = { ...Object.fromEntries(stored), deletedDateTime: null }
  requireFreeKeys(directory, set, data)
  store.remove(DELETED_ITEMS, item.id)
  const entity = store.insert(set.name, item.id, data)
  for (const each of objects(item.data['companions'])) {
    store.insert(String(each['set']), String(each['id']), each['data'] as Data)
  }
  return { set, entity }
}

function requireItem(directory: Directory, id: string): Entity {
  const item = directory.store.get(DELETED_ITEMS, id)
  if (item === undefined || isExpired(directory, item)) throw notFound(id)
  return item
}

function requireFreeKeys(directory: Directory, set: EntitySet, data: Data): void {
  for (const property of set.namedKeys ?? []) {
    const value = data[property]
    if (typeof value === 'string' && directory.store.find(set.name, property, value).length > 0) {
      throw badRequest(`Another object with the same value for property ${property} already exists.`, [
        { code: 'ObjectConflict', message: `'${value}' is in use.`, target: property },
      ])
    }
  }
}

function sweep(directory: Directory): void {
  for (const item of [...directory.store.all(DELETED_ITEMS)]) {
    if (isExpired(directory, item)) directory.store.remove(DELETED_ITEMS, item.id)
  }
}
