import { describe, expect, it } from 'vitest'
import { instantAfter, parseDuration } from '../../../lib/duration.ts'

describe('durations', () => {
  it.each([
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each(['', '0d', '1.5d', '-1d', '1y', '1 d', 'd', '100000d'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError)
  })

  it('writes instants without milliseconds, which the provider would take for another date', () => {
    expect(instantAfter(new Date('2026-03-01T10:20:30.456Z'), 1000)).toBe('2026-03-01T10:20:31Z')
  })
})
