import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { normaliseId } from '../lib/ids.ts'
import type { Data, Entity } from './entity.ts'
import { EqualityIndexes, type IndexPlan } from './equality-indexes.ts'

/** Reading entities, at whatever state of the directory the reader sees. */
export interface EntityReader {
  /** The entity of `set` with this id (GUIDs in any case), if there is one. */
  get(set: string, id: string): Entity | undefined
  /** All entities of `set`, in the order they were created. */
  all(set: string): Iterable<Entity>
  /** Entities of `set` whose indexed `property` equals `value`, without regard to case, oldest first. */
  find(set: string, property: string, value: string): Entity[]
  /** Whether `find` can answer for this property. */
  isIndexed(set: string, property: string): boolean
  /** How many entities `set` has. */
  count(set: string): number
}

/** Reading and changing entities. */
export interface Entities extends EntityReader {
  /** Adds an entity. Only inside `transaction`. */
  insert(set: string, id: string, data: Data): Entity
  /** Replaces the data of an existing entity. Only inside `transaction`. */
  replace(set: string, entity: Entity, data: Data): Entity
  /** Removes an entity, if it is there. Only inside `transaction`. */
  remove(set: string, id: string): void
  /**
   * Runs `change` as one unit: on disk when this returns, or, when `change` throws, as if it had never begun.
   */
  transaction<T>(change: () => T): T
  /** What the transaction under way has changed so far, in order. */
  pendingChanges(): readonly Change[]
}

/** One entity made (no `before`), replaced, or removed (no `after`). */
export interface Change {
  readonly set: string
  readonly before: Entity | undefined
  readonly after: Entity | undefined
}

/**
 * Entities of all sets: read from memory, written to SQLite first and to memory with it. The whole directory fits in
 * memory (an application takes some 3 kB), and one process owns the file, so nothing can change behind the copy.
 * Entities are replaced, never modified.
 */
export class EntityStore implements Entities {
  readonly #database: DatabaseSync
  readonly #sets = new Map<string, Map<string, Entity>>()
  readonly #indexes: EqualityIndexes
  readonly #upsert: StatementSync
  readonly #delete: StatementSync
  #nextSequence = 1
  #changes: Change[] | undefined
  #onCommit: (changes: readonly Change[]) => void = () => {}

  constructor(database: DatabaseSync, indexPlan: IndexPlan) {
    this.#database = database
    this.#indexes = new EqualityIndexes(indexPlan)
    this.#upsert = database.prepare(
      'INSERT OR REPLACE INTO entities (entity_set, id, sequence, data) VALUES (?, ?, ?, ?)',
    )
    this.#delete = database.prepare('DELETE FROM entities WHERE entity_set = ? AND id = ?')
    this.#load()
  }

  get(set: string, id: string): Entity | undefined {
    return this.#sets.get(set)?.get(normaliseId(id))
  }

  all(set: string): Iterable<Entity> {
    return this.#sets.get(set)?.values() ?? []
  }

  find(set: string, property: string, value: string): Entity[] {
    return this.#indexes.lookUp(set, property, value).flatMap((id) => this.get(set, id) ?? [])
  }

  isIndexed(set: string, property: string): boolean {
    return this.#indexes.covers(set, property)
  }

  count(set: string): number {
    return this.#sets.get(set)?.size ?? 0
  }

  /** Every entity of every set, in the order they were created. */
  everything(): readonly { readonly set: string; readonly entity: Entity }[] {
    return [...this.#sets]
      .flatMap(([set, entities]) => [...entities.values()].map((entity) => ({ set, entity })))
      .sort((a, b) => a.entity.sequence - b.entity.sequence)
  }

  insert(set: string, id: string, data: Data): Entity {
    const entity = { id: normaliseId(id), sequence: this.#nextSequence, data }
    this.#nextSequence += 1
    return this.#write(set, entity)
  }

  replace(set: string, entity: Entity, data: Data): Entity {
    return this.#write(set, { ...entity, data })
  }

  remove(set: string, id: string): void {
    const before = this.get(set, id)
    if (before === undefined) return
    this.#delete.run(set, before.id)
    this.#swap(set, before, undefined)
    this.#remember({ set, before, after: undefined })
  }

  transaction<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    const changes: Change[] = []
    this.#changes = changes
    let result: T
    try {
      result = change()
      this.#database.exec('COMMIT')
    } catch (error) {
      for (const each of changes.reverse()) this.#undo(each)
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    } finally {
      this.#changes = undefined
    }
    this.#onCommit(changes)
    return result
  }

  pendingChanges(): readonly Change[] {
    return this.#changes ?? []
  }

  /** Names the one listener that is told of each transaction, once it is on disk. */
  onCommit(listener: (changes: readonly Change[]) => void): void {
    this.#onCommit = listener
  }

  /** A value kept beside the entities, such as the tenant id. */
  meta(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name)
    return row === undefined ? undefined : String(row['value'])
  }

  setMeta(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value)
  }

  close(): void {
    this.#database.close()
  }

  #load(): void {
    const rows = this.#database.prepare(
      'SELECT entity_set, id, sequence, data FROM entities ORDER BY sequence',
    )
    for (const row of rows.iterate()) {
      const sequence = Number(row['sequence'])
      const data = JSON.parse(String(row['data'])) as Data
      this.#swap(String(row['entity_set']), undefined, { id: String(row['id']), sequence, data })
      this.#nextSequence = sequence + 1
    }
  }

  #write(set: string, entity: Entity): Entity {
    const before = this.get(set, entity.id)
    this.#remember({ set, before, after: entity })
    this.#upsert.run(set, entity.id, entity.sequence, JSON.stringify(entity.data))
    this.#swap(set, before, entity)
    return entity
  }

  #undo({ set, before, after }: Change): void {
    this.#swap(set, after, before)
    if (after !== undefined || before === undefined) return
    // Lists and their pages rely on the order of creation, so what was removed goes back to its place.
    const inOrder = [...this.all(set)].sort((a, b) => a.sequence - b.sequence)
    this.#sets.set(set, new Map(inOrder.map((each) => [each.id, each])))
  }

  #remember(change: Change): void {
    if (this.#changes === undefined) throw new Error('entities change only inside a transaction')
    this.#changes.push(change)
  }

  #swap(set: string, before: Entity | undefined, after: Entity | undefined): void {
    let entities = this.#sets.get(set)
    if (entities === undefined) {
      entities = new Map()
      this.#sets.set(set, entities)
    }
    if (before !== undefined) {
      this.#indexes.remove(set, before)
      if (after === undefined) entities.delete(before.id)
    }
    if (after !== undefined) {
      entities.set(after.id, after)
      this.#indexes.add(set, after)
    }
  }
}
