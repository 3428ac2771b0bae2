import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lagSchema } from '../../../tenant/faults/lag.ts'
import { Replicas } from '../../../tenant/faults/replicas.ts'
import { openDatabase } from '../../../tenant/store/database.ts'
import type { Entities, EntityReader } from '../../../tenant/store/entity-store.ts'
import { EntityStore } from '../../../tenant/store/entity-store.ts'

const SET = 'groups'
const IDS = ['a', 'b', 'c', 'd']
const NAMES = ['x', 'y', 'z']

interface World {
  readonly store: EntityStore
  readonly replicas: Replicas
  readonly clock: { now: number }
}

function withWorld(check: (world: World) => void): void {
  const dir = mkdtempSync(join(tmpdir(), 'replicas-'))
  const store = new EntityStore(openDatabase(join(dir, 'tenant.db')), new Map([[SET, ['name']]]))
  const clock = { now: 1_000_000 }
  try {
    check({ store, clock, replicas: new Replicas(store, () => new Date(clock.now)) })
  } finally {
    store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Everything that can be read, by each way of reading. */
function everything(reader: EntityReader) {
  const plain = ({ id, data }: { id: string; data: object }) => ({ id, ...data })
  return {
    all: [...reader.all(SET)].map(plain),
    got: IDS.flatMap((id) => reader.get(SET, id) ?? []).map(plain),
    found: NAMES.map((name) =>
      reader
        .find(SET, 'name', name)
        .map(({ id }) => id)
        .sort(),
    ),
    count: reader.count(SET),
  }
}

function apply(store: Entities, [what, id, name]: readonly [string, string, string]): void {
  store.transaction(() => {
    const entity = store.get(SET, id)
    if (what === 'remove') store.remove(SET, id)
    else if (entity === undefined) store.insert(SET, id, { name })
    else store.replace(SET, entity, { name })
  })
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom('write', 'write', 'remove'),
    fc.constantFrom(...IDS),
    fc.constantFrom(...NAMES),
    fc.integer({ min: 0, max: 4000 }),
  ),
  { maxLength: 14 },
)

describe('a replica', () => {
  it('shows the directory as it was one lag ago, whatever was done since', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6000 }), (changes, lag) =>
        withWorld(({ store, replicas, clock }) => {
          replicas.lag = lagSchema.parse(lag)
          const history = [{ at: 0, state: everything(store) }]
          for (const [what, id, name, pause] of changes) {
            clock.now += pause
            apply(store, [what, id, name])
            history.push({ at: clock.now, state: everything(store) })
            const then = history.filter(({ at }) => at <= clock.now - lag).at(-1)
            expect(everything(replicas.at('list'))).toEqual(then?.state)
            expect(everything(replicas.at('object'))).toEqual(then?.state)
          }
          clock.now += lag
          expect(everything(replicas.at('list'))).toEqual(everything(store))
        }),
      ),
      { numRuns: 25 },
    )
  }, 60_000)

  it('is the store itself where there is no lag', () =>
    withWorld(({ store, replicas, clock }) => {
      expect(replicas.at('list')).toBe(store)
      replicas.lag = lagSchema.parse({ roles: '1h' })
      apply(store, ['write', 'a', 'x'])
      clock.now += 1
      expect(everything(replicas.at('list'))).toEqual(everything(store))
      replicas.lag = lagSchema.parse('1h')
      apply(store, ['write', 'b', 'x'])
      expect(replicas.at('list').count(SET)).toBe(1)
      replicas.lag = lagSchema.parse(0)
      expect(replicas.at('list')).toBe(store)
    }))

  it('never lets a change work on what is out of date', () =>
    withWorld(({ store, replicas, clock }) => {
      apply(store, ['write', 'a', 'x'])
      replicas.lag = lagSchema.parse('1h')
      clock.now += 3_600_000
      apply(store, ['write', 'a', 'y'])
      apply(store, ['write', 'b', 'z'])
      const forWrites = replicas.at('write')
      expect(forWrites.get(SET, 'a')?.data['name']).toBe('y')
      expect(() => forWrites.get(SET, 'b')).toThrow(expect.objectContaining({ status: 404 }))
      expect(replicas.at('list').get(SET, 'a')?.data['name']).toBe('x')
    }))

  it('catches up when it is told to', () =>
    withWorld(({ store, replicas }) => {
      replicas.lag = lagSchema.parse('1h')
      apply(store, ['write', 'a', 'x'])
      expect(replicas.at('object').get(SET, 'a')).toBeUndefined()
      replicas.catchUp()
      expect(replicas.at('object').get(SET, 'a')?.data['name']).toBe('x')
    }))

  it('forgets a change that was taken back', () =>
    withWorld(({ store, replicas }) => {
      apply(store, ['write', 'a', 'x'])
      replicas.lag = lagSchema.parse('1h')
      const failing = () =>
        store.transaction(() => {
          store.remove(SET, 'a')
          throw new Error('refused')
        })
      expect(failing).toThrow('refused')
      expect(everything(replicas.at('list'))).toEqual(everything(store))
    }))
})
