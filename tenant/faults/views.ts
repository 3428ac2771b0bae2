import { badRequest, notFound } from '../errors/graph-error.ts'
import { normaliseId } from '../lib/ids.ts'
import type { Data, Entity } from '../store/entity.ts'
import type { Change, Entities, EntityStore } from '../store/entity-store.ts'
import type { History } from './history.ts'

/** How far behind a replica is, in milliseconds. */
export interface Delays {
  /** Of a single object. */
  one(set: string): number
  /** Of what walks or searches a set. */
  of(set: string): number
  /** Properties of a set that travel on their own. */
  readonly properties?: { readonly [set: string]: { readonly [property: string]: number } }
}

/** Hands everything on to the store. */
class StoreView implements Entities {
  protected readonly store: EntityStore

  constructor(store: EntityStore) {
    this.store = store
  }

  get(set: string, id: string): Entity | undefined {
    return this.store.get(set, id)
  }

  all(set: string): Iterable<Entity> {
    return this.store.all(set)
  }

  find(set: string, property: string, value: string): Entity[] {
    return this.store.find(set, property, value)
  }

  isIndexed(set: string, property: string): boolean {
    return this.store.isIndexed(set, property)
  }

  count(set: string): number {
    return this.store.count(set)
  }

  pendingChanges(): readonly Change[] {
    return this.store.pendingChanges()
  }

  insert(set: string, id: string, data: Data): Entity {
    return this.store.insert(set, id, data)
  }

  replace(set: string, entity: Entity, data: Data): Entity {
    return this.store.replace(set, entity, data)
  }

  remove(set: string, id: string): void {
    this.store.remove(set, id)
  }

  transaction<T>(change: () => T): T {
    return this.store.transaction(change)
  }
}

/** Reads as a replica answers them; changes go to the store itself. */
export class LaggingStore extends StoreView {
  readonly #history: History
  readonly #now: number
  readonly #delays: Delays

  /** @param now milliseconds since the epoch */
  constructor(store: EntityStore, history: History, now: number, delays: Delays) {
    super(store)
    this.#history = history
    this.#now = now
    this.#delays = delays
  }

  override get(set: string, id: string): Entity | undefined {
    return this.#entity(set, normaliseId(id), this.#delays.one(set))
  }

  override *all(set: string): Iterable<Entity> {
    const changed = this.#changed(set)
    if (changed.length === 0) {
      for (const { id } of this.store.all(set)) yield* this.#present(set, id)
      return
    }
    const ids = new Set([...[...this.store.all(set)].map(({ id }) => id), ...changed])
    const entities = [...ids].flatMap((id) => [...this.#present(set, id)])
    yield* entities.sort((a, b) => a.sequence - b.sequence)
  }

  override find(set: string, property: string, value: string): Entity[] {
    const ids = new Set([...this.store.find(set, property, value).map(({ id }) => id), ...this.#changed(set)])
    return [...ids]
      .flatMap((id) => [...this.#present(set, id)])
      .filter(({ data }) => String(data[property] ?? '').toLowerCase() === value.toLowerCase())
      .sort((a, b) => a.sequence - b.sequence)
  }

  override count(set: string): number {
    return [...this.all(set)].length
  }

  #entity(set: string, id: string, delay: number): Entity | undefined {
    const current = this.store.get(set, id)
    const entity = this.#seen(set, id, current, delay)
    return entity === undefined ? undefined : this.#withOwnProperties(set, entity, current)
  }

  #seen(set: string, id: string, current: Entity | undefined, delay: number): Entity | undefined {
    return delay === 0 ? current : this.#history.entityAt(set, id, this.#now - delay, current)
  }

  #changed(set: string): readonly string[] {
    const delay = this.#delays.of(set)
    return delay === 0 ? [] : this.#history.changedSince(set, this.#now - delay)
  }

  *#present(set: string, id: string): Iterable<Entity> {
    const entity = this.#entity(set, id, this.#delays.of(set))
    if (entity !== undefined) yield entity
  }

  #withOwnProperties(set: string, entity: Entity, current: Entity | undefined): Entity {
    const properties = this.#delays.properties?.[set]
    if (properties === undefined) return entity
    const own = Object.entries(properties).map(([property, delay]) => {
      const then = this.#seen(set, entity.id, current, delay)
      return [property, then?.data[property] ?? null] as const
    })
    return { ...entity, data: { ...entity.data, ...Object.fromEntries(own) } }
  }
}

/** The store, but for objects that the replica behind a change has not heard of. */
export class UnawareStore extends StoreView {
  readonly #isFresh: (set: string, entity: Entity) => boolean

  constructor(store: EntityStore, isFresh: (set: string, entity: Entity) => boolean) {
    super(store)
    this.#isFresh = isFresh
  }

  /** @throws GraphError 404, whatever the rule that asks would say: that is what the real service does */
  override get(set: string, id: string): Entity | undefined {
    const entity = this.store.get(set, id)
    if (entity !== undefined && this.#isFresh(set, entity)) throw notFound(id)
    return entity
  }

  /** @throws GraphError 400 for a fresh application named by its app id, with the real service's words */
  override find(set: string, property: string, value: string): Entity[] {
    const found = this.store.find(set, property, value)
    if (set !== 'applications' || property !== 'appId') return found
    if (!found.some((entity) => this.#isFresh(set, entity))) return found
    throw badRequest(
      `The appId '${value}' of the service principal does not reference a valid application object.`,
      [
        {
          code: 'NoBackingApplicationObject',
          message: `The appId '${value}' of the service principal does not reference a valid application object.`,
          target: 'appId',
        },
      ],
    )
  }
}
