import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantAfter, parseDuration } from '../../../infra/duration.ts'
import { advanceLedger } from '../../../infra/ledger.ts'

const now = new Date('2026-03-01T10:20:30.456Z')
const app = (...names: string[]) => ({
  secrets: Object.fromEntries(names.map((name) => [name, { displayName: name, lifetime: '90d' }])),
})

describe('advanceLedger', () => {
  it('issues a first generation with a computed end', () => {
    expect(advanceLedger({}, { files: app('main') }, now)).toEqual({
      files: {
        main: [
          {
            generation: 1,
            phase: 'current',
            issuedAt: '2026-03-01T10:20:30Z',
            endDate: '2026-05-30T10:20:30Z',
          },
        ],
      },
    })
  })

  it('never moves the dates of an issued secret, however often and whenever it runs', () => {
    const first = advanceLedger({}, { files: app('main') }, now)
    fc.assert(
      fc.property(fc.date({ min: now, max: new Date('2030-01-01'), noInvalidDate: true }), (later) => {
        expect(advanceLedger(first, { files: app('main') }, later)).toEqual(first)
      }),
    )
  })

  it('forgets what is no longer declared and issues what is new', () => {
    const first = advanceLedger({}, { files: app('a', 'b'), mail: app('c') }, now)
    const second = advanceLedger(first, { files: app('b', 'd') }, new Date('2026-04-01T00:00:00Z'))
    expect(Object.keys(second)).toEqual(['files'])
    expect(second['files']?.['b']).toBe(first['files']?.['b'])
    expect(second['files']?.['d']?.[0]?.issuedAt).toBe('2026-04-01T00:00:00Z')
    expect(second['files']).not.toHaveProperty('a')
  })
})

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
    expect(instantAfter(now, 1000)).toBe('2026-03-01T10:20:31Z')
  })
})
