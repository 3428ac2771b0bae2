import { type Directory, findDirectoryObject, type Located } from '../directory/directory.ts'
import { badRequest, notFound } from '../errors/graph-error.ts'
import { assignmentId as newJointId } from '../lib/ids.ts'
import type { Draft } from '../model/body.ts'
import type { EntitySet, Link, Navigation } from '../model/entity-set.ts'
import { entitySet, entitySets } from '../model/index.ts'
import { defaultsOf } from '../model/property.ts'
import type { Collection } from '../request/resource-path.ts'
import { type Data, type Entity, type Json, strings } from '../store/entity.ts'

type References = Navigation & { readonly kind: 'references' }

/**
 * The ids that a new object refers to: those of the request's `{name}@odata.bind`, else `byDefault`.
 *
 * @throws GraphError 404 for an object that does not exist, 400 for one of a kind that cannot be there
 */
export function bindReferences(
  directory: Directory,
  set: EntitySet,
  name: string,
  draft: Draft,
  byDefault: readonly string[] = [],
): readonly string[] {
  const bound = draft.bindings.get(name) ?? byDefault
  const navigation = referencesNamed(set, name)
  return [...new Set(bound.map((id) => requireTarget(directory, navigation, name, id).entity.id))]
}

/**
 * Adds a directory object to a collection of references.
 *
 * @throws GraphError 404 when it does not exist, 400 when it cannot be there or is there already
 */
export function addReference(directory: Directory, collection: Collection, id: string): void {
  const { parent } = collection
  if (parent?.navigation.kind === 'through') {
    join(directory, parent.located, parent.navigation.link, id)
    return
  }
  const { located, navigation, name } = holderOf(collection)
  const added = requireTarget(directory, navigation, name, id)
  const ids = strings(located.entity.data[navigation.property])
  if (ids.includes(added.entity.id)) {
    throw alreadyThere(name)
  }
  store(directory, located, { [navigation.property]: [...ids, added.entity.id] })
}

/**
 * Takes a directory object out of a collection of references; the last one too.
 *
 * @throws GraphError 404 when it is not there
 */
export function removeReference(directory: Directory, collection: Collection, id: string): void {
  const { parent } = collection
  if (parent?.navigation.kind === 'through') {
    part(directory, parent.located, parent.navigation.link, id)
    return
  }
  const { located, navigation } = holderOf(collection)
  const ids = strings(located.entity.data[navigation.property])
  const kept = ids.filter((each) => each !== id.toLowerCase())
  if (kept.length === ids.length) throw notFound(id)
  store(directory, located, { [navigation.property]: kept })
}

/**
 * Makes an object refer to one other, in place of the one before: a user's manager.
 *
 * @throws GraphError 404 when it does not exist, 400 when it cannot be there
 */
export function setReference(directory: Directory, located: Located, name: string, id: string): void {
  const navigation = referencesNamed(located.set, name)
  const target = requireTarget(directory, navigation, name, id)
  store(directory, located, { [navigation.property]: target.entity.id })
}

/**
 * Takes the one reference away.
 *
 * @throws GraphError 404 when there is none
 */
export function clearReference(directory: Directory, located: Located, name: string): void {
  const { property } = referencesNamed(located.set, name)
  if (located.entity.data[property] === null) throw notFound(name)
  store(directory, located, { [property]: null })
}

/**
 * Takes a directory object that is about to go out of the lists that refer to it. A single reference (`manager`) stays: it
 * leads nowhere until the object is restored, and can still be taken away.
 */
export function forgetReferences(directory: Directory, id: string): void {
  for (const link of links) {
    for (const each of directory.store.find(link.set, link.member, id))
      directory.store.remove(link.set, each.id)
  }
  for (const set of entitySets.values()) {
    const properties = Object.values(set.navigation).flatMap((each) =>
      each.kind === 'references' && !each.single ? [each.property] : [],
    )
    if (properties.length === 0) continue
    for (const entity of [...directory.store.all(set.name)]) {
      const changes = properties.flatMap((property): [string, Json][] => {
        const ids = strings(entity.data[property])
        return ids.includes(id) ? [[property, ids.filter((each) => each !== id)]] : []
      })
      if (changes.length > 0) store(directory, { set, entity }, Object.fromEntries(changes))
    }
  }
}

/** Makes the entity that joins a holder with a member. */
function join(directory: Directory, holder: Located, link: Link, id: string): void {
  const member = findDirectoryObject(directory, id)
  if (member === undefined) throw notFound(id)
  if (joining(directory, holder, link, member.entity.id).length > 0) throw alreadyThere('members')
  const set = entitySet(link.set)
  const jointId = newJointId(member.entity.id)
  directory.store.insert(set.name, jointId, {
    ...defaultsOf(set.properties),
    ...link.where,
    [link.holder]: holder.entity.data[link.holderKey] ?? null,
    [link.member]: member.entity.id,
    id: jointId,
  })
}

/** Removes the entity that joins them. */
function part(directory: Directory, holder: Located, link: Link, id: string): void {
  const joints = joining(directory, holder, link, id)
  if (joints.length === 0) throw notFound(id)
  for (const each of joints) directory.store.remove(link.set, each.id)
}

function joining(directory: Directory, holder: Located, link: Link, memberId: string): readonly Entity[] {
  const wanted = { ...link.where, [link.holder]: holder.entity.data[link.holderKey] }
  return directory.store
    .find(link.set, link.member, memberId)
    .filter(({ data }) => Object.entries(wanted).every(([name, value]) => data[name] === value))
}

const links: readonly Link[] = [...entitySets.values()].flatMap((set) =>
  Object.values(set.navigation).flatMap((each) => (each.kind === 'through' ? [each.link] : [])),
)

function store(directory: Directory, { set, entity }: Located, changes: Data): void {
  directory.store.replace(set.name, entity, { ...entity.data, ...changes })
}

const alreadyThere = (name: string) =>
  badRequest(
    `One or more added object references already exist for the following modified properties: '${name}'.`,
  )

function holderOf(collection: Collection): {
  readonly located: Located
  readonly navigation: References
  readonly name: string
} {
  const { parent } = collection
  if (parent?.navigation.kind !== 'references') throw new Error(`"${collection.context}" holds no references`)
  const { located, navigation } = parent
  return { located, navigation, name: collection.context.split('/').at(-1) ?? '' }
}

function referencesNamed(set: EntitySet, name: string): References {
  const navigation = set.navigation[name]
  if (navigation?.kind !== 'references') throw new Error(`"${set.name}" has no references "${name}"`)
  return navigation
}

function requireTarget(directory: Directory, navigation: References, name: string, id: string): Located {
  const located = findDirectoryObject(directory, id)
  if (located === undefined) throw notFound(id)
  if (navigation.to.includes(located.set.name)) return located
  throw badRequest(
    `A ${located.set.typeName} cannot be among '${name}': it has to be one of ${navigation.to.join(', ')}.`,
  )
}
