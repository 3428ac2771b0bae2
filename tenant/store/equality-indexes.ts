import type { Entity } from './entity.ts'

/** Names of the properties to index, by entity set. */
export type IndexPlan = ReadonlyMap<string, readonly string[]>

/** Finds entities by the value of a string property, without regard to case, without walking the set. */
export class EqualityIndexes {
  readonly #plan: IndexPlan
  /** set → property → lower-cased value → ids, oldest first. */
  readonly #ids = new Map<string, Map<string, Map<string, Set<string>>>>()

  constructor(plan: IndexPlan) {
    this.#plan = plan
    for (const [set, properties] of plan) {
      this.#ids.set(set, new Map(properties.map((property) => [property, new Map()])))
    }
  }

  covers(set: string, property: string): boolean {
    return this.#ids.get(set)?.has(property) === true
  }

  lookUp(set: string, property: string, value: string): readonly string[] {
    return [...(this.#ids.get(set)?.get(property)?.get(value.toLowerCase()) ?? [])]
  }

  add(set: string, entity: Entity): void {
    for (const [values, key] of this.#slots(set, entity)) {
      const ids = values.get(key)
      if (ids === undefined) values.set(key, new Set([entity.id]))
      else ids.add(entity.id)
    }
  }

  remove(set: string, entity: Entity): void {
    for (const [values, key] of this.#slots(set, entity)) {
      const ids = values.get(key)
      ids?.delete(entity.id)
      if (ids?.size === 0) values.delete(key)
    }
  }

  *#slots(set: string, entity: Entity): Iterable<[Map<string, Set<string>>, string]> {
    for (const property of this.#plan.get(set) ?? []) {
      const value = entity.data[property]
      const values = this.#ids.get(set)?.get(property)
      if (typeof value === 'string' && values !== undefined) yield [values, value.toLowerCase()]
    }
  }
}
