import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../tenant/store/database.ts'
import { EntityStore } from '../../../tenant/store/entity-store.ts'

const PLAN = new Map([['things', ['name']]])

let dir: string
let store: EntityStore
const open = (): EntityStore => new EntityStore(openDatabase(join(dir, 'tenant.db')), PLAN)

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'store-'))
  store = open()
})
afterEach(() => {
  store.close()
  rmSync(dir, { recursive: true, force: true })
})

const ids = (from: EntityStore): string[] => [...from.all('things')].map(({ id }) => id)

describe('EntityStore', () => {
  it('finds by id and by index, without regard to case', () => {
    const id = 'ABCDEF00-0000-4000-8000-000000000000'
    store.transaction(() => store.insert('things', id, { name: 'One' }))
    expect(store.get('things', id.toLowerCase())?.data['name']).toBe('One')
    expect(store.find('things', 'name', 'oNE').map((each) => each.id)).toEqual([id.toLowerCase()])
    expect(store.find('things', 'name', 'two')).toEqual([])
    expect(store.isIndexed('things', 'colour')).toBe(false)
  })

  it('keeps the case of ids that are no GUIDs', () => {
    store.transaction(() => store.insert('things', 'aB', {}))
    expect(store.get('things', 'ab')).toBeUndefined()
    expect(store.get('things', 'aB')?.id).toBe('aB')
  })

  it('changes only inside a transaction', () => {
    expect(() => store.insert('things', 'a', {})).toThrow('inside a transaction')
    expect(ids(store)).toEqual([])
    store.close()
    store = open()
    expect(ids(store)).toEqual([])
  })

  it('is after a failed transaction as before it, in order and indexes too', () => {
    store.transaction(() => {
      for (const id of ['a', 'b', 'c']) store.insert('things', id, { name: `name ${id}` })
    })
    const failing = () =>
      store.transaction(() => {
        const b = store.get('things', 'b')
        if (b !== undefined) store.replace('things', b, { name: 'changed' })
        store.insert('things', 'd', { name: 'new' })
        store.remove('things', 'a')
        throw new Error('refused')
      })
    expect(failing).toThrow('refused')
    expect(ids(store)).toEqual(['a', 'b', 'c'])
    expect(store.find('things', 'name', 'name a')).toHaveLength(1)
    expect(store.find('things', 'name', 'name b')).toHaveLength(1)
    expect(store.find('things', 'name', 'changed')).toEqual([])
    expect(store.find('things', 'name', 'new')).toEqual([])
  })

  it('is after reopening as it was, whatever was done', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    const change = fc.record({
      key,
      name: fc.constantFrom('x', 'y', null),
      what: fc.constantFrom('put', 'remove'),
    })
    fc.assert(
      fc.property(
        fc.array(fc.record({ changes: fc.array(change, { maxLength: 4 }), fails: fc.boolean() }), {
          maxLength: 5,
        }),
        (units) => {
          for (const { changes, fails } of units) {
            const run = () =>
              store.transaction(() => {
                for (const each of changes) {
                  const current = store.get('things', each.key)
                  if (each.what === 'remove') store.remove('things', each.key)
                  else if (current === undefined) store.insert('things', each.key, { name: each.name })
                  else store.replace('things', current, { name: each.name })
                }
                if (fails) throw new Error('refused')
              })
            if (fails) expect(run).toThrow('refused')
            else run()
          }
          const before = [...store.all('things')]
          const found = store.find('things', 'name', 'x').map(({ id }) => id)
          store.close()
          store = open()
          expect([...store.all('things')]).toEqual(before)
          expect(
            store
              .find('things', 'name', 'x')
              .map(({ id }) => id)
              .sort(),
          ).toEqual(found.sort())
          expect(found.sort()).toEqual(
            before
              .filter(({ data }) => data['name'] === 'x')
              .map(({ id }) => id)
              .sort(),
          )
        },
      ),
      { numRuns: 25 },
    )
  })
})
