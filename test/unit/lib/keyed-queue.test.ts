import { describe, expect, it } from 'vitest'
import { KeyedQueue } from '../../../lib/keyed-queue.ts'

describe('turns', () => {
  it('lets one after another act on the same thing, after a failure too', async () => {
    const turns = new KeyedQueue()
    const log: string[] = []
    const gate = Promise.withResolvers<void>()
    const first = turns.take('a', async () => {
      log.push('first starts')
      await gate.promise
      log.push('first fails')
      throw new Error('first')
    })
    const second = turns.take('a', async () => {
      log.push('second')
      return 2
    })
    const other = turns.take('b', async () => log.push('other'))
    await other
    expect(log).toEqual(['first starts', 'other'])
    gate.resolve()
    await expect(first).rejects.toThrow('first')
    await expect(second).resolves.toBe(2)
    expect(log).toEqual(['first starts', 'other', 'first fails', 'second'])
  })

  it('keeps the order of three that wait', async () => {
    const turns = new KeyedQueue()
    const log: number[] = []
    await Promise.all(
      [1, 2, 3].map((number) =>
        turns.take('a', async () => {
          await Promise.resolve()
          log.push(number)
        }),
      ),
    )
    expect(log).toEqual([1, 2, 3])
  })
})
