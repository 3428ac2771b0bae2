import type { Entity } from '../store/entity.ts'
import type { Change } from '../store/entity-store.ts'

/** What an entity was until `until`, in milliseconds since the epoch; `undefined` before it was made. */
interface Revision {
  readonly set: string
  readonly id: string
  readonly entity: Entity | undefined
  readonly until: number
}

/** What the directory was a short while ago: for replicas that have not caught up. */
export class History {
  /** Oldest first. */
  #revisions: Revision[] = []
  readonly #ofEntity = new Map<string, Map<string, Revision[]>>()

  /** Notes down what a transaction replaced at that moment, and forgets what nobody can look back to. */
  record(changes: readonly Change[], now: number, longestLag: number): void {
    this.#forgetBefore(now - longestLag)
    for (const { set, before, after } of changes) {
      const id = (after ?? before)?.id
      if (id !== undefined) this.#add({ set, id, entity: before, until: now })
    }
  }

  /** The entity as it was at `moment`: `current` unless it has changed since. */
  entityAt(set: string, id: string, moment: number, current: Entity | undefined): Entity | undefined {
    const next = this.#ofEntity
      .get(set)
      ?.get(id)
      ?.find(({ until }) => until > moment)
    return next === undefined ? current : next.entity
  }

  /** Ids of the entities of `set` that have been different since `moment`. */
  changedSince(set: string, moment: number): readonly string[] {
    const entities = this.#ofEntity.get(set)
    if (entities === undefined) return []
    return [...entities].flatMap(([id, revisions]) => ((revisions.at(-1)?.until ?? 0) > moment ? [id] : []))
  }

  clear(): void {
    this.#revisions = []
    this.#ofEntity.clear()
  }

  #add(revision: Revision): void {
    this.#revisions.push(revision)
    const entities = this.#ofEntity.get(revision.set) ?? new Map<string, Revision[]>()
    this.#ofEntity.set(revision.set, entities)
    const revisions = entities.get(revision.id)
    if (revisions === undefined) entities.set(revision.id, [revision])
    else revisions.push(revision)
  }

  #forgetBefore(moment: number): void {
    const kept = this.#revisions.findIndex(({ until }) => until > moment)
    const old = this.#revisions.splice(0, kept === -1 ? this.#revisions.length : kept)
    for (const { set, id } of old) {
      const entities = this.#ofEntity.get(set)
      const revisions = entities?.get(id)
      revisions?.shift()
      if (revisions?.length === 0) entities?.delete(id)
    }
  }
}
