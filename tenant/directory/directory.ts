import { notFound } from '../errors/graph-error.ts'
import type { Clock } from '../lib/clock.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { directoryObjectSets, entitySet } from '../model/index.ts'
import type { Entity } from '../store/entity.ts'
import type { Entities } from '../store/entity-store.ts'
import type { MicrosoftApi } from './microsoft-apis.ts'

/** An entity with the set it belongs to. */
export interface Located {
  readonly set: EntitySet
  readonly entity: Entity
}

/**
 * Who looks at the directory, since the real one is many replicas and each use reads another of them:
 * - `object`: a GET of one object
 * - `list`: a GET of a list, filtered or not
 * - `write`: a change, with the objects that it names
 * - `login`: the issue of a token
 */
export type ReplicaSite = 'object' | 'list' | 'write' | 'login'

/**
 * How lists that are sets by nature (redirectUris, appRoles, requiredResourceAccess) are read back: the real service
 * promises no order, so clients must not depend on the one that they wrote.
 */
export type ListOrder = 'written' | 'reversed'

/** Everything the rules of the tenant work on: its objects, its clock, its names and addresses. */
export interface Directory {
  readonly store: Entities
  /** The store as one of the service's replicas has it; absent where replication takes no time. */
  readonly replica?: (site: ReplicaSite) => Entities
  readonly now: Clock
  readonly tenantId: string
  readonly tenantName: string
  /** The verified default domain: `contoso.onmicrosoft.com`. */
  readonly domain: string
  /** When the tenant was created. */
  readonly createdAt: Date
  /** Microsoft's own applications, by lower-case app id. */
  readonly microsoftApis: ReadonlyMap<string, MicrosoftApi>
  /** How lists that are sets by nature are read back. */
  readonly listOrder: ListOrder
  /** Origin of login and Graph, without a trailing slash. Known once the server listens. */
  readonly url: () => string
}

/** The directory as it is seen there at this moment. */
export function asSeenBy(directory: Directory, site: ReplicaSite): Directory {
  return directory.replica === undefined ? directory : { ...directory, store: directory.replica(site) }
}

/** The directory object (of any kind) with this id, if there is one. */
export function findDirectoryObject(directory: Directory, id: string): Located | undefined {
  for (const set of directoryObjectSets) {
    const entity = directory.store.get(set.name, id)
    if (entity !== undefined) return { set, entity }
  }
  return undefined
}

/**
 * The entity of a set by any of its keys.
 *
 * @throws GraphError 404 when there is none
 */
export function requireEntity(directory: Directory, setName: string, key: string): Entity {
  const [entity] = entitiesNamed(directory, entitySet(setName), key)
  if (entity === undefined) throw notFound(key)
  return entity
}

/**
 * The entity with this id or this named key (`appId='…'`), or all that the set's alternate key calls so: within one
 * owner that is one at most.
 */
export function entitiesNamed(directory: Directory, set: EntitySet, key: string): readonly Entity[] {
  const byId = directory.store.get(set.name, key)
  if (byId !== undefined) return [byId]
  const named = keyOf(set, key)
  return named === undefined ? [] : directory.store.find(set.name, named.property, named.value)
}

/** The property that a key in a path stands for, and its value; undefined when it can only be an id. */
export function keyOf(
  set: EntitySet,
  key: string,
): { readonly property: string; readonly value: string; readonly isNamed: boolean } | undefined {
  const named = namedKey(key)
  const property = set.namedKeys?.find((each) => each.toLowerCase() === named?.name.toLowerCase())
  if (named !== undefined && property !== undefined) return { property, value: named.value, isNamed: true }
  return set.alternateKey === undefined
    ? undefined
    : { property: set.alternateKey, value: key, isNamed: false }
}

const NAMED_KEY = /^(\w+)='(.*)'$/s

/** A key of the form `appId='{appId}'`, taken apart; undefined for a plain one. */
function namedKey(key: string): { readonly name: string; readonly value: string } | undefined {
  const found = NAMED_KEY.exec(key)
  return found === null ? undefined : { name: found[1] ?? '', value: found[2] ?? '' }
}
