import { expect, it } from 'vitest'
import { SharedRead } from '../../../lib/shared-read.ts'

it('shares a read among those who called before it began, and with nobody who called later', async () => {
  let value = 0
  let reads = 0
  const shared = new SharedRead(async () => {
    reads++
    const read = value
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (read === 1) throw new Error('could not be read')
    return read
  })
  const first = [shared.run(), shared.run()]
  await Promise.resolve()
  await Promise.resolve()
  value = 1
  const second = Promise.allSettled([shared.run(), shared.run(), shared.run()])
  expect(await Promise.all(first)).toEqual([0, 0])
  expect((await second).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  value = 2
  expect(await shared.run()).toBe(2)
  expect(reads).toBe(3)
})
