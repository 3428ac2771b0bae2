import type { z } from 'zod'
import type { Problem } from './problems.ts'

/** What could be read of a value with mistakes of form. */
export interface PartiallyParsed<T> {
  readonly value: T
  /** The path in the value as it is written, of a path in what could be read: lists lose their wrong entries. */
  readonly pathAsWritten: (path: Problem['path']) => Problem['path']
}

/** More rounds than any declaration needs: each removes what was wrong at one depth. */
const MAX_ROUNDS = 20

/** Texts for people, which no rule compares with anything: a missing one must not hide what stands beside it. */
const PLACEHOLDERS: Readonly<Record<string, string>> = { displayName: 'x', description: 'x' }

/**
 * Reads what can be read of a value with mistakes of form: wrong settings and wrong entries of lists are left out. A
 * required one that is missing takes what it belongs to with it.
 *
 * @returns `undefined` when nothing is left
 */
export function parsePartially<T>(schema: z.ZodType<T>, value: unknown): PartiallyParsed<T> | undefined {
  const rest = new Remainder(value)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(rest.value)
    if (parsed.success) return { value: parsed.data, pathAsWritten: (path) => rest.pathAsWritten(path) }
    const paths = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
    )
    if (!rest.remove(paths)) return undefined
  }
  return undefined
}

/** A copy of a value that is taken apart; it remembers which places the entries of its lists had. */
class Remainder {
  readonly value: unknown
  readonly #places = new WeakMap<readonly unknown[], number[]>()

  constructor(value: unknown) {
    this.value = structuredClone(value)
  }

  /** @returns whether anything is left */
  remove(paths: readonly (readonly PropertyKey[])[]): boolean {
    const entries = new Map<unknown[], Set<number>>()
    for (const path of paths) if (!this.#removeAt(path, entries)) return false
    for (const [list, doomed] of entries) {
      const places = this.#placesOf(list).filter((_, i) => !doomed.has(i))
      list.splice(0, list.length, ...list.filter((_, i) => !doomed.has(i)))
      this.#places.set(list, places)
    }
    return true
  }

  pathAsWritten(path: Problem['path']): Problem['path'] {
    let node = this.value
    return path.map((step) => {
      const place = Array.isArray(node) ? (this.#places.get(node)?.[Number(step)] ?? step) : step
      node = childOf(node, step)
      return place
    })
  }

  /** @param entries those of lists, to be removed all at once, since each removal moves the others */
  #removeAt(path: readonly PropertyKey[], entries: Map<unknown[], Set<number>>): boolean {
    const last = path.at(-1)
    if (last === undefined) return false
    const parent = path.slice(0, -1).reduce(childOf, this.value)
    if (Array.isArray(parent)) {
      entries.set(parent, (entries.get(parent) ?? new Set()).add(Number(last)))
      return true
    }
    if (typeof parent !== 'object' || parent === null) return true
    const mapping = parent as Record<PropertyKey, unknown>
    const placeholder = PLACEHOLDERS[String(last)]
    if (last in mapping && mapping[last] !== placeholder) delete mapping[last]
    else if (!(last in mapping) && placeholder !== undefined) mapping[last] = placeholder
    else return this.#removeAt(path.slice(0, -1), entries)
    return true
  }

  #placesOf(list: readonly unknown[]): readonly number[] {
    return this.#places.get(list) ?? [...list.keys()]
  }
}

function childOf(node: unknown, step: PropertyKey): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[step] : undefined
}
