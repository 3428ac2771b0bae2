import {
  type Directory,
  entitiesNamed,
  findDirectoryObject,
  type Located,
  requireEntity,
} from '../directory.ts'
import type { EntitySet, Navigation } from '../model/entity-set.ts'
import { entitySet, setAt } from '../model/index.ts'
import { strings } from '../store/entity.ts'
import { notFound } from './errors.ts'

/** A collection that a path leads to. */
export interface Collection {
  readonly kind: 'collection'
  /** The set its members belong to; undefined for directory objects of any kind. */
  readonly set: EntitySet | undefined
  /** The entity it hangs on, and how; undefined for an entity set itself. */
  readonly parent?: { readonly located: Located; readonly navigation: Navigation }
  readonly members: () => Iterable<Located>
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
}

/** Whatever a path leads to. */
export type Resource = Collection | Single

/**
 * Follows a path such as `/users/{id}/drive/root/children` over the entity model.
 *
 * @param template segments of the route; those in braces are keys
 * @param parameters the keys, by name
 * @throws GraphError 404 when a key on the way names nothing
 */
export function followPath(
  directory: Directory,
  template: string,
  parameters: { readonly [name: string]: string },
): Resource {
  const { set, rest } = setAt(template.split('/').filter((segment) => segment !== ''))
  let resource: Resource = set.isSingleton ? onlyOne(directory, set) : wholeSet(directory, set)
  for (const segment of rest) {
    resource = segment.startsWith('{')
      ? memberByKey(directory, resource as Collection, parameters[segment.slice(1, -1)] ?? '')
      : navigate(directory, resource as Single, segment)
  }
  return resource
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

function memberByKey(directory: Directory, collection: Collection, key: string): Single {
  const located =
    collection.set === undefined ? undefined : findMember(directory, collection, collection.set, key)
  if (located === undefined) throw notFound(key)
  const context = `${collection.context}('${located.entity.id}')`
  return { kind: 'single', located, context, fragment: memberFragment(collection, located.set) }
}

/** What `@odata.context` calls the place of a member: its entity set, or the path to it when it lives in another. */
export function memberFragment(collection: Collection, set: EntitySet): string {
  const navigation = collection.parent?.navigation
  return navigation?.kind === 'inverse' && navigation.contained ? collection.context : set.name
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

function navigate(directory: Directory, single: Single, name: string): Resource {
  const { located } = single
  const navigation = located.set.navigation[name]
  if (navigation === undefined)
    throw new Error(`"${located.set.name}" leads to no "${name}" in the entity model`)
  const context = `${single.context}/${name}`
  if (navigation.kind === 'references') return references(directory, located, navigation, context)
  const set = entitySet(navigation.set)
  const find = () => directory.store.find(navigation.set, navigation.property, located.entity.id)
  if (navigation.single) {
    const [entity] = find()
    if (entity === undefined) throw notFound(name)
    return { kind: 'single', located: { set, entity }, context, fragment: set.name }
  }
  return {
    kind: 'collection',
    set,
    parent: { located, navigation },
    context,
    members: () => find().map((entity) => ({ set, entity })),
  }
}

function references(
  directory: Directory,
  located: Located,
  navigation: Navigation & { readonly kind: 'references' },
  context: string,
): Collection {
  const ids = strings(located.entity.data[navigation.property])
  return {
    kind: 'collection',
    set: undefined,
    parent: { located, navigation },
    context,
    members: () => ids.flatMap((id) => findDirectoryObject(directory, id) ?? []),
  }
}
