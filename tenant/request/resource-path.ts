import { deletedItems } from '../directory/deleted-items.ts'
import {
  type Directory,
  entitiesNamed,
  findDirectoryObject,
  type Located,
  requireEntity,
} from '../directory/directory.ts'
import { notFound, notImplemented } from '../errors/graph-error.ts'
import type { EntitySet, Navigation } from '../model/entity-set.ts'
import { directoryObjectSets, entitySet, setAt } from '../model/index.ts'
import type { Caller } from './graph-request.ts'
import { joined, referenced, referencedOne, referrers } from './related-objects.ts'

/** A collection that a path leads to. */
export interface Collection {
  readonly kind: 'collection'
  /** The set its members belong to; undefined for directory objects of any kind. */
  readonly set: EntitySet | undefined
  /** The entity it hangs on, and how; undefined for an entity set itself. */
  readonly parent?: { readonly located: Located; readonly navigation: Navigation }
  readonly members: () => Iterable<Located>
  /** Finds a member by id, where there is a quicker way than looking through them all. */
  readonly find?: (id: string) => Located | undefined
  /** Its address below the version, as `@odata.context` writes it. */
  readonly context: string
}

/** A single object that a path leads to. */
export interface Single {
  readonly kind: 'single'
  readonly located: Located
  /** Its address below the version. */
  readonly context: string
  /** As `@odata.context` calls the place it is in. */
  readonly fragment: string
  /** Whether the place holds objects of any kind, so that the answer has to say which it is. */
  readonly isOfAnyKind?: true
}

/** Whatever a path leads to. */
export type Resource = Collection | Single

/** What a path is followed in. */
export interface Surroundings {
  readonly directory: Directory
  readonly caller: Caller
  /** The keys in the path, by name. */
  readonly parameters: { readonly [name: string]: string }
}

/** Begins the qualified name of a type, which as a segment narrows a collection down. */
const CAST = 'microsoft.graph.'

/** Kinds of directory objects that no collection of this tenant holds. */
const OTHER_TYPES = ['device', 'endpoint', 'orgContact']

/**
 * Follows a path such as `/users/{id}/drive/root/children` over the entity model.
 *
 * @param template segments of the route; those in braces are keys
 * @throws GraphError 404 when a key on the way names nothing
 */
export function followPath(around: Surroundings, template: string): Resource {
  const { start, rest } = startOf(around, template.split('/').slice(1))
  let resource = start
  for (const segment of rest) {
    if (segment.startsWith('{')) {
      const key = around.parameters[segment.slice(1, -1)] ?? ''
      resource = memberByKey(around.directory, resource as Collection, key)
    } else if (segment.startsWith(CAST)) {
      const name = segment.slice(CAST.length)
      const type = name.startsWith('{') ? (around.parameters[name.slice(1, -1)] ?? '') : name
      resource = narrow(resource as Collection, type)
    } else {
      resource = navigate(around.directory, resource as Single, segment)
    }
  }
  return resource
}

function startOf(
  { directory, caller }: Surroundings,
  segments: readonly string[],
): { readonly start: Resource; readonly rest: readonly string[] } {
  if (segments[0] === 'me') return { start: signedInUser(directory, caller), rest: segments.slice(1) }
  if (segments.slice(0, 2).join('/') === 'directory/deletedItems') {
    const members = () => deletedItems(directory)
    const start = { kind: 'collection', set: undefined, context: 'directoryObjects', members } as const
    return { start, rest: segments.slice(2) }
  }
  if (segments[0] === 'directoryObjects')
    return { start: directoryObjects(directory), rest: segments.slice(1) }
  const { set, rest } = setAt(segments)
  return { start: set.isSingleton ? onlyOne(directory, set) : wholeSet(directory, set), rest }
}

function signedInUser(directory: Directory, caller: Caller): Single {
  const entity = requireEntity(directory, 'users', caller.objectId)
  return { kind: 'single', located: { set: entitySet('users'), entity }, context: 'me', fragment: 'users' }
}

function directoryObjects(directory: Directory): Collection {
  return {
    kind: 'collection',
    set: undefined,
    context: 'directoryObjects',
    members: () => directoryObjectSets.flatMap((set) => [...wholeSet(directory, set).members()]),
    find: (id) => findDirectoryObject(directory, id),
  }
}

function wholeSet(directory: Directory, set: EntitySet): Collection {
  return {
    kind: 'collection',
    set,
    context: set.address ?? set.name,
    *members() {
      for (const entity of directory.store.all(set.name)) yield { set, entity }
    },
  }
}

function onlyOne(directory: Directory, set: EntitySet): Single {
  const [entity] = directory.store.all(set.name)
  if (entity === undefined) throw new Error(`the directory has no "${set.name}"`)
  const address = set.address ?? set.name
  return { kind: 'single', located: { set, entity }, context: address, fragment: address }
}

function narrow(collection: Collection, typeName: string): Collection {
  const isNamed = (name: string) => name.toLowerCase() === typeName.toLowerCase()
  const set = directoryObjectSets.find((each) => isNamed(each.typeName))
  if (set === undefined) {
    if (!OTHER_TYPES.some(isNamed)) throw notImplemented(`the type 'microsoft.graph.${typeName}'`)
    return { ...collection, members: () => [] }
  }
  return {
    ...collection,
    set,
    context: set.name,
    members: () => [...collection.members()].filter((each) => each.set === set),
  }
}

function memberByKey(directory: Directory, collection: Collection, key: string): Single {
  const { set } = collection
  const byId = (id: string) => [...collection.members()].find(({ entity }) => entity.id === id.toLowerCase())
  const located =
    set === undefined ? (collection.find ?? byId)(key) : findMember(directory, collection, set, key)
  if (located === undefined) throw notFound(key)
  const context = `${collection.context}('${located.entity.id}')`
  if (set === undefined) {
    return { kind: 'single', located, context, fragment: 'directoryObjects', isOfAnyKind: true }
  }
  return { kind: 'single', located, context, fragment: memberFragment(collection, located.set) }
}

/** What `@odata.context` calls the place of a member: its entity set, or the path to it when it lives in another. */
export function memberFragment(collection: Collection, set: EntitySet): string {
  const navigation = collection.parent?.navigation
  if (navigation?.kind === 'inverse' && navigation.contained) return collection.context
  return set.address ?? set.name
}

function findMember(
  directory: Directory,
  collection: Collection,
  set: EntitySet,
  key: string,
): Located | undefined {
  const { parent } = collection
  if (parent === undefined) return { set, entity: requireEntity(directory, set.name, key) }
  const { navigation, located } = parent
  if (navigation.kind !== 'inverse') return undefined
  const entity = entitiesNamed(directory, set, key).find(
    (each) => each.data[navigation.property] === located.entity.id,
  )
  return entity === undefined ? undefined : { set, entity }
}

/**
 * What a navigation property of an object leads to.
 *
 * @throws GraphError 404 when it leads to one object and there is none
 */
export function navigate(directory: Directory, single: Single, name: string): Resource {
  const { located } = single
  const navigation = located.set.navigation[name]
  if (navigation === undefined) {
    throw new Error(`"${located.set.name}" leads to no "${name}" in the entity model`)
  }
  const context = `${single.context}/${name}`
  const parent = { located, navigation }
  if (navigation.kind === 'inverse') return inverse(directory, located, navigation, { context, name })
  if (navigation.kind === 'references' && navigation.single) {
    const target = referencedOne(directory, navigation, String(located.entity.data[navigation.property]))
    if (target === undefined) throw notFound(name)
    return { kind: 'single', located: target, context, fragment: 'directoryObjects', isOfAnyKind: true }
  }
  const members = () => {
    switch (navigation.kind) {
      case 'references':
        return referenced(directory, located, navigation)
      case 'referrers':
        return referrers(directory, located, navigation)
      case 'through':
        return joined(directory, located, navigation.link)
    }
  }
  return { kind: 'collection', set: undefined, parent, context, members }
}

function inverse(
  directory: Directory,
  located: Located,
  navigation: Navigation & { readonly kind: 'inverse' },
  { context, name }: { readonly context: string; readonly name: string },
): Resource {
  const set = entitySet(navigation.set)
  const find = () => directory.store.find(navigation.set, navigation.property, located.entity.id)
  if (!navigation.single) {
    const members = () => find().map((entity) => ({ set, entity }))
    return { kind: 'collection', set, parent: { located, navigation }, context, members }
  }
  const [entity] = find()
  if (entity === undefined) throw notFound(name)
  return { kind: 'single', located: { set, entity }, context, fragment: set.name }
}
