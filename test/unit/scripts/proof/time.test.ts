import { describe, expect, it, vi } from 'vitest'
import { parseTimeout } from '../../../../lib/timeout.ts'
import { explain } from '../../../../scripts/proof/catalogue/index.ts'
import { judgeClock } from '../../../../scripts/proof/checks/clock.ts'
import { judgeExpiry } from '../../../../scripts/proof/checks/expiry.ts'
import { describe as describeWaiting, Progress } from '../../../../scripts/proof/retry/progress.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const DAY = 86_400_000
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY).toISOString()

describe('judgeExpiry', () => {
  it.each([
    ['in a year', 365, undefined, 'passed'],
    ['in 31 days', 31, undefined, 'passed'],
    ['in 29 days, nothing asked', 29, undefined, 'warning'],
    ['in 29 days, 30 asked', 29, 30, 'failed'],
    ['in exactly 30 days, 30 asked', 30, 30, 'passed'],
    ['in exactly 30 days, nothing asked', 30, undefined, 'passed'],
    ['in 5 days, 1 asked', 5, 1, 'passed'],
    ['now', 0, undefined, 'failed'],
    ['yesterday', -1, 30, 'failed'],
  ])('%s', (_name, days, asked, status) => {
    const ending = { endDate: inDays(days), superseded: false }
    expect(judgeExpiry(ending, asked === undefined ? undefined : asked * DAY, NOW).status).toBe(status)
  })

  it.each([
    [40, ', in 40 d'],
    [1.9, ', in 1 d'],
    [1, ', in 1 d'],
    [0.99, ', in 24 h'],
    [0.5, ', in 12 h'],
    [0.001, ', in 1 h'],
    [-2, ', 2 d ago'],
  ])('says how far away the end is: %s days', (days, words) => {
    const { status, ...said } = judgeExpiry({ endDate: inDays(days), superseded: true }, undefined, NOW)
    expect(status).toBe(days > 0 ? 'skipped' : 'failed')
    expect(JSON.stringify(said)).toContain(words)
  })

  it('does not worry about one that has been replaced, until it is over', () => {
    expect(judgeExpiry({ endDate: inDays(3), superseded: true }, 30 * DAY, NOW).status).toBe('skipped')
    expect(judgeExpiry({ endDate: inDays(-3), superseded: true }, 30 * DAY, NOW).status).toBe('failed')
  })

  it('says so when it is not a date', () => {
    expect(judgeExpiry({ endDate: 'soon', superseded: false }, undefined, NOW).status).toBe('warning')
  })
})

describe('judgeClock', () => {
  it('takes the median, so that one slow answer is not a slow clock', () => {
    expect(judgeClock([0, -400_000, 1000])).toMatchObject([{ status: 'passed' }])
  })

  it('says which side is late', () => {
    expect(judgeClock([600_000])[0]).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/600 s behind the tenant/),
    })
    expect(judgeClock([-600_000])[0]).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/600 s ahead of the tenant/),
    })
    expect(judgeClock([])).toEqual([])
  })
})

describe('parseTimeout', () => {
  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h', 3_600_000],
  ])('%s', (text, ms) => {
    expect(parseTimeout(text)).toBe(ms)
  })

  it.each(['', '10', '-1s', '1d', 'soon'])('refuses "%s"', (text) => {
    expect(() => parseTimeout(text)).toThrow(/is not a time such as "90s"/)
  })
})

describe('progress', () => {
  const blocker = explain({ source: 'login', code: 'AADSTS7000215', message: '', support: {} })
  const event = (label: string, elapsedMs = 12_000) => ({
    label,
    clientId: 'c',
    blocker,
    attempts: 3,
    successesInARow: 0,
    elapsedMs,
    deadlineMs: 600_000,
    delayMs: 1000,
  })

  it('says what is waited for, how long, and until when', () => {
    expect(describeWaiting([event('a g1'), event('b g1')], 3, 5, 12_000)).toMatch(
      /^3 of 5 credentials done; waiting \(12 s of 600 s\) for b g1 and 1 more: AADSTS7000215: the client secret is wrong/,
    )
    expect(describeWaiting([], 5, 5, 800)).toBe('5 of 5 credentials done, 1 s')
  })

  it('writes few lines where nobody watches', () => {
    const lines: string[] = []
    let now = NOW.getTime()
    const progress = new Progress(
      { note: (text) => lines.push(text) },
      { total: 2, now: () => new Date(now) },
    )
    for (let second = 0; second < 40; second++) {
      progress.waiting(event('a g1', second * 1000))
      now += 1000
    }
    progress.done(event('a g1'))
    progress.stop()
    expect(lines).toHaveLength(3)
  })

  it('lets the time run on between two attempts', () => {
    vi.useFakeTimers({ now: NOW })
    const shown: string[] = []
    const progress = new Progress({ note: () => {}, status: (text) => shown.push(text) }, { total: 1 })
    progress.waiting(event('a g1', 12_000))
    vi.advanceTimersByTime(2000)
    progress.stop()
    vi.useRealTimers()
    expect(shown.map((text) => /\((\d+ s)/.exec(text)?.[1])).toEqual(['12 s', '13 s', '14 s', undefined])
  })

  it('keeps one live line where a person watches, and takes it away', () => {
    const shown: string[] = []
    const progress = new Progress({ note: () => {}, status: (text) => shown.push(text) }, { total: 1 })
    progress.waiting(event('a g1'))
    progress.done(event('a g1'))
    progress.stop()
    expect(shown).toEqual([expect.stringMatching(/^0 of 1 .* waiting/), expect.stringMatching(/^1 of 1/), ''])
  })
})
