import type { Directory } from '../directory/directory.ts'
import { badRequest, GraphError } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import type { Data, Entity } from '../store/entity.ts'

/**
 * The name that a client gives an object to find it by: once given it stays, and no two objects of a kind share one.
 *
 * @param current the object until now, undefined for a new one
 * @throws GraphError 400 for another name than before, 409 for one that is taken
 */
export function checkUniqueName(
  directory: Directory,
  set: EntitySet,
  current: Entity | undefined,
  data: Data,
): void {
  const { uniqueName } = data
  const before = current?.data['uniqueName'] ?? null
  if (uniqueName === before || uniqueName === undefined) return
  if (before !== null || typeof uniqueName !== 'string') {
    throw badRequest("Property 'uniqueName' is read-only and cannot be set.")
  }
  if (directory.store.find(set.name, 'uniqueName', uniqueName).length > 0) {
    throw new GraphError(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      'Another object with the same value for property uniqueName already exists.',
    )
  }
}
