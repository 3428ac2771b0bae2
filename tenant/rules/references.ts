import { type Directory, findDirectoryObject, type Located } from '../directory.ts'
import { badRequest, notFound } from '../graph/errors.ts'
import type { Collection } from '../graph/resource-path.ts'
import type { Draft } from '../model/body.ts'
import { directoryObjectSets } from '../model/index.ts'
import { strings } from '../store/entity.ts'

/** Kinds of object that can own applications and service principals (Microsoft Graph: Add owner). */
const OWNER_SETS = new Set(['users', 'servicePrincipals'])

/**
 * The owners of a new object: those of `owners@odata.bind`, else `byDefault`.
 *
 * @throws GraphError 404 for an owner that does not exist, 400 for one that cannot own
 */
export function bindOwners(
  directory: Directory,
  draft: Draft,
  byDefault: readonly string[],
): readonly string[] {
  const bound = draft.bindings.get('owners') ?? byDefault
  return [...new Set(bound.map((id) => requireOwner(directory, id).entity.id))]
}

/**
 * Adds a directory object to a collection of references.
 *
 * @throws GraphError 404 when it does not exist, 400 when it cannot be there or is there already
 */
export function addReference(directory: Directory, collection: Collection, id: string): void {
  const { located, property } = holderOf(collection)
  const added = requireOwner(directory, id)
  const ids = strings(located.entity.data[property])
  if (ids.includes(added.entity.id)) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    )
  }
  const data = { ...located.entity.data, [property]: [...ids, added.entity.id] }
  directory.store.replace(located.set.name, located.entity, data)
}

/**
 * Takes a directory object out of a collection of references; the last one too.
 *
 * @throws GraphError 404 when it is not there
 */
export function removeReference(directory: Directory, collection: Collection, id: string): void {
  const { located, property } = holderOf(collection)
  const ids = strings(located.entity.data[property])
  const kept = ids.filter((each) => each !== id.toLowerCase())
  if (kept.length === ids.length) throw notFound(id)
  directory.store.replace(located.set.name, located.entity, { ...located.entity.data, [property]: kept })
}

/** Takes a directory object that is about to go out of everything that refers to it. */
export function forgetReferences(directory: Directory, id: string): void {
  for (const set of directoryObjectSets) {
    const properties = Object.values(set.navigation).flatMap((each) =>
      each.kind === 'references' ? [each.property] : [],
    )
    if (properties.length === 0) continue
    for (const entity of [...directory.store.all(set.name)]) {
      const stale = properties.filter((property) => strings(entity.data[property]).includes(id))
      if (stale.length === 0) continue
      const cleaned = stale.map((property) => [
        property,
        strings(entity.data[property]).filter((each) => each !== id),
      ])
      directory.store.replace(set.name, entity, { ...entity.data, ...Object.fromEntries(cleaned) })
    }
  }
}

function holderOf(collection: Collection): { readonly located: Located; readonly property: string } {
  const { parent } = collection
  if (parent?.navigation.kind !== 'references') throw new Error(`"${collection.context}" holds no references`)
  return { located: parent.located, property: parent.navigation.property }
}

function requireOwner(directory: Directory, id: string): Located {
  const located = findDirectoryObject(directory, id)
  if (located === undefined) throw notFound(id)
  if (OWNER_SETS.has(located.set.name)) return located
  throw badRequest(`A ${located.set.typeName} cannot be an owner: only users and service principals can.`)
}
