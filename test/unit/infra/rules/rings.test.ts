import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ringsIn } from '../../../../infra/rules/rings.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'

describe('rings', () => {
  const find = (links: Record<string, string>) => {
    const next = (name: string) => (links[name] ?? '').split('').filter(Boolean)
    return Object.fromEntries(
      [...ringsIn(Object.keys(links), next)].map(([name, ring]) => [name, ring.join('')]),
    )
  }

  it('are found through each of their members, and nowhere else', () => {
    expect(find({ a: 'b', b: 'c', c: 'a', d: 'a', e: '' })).toEqual({ a: 'abc', b: 'bca', c: 'cab' })
    expect(find({ a: 'a', b: 'a' })).toEqual({ a: 'a' })
    expect(find({ a: 'bc', b: 'd', c: 'd', d: '' })).toEqual({})
  })

  it('are found apart, and the shortest of entangled ones', () => {
    expect(find({ a: 'b', b: 'a', c: 'd', d: 'c' })).toEqual({ a: 'ab', b: 'ba', c: 'cd', d: 'dc' })
    expect(find({ a: 'b', b: 'ca', c: 'a' })).toEqual({ a: 'ab', b: 'ba' })
  })

  it('lead from each name to the next, one in every part of a graph that has any', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const links = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names)])))
    fc.assert(
      fc.property(links, (graph) => {
        const next = (name: string): readonly string[] => graph[name] ?? []
        const rings = ringsIn(names, next)
        for (const [name, ring] of rings) {
          expect(ring[0]).toBe(name)
          expect(new Set(ring).size).toBe(ring.length)
          for (const [i, each] of ring.entries()) expect(next(each)).toContain(ring[(i + 1) % ring.length])
        }
        for (const name of names) {
          const round = reach(name, next)
          const withIt = names.filter((other) => round.has(other) && reach(other, next).has(name))
          expect(withIt.some((each) => rings.has(each))).toBe(round.has(name))
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** Every name that one leads to, in any number of steps. */
function reach(name: string, next: (name: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set(next(name))
  for (const each of reached) for (const further of next(each)) reached.add(further)
  return reached
}

describe('a ring in a message', () => {
  const messageOf = (length: number) => {
    const apps = Array.from({ length }, (_, i) => [
      `app-${i}`,
      { displayName: `App ${i}`, knownClients: [`app-${(i + 1) % length}`] },
    ])
    const read = readDeclaration(Object.fromEntries(apps))
    const found = read.ok ? [] : read.problems.filter(({ code }) => code === 'EA703')
    expect(found).toHaveLength(length)
    return found[0]?.message.replace('each needs the next one to be registered first: ', '')
  }

  it('is shown whole up to eight names, and longer ones without their middle', () => {
    expect(messageOf(7)).toBe('app-0 → app-1 → app-2 → app-3 → app-4 → app-5 → app-6 → app-0')
    expect(messageOf(8)).toBe('app-0 → app-1 → app-2 → app-3 → … (1 more) … → app-5 → app-6 → app-7 → app-0')
  })
})
