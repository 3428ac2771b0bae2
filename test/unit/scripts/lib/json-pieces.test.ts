import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonPieces } from '../../../../scripts/lib/json-pieces.ts'

describe('JSON in pieces', () => {
  it('is what JSON.stringify writes, however deep it is taken apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat({ max: 5 }), (value, depth) => {
        expect([...jsonPieces(value, depth)].join('\n')).toBe(JSON.stringify(value, null, 2))
      }),
    )
  })

  it('leaves out what is undefined', () => {
    const value = { a: undefined, b: [{ c: undefined }] }
    expect([...jsonPieces(value, 3)].join('\n')).toBe(JSON.stringify(value, null, 2))
  })

  it('takes an iterator for a list', () => {
    const made = [[], [1], [1, 2]].map((list) => ({ list }))
    for (const { list } of made) {
      expect([...jsonPieces({ list: list.values() }, 2)].join('\n')).toBe(JSON.stringify({ list }, null, 2))
    }
  })

  it('has a piece for each element of a list', () => {
    const list = Array.from({ length: 1000 }, (_, id) => ({ id, name: 'x'.repeat(100) }))
    const longest = Math.max(...[...jsonPieces({ list }, 2)].map(({ length }) => length))
    expect(longest).toBeLessThan(200)
  })
})
