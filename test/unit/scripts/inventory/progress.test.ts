import { describe, expect, it } from 'vitest'
import { describeProgress } from '../../../../scripts/inventory/progress.ts'

describe('the progress of an inventory', () => {
  it('says how long the rest takes when the tenant counts', () => {
    const totals = { applications: 10_000, 'service principals': 10_000 }
    const read = new Map([
      ['applications', 3000],
      ['service principals', 2000],
      ['delegated grants', 999],
    ] as const)
    expect(describeProgress(read, totals, 10_000)).toBe(
      'About 30 s left; read so far: 3000 of 10000 applications, 2000 of 10000 service principals, 999 delegated grants',
    )
    expect(describeProgress(read, totals, 60_000)).toMatch(/^About 3 min left; read so far: /)
  })

  it('says no more than it knows', () => {
    const read = new Map([['applications', 12]] as const)
    expect(describeProgress(read, {}, 1000)).toBe('Read so far: 12 applications')
    // Some were registered since they were counted.
    expect(describeProgress(read, { applications: 10 }, 1000)).toBe('Read so far: 12 of 12 applications')
  })
})
