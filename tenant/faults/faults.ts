import { randomUUID } from 'node:crypto'
import { tokenBucket } from './quota.ts'
import type { FaultableRequest } from './request.ts'
import { type Fault, isLate, type LateFault } from './rule.ts'

/** A rule in force, and what it has done. */
export interface ActiveFault {
  readonly id: string
  readonly rule: Fault
  /** Requests that fitted it. */
  readonly seen: number
  /** Requests that it hit. */
  readonly hits: number
}

interface Entry extends ActiveFault {
  seen: number
  hits: number
  readonly chance: () => number
  /** Whether a quota lets another request pass. */
  readonly isWithinQuota: () => boolean
  readonly fits: (request: FaultableRequest) => boolean
}

/** The rules in force, in the order they were added. */
export class Faults {
  #entries: Entry[] = []

  /** Adds a rule after those in force, and returns the id to remove it by. */
  add(fault: Fault): string {
    const id = randomUUID()
    this.#entries.push({
      id,
      rule: fault,
      seen: 0,
      hits: 0,
      chance: chances(fault.seed),
      isWithinQuota: 'quota' in fault && fault.quota ? tokenBucket(fault.quota) : () => false,
      fits: matcher(fault),
    })
    return id
  }

  /** Whether there was one of that id. */
  remove(id: string): boolean {
    const before = this.#entries.length
    this.#entries = this.#entries.filter((each) => each.id !== id)
    return this.#entries.length < before
  }

  clear(): void {
    this.#entries = []
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  list(): readonly ActiveFault[] {
    return this.#entries.map(({ id, rule, seen, hits }) => ({ id, rule, seen, hits }))
  }

  /** The faults that hit a request before it is worked on, in order; the last one ends it, unless it is a delay. */
  before(request: FaultableRequest): readonly Exclude<Fault, LateFault>[] {
    const hits: Exclude<Fault, LateFault>[] = []
    for (const entry of this.#entries) {
      const { rule } = entry
      if (isLate(rule) || !strikes(entry, request)) continue
      hits.push(rule)
      if (rule.effect !== 'delay') break
    }
    return hits
  }

  /** The fault that hits the answer of a request that went well. */
  after(request: FaultableRequest): LateFault | undefined {
    for (const entry of this.#entries) {
      const { rule } = entry
      if (isLate(rule) && strikes(entry, request)) return rule
    }
    return undefined
  }
}

function strikes(entry: Entry, request: FaultableRequest): boolean {
  const { rule } = entry
  if (rule.times !== undefined && entry.hits >= rule.times) return false
  if (!entry.fits(request)) return false
  entry.seen += 1
  if (entry.seen <= rule.skip || entry.chance() >= rule.probability) return false
  if (entry.isWithinQuota()) return false
  entry.hits += 1
  return true
}

function matcher({ on }: Fault): (request: FaultableRequest) => boolean {
  const path = on.path === undefined ? undefined : pathPattern(on.path)
  const operation = on.operation?.toLowerCase()
  return (request) =>
    (on.service === undefined || on.service === request.service) &&
    (on.method === undefined || on.method.includes(request.method)) &&
    (operation === undefined || operation === request.operation?.toLowerCase()) &&
    (on.caller === undefined || on.caller === request.caller) &&
    (path === undefined || path.test(request.path))
}

function pathPattern(path: string): RegExp {
  const source = path
    .replace(/\/+$/, '')
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))
  return new RegExp(`^${source}/?$`, 'i')
}

/** Numbers from 0 to 1, always the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
