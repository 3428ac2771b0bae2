import { randomUUID } from 'node:crypto'
import type { Entity, Json } from '../store/entity.ts'
import type { Entities } from '../store/entity-store.ts'

/** The set of the states below: the tenant's own bookkeeping, which no address leads to and no lag touches. */
export const DELTA_STATES = 'deltaStates'

/** How many states are kept; whoever comes with an older one starts over, as at the real service after some days. */
const KEPT = 20

/** What a client knew of one object: a digest of the members that it asked for, and the ids that it was told of. */
export type Known = {
  readonly digest: string
  /** Ids by navigation property. */
  readonly links: { readonly [name: string]: readonly string[] }
}

/** One round of a delta query: what it tells, and what the client knows after it, so that the next round can begin there. */
export type DeltaState = {
  /** The entity set, and whether it was asked for under `/beta`. */
  readonly set: string
  readonly beta: boolean
  /** Properties and navigation properties of `$select`; null for what Graph tells by default. */
  readonly select: readonly string[] | null
  /** Ids of the objects that are new or changed, then those that are gone. */
  readonly changed: readonly string[]
  readonly gone: readonly string[]
  /** Before the round, and after it, by id. */
  readonly before: { readonly [id: string]: Known }
  readonly after: { readonly [id: string]: Known }
}

/** Keeps a state, and forgets the oldest beyond those that are kept. */
export function keepDeltaState(store: Entities, state: DeltaState): string {
  return store.transaction(() => {
    const { id } = store.insert(DELTA_STATES, randomUUID(), state as { readonly [name: string]: Json })
    const states = [...store.all(DELTA_STATES)]
    for (const each of states.slice(0, -KEPT)) store.remove(DELTA_STATES, each.id)
    return id
  })
}

/** The state of that id, undefined when it is forgotten. */
export function deltaState(store: Entities, id: string): DeltaState | undefined {
  const entity: Entity | undefined = store.get(DELTA_STATES, id)
  return entity?.data as DeltaState | undefined
}
