import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explain } from '../../../../scripts/proof/catalogue/index.ts'
import type { ChangeTimes } from '../../../../scripts/proof/model/target.ts'
import {
  DEFAULT_WAIT,
  decide,
  FIRST,
  type Moment,
  type Verdict,
  type WaitPolicy,
  type WaitState,
  worst,
} from '../../../../scripts/proof/retry/wait.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const POLICY: WaitPolicy = { deadlineMs: 60_000, successes: 1, firstDelayMs: 1000, maxDelayMs: 20_000 }

const login = (code: string, retryAfterMs?: number) =>
  explain({
    source: 'login',
    code,
    message: '',
    support: {},
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
const graph = (code: string, status?: number) =>
  explain({ source: 'graph', code, message: '', support: {}, ...(status !== undefined && { status }) })
const network = (code: string) => explain({ source: 'network', code, message: '', support: {} })

const moment = (changed: ChangeTimes = {}, elapsedMs = 0): Moment => ({
  now: NOW,
  elapsedMs,
  changed,
  random: 0.5,
})
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

describe('what is waited for', () => {
  const cases: [string, ReturnType<typeof login>, ChangeTimes, 'again' | Verdict][] = [
    ['a wrong secret of unknown age', login('AADSTS7000215'), {}, 'wrong'],
    ['a wrong secret issued a minute ago', login('AADSTS7000215'), { credential: minutesAgo(1) }, 'again'],
    ['a wrong secret issued 14 minutes ago', login('AADSTS7000215'), { credential: minutesAgo(14) }, 'again'],
    ['a wrong secret issued 16 minutes ago', login('AADSTS7000215'), { credential: minutesAgo(16) }, 'wrong'],
    ['a wrong secret of a new application', login('AADSTS7000215'), { application: minutesAgo(1) }, 'wrong'],
    ['an expired secret, however young', login('AADSTS7000222'), { credential: minutesAgo(1) }, 'wrong'],
    ['an unknown application made just now', login('AADSTS700016'), { application: minutesAgo(20) }, 'again'],
    ['an unknown application of old', login('AADSTS700016'), { application: minutesAgo(31) }, 'wrong'],
    ['no service principal yet', login('AADSTS7000229'), { application: minutesAgo(2) }, 'again'],
    ['a disabled application', login('AADSTS7000112'), { application: minutesAgo(1) }, 'wrong'],
    ['an unknown tenant', login('AADSTS90002'), { application: minutesAgo(1) }, 'wrong'],
    ['a code nobody knows', login('AADSTS424242'), { credential: minutesAgo(1) }, 'wrong'],
    ['service trouble', login('AADSTS90033'), {}, 'again'],
    ['throttling', graph('anything', 429), {}, 'again'],
    ['a server error', graph('generalException', 500), {}, 'again'],
    ['a call that the endpoint does not offer', graph('NotImplemented', 501), {}, 'notReady'],
    ['no SharePoint licence', { ...graph('BadRequest'), fault: 'workload', wait: 'never' }, {}, 'notReady'],
    ['an untrusted certificate', network('SELF_SIGNED_CERT_IN_CHAIN'), {}, 'couldNotRun'],
    ['a refused connection', network('ECONNREFUSED'), {}, 'again'],
  ]
  it.each(cases)('%s', (_name, failure, changed, expected) => {
    const decision = decide(POLICY, FIRST, [failure], moment(changed))
    expect(decision.kind === 'stop' ? decision.verdict : decision.kind).toBe(expected)
  })

  it('gives a refused token one more try, not two', () => {
    const refused = graph('InvalidAuthenticationToken', 401)
    const first = decide(POLICY, FIRST, [refused], moment())
    expect(first.kind).toBe('again')
    expect(decide(POLICY, first.state, [refused], moment())).toMatchObject({ kind: 'stop', verdict: 'wrong' })
  })

  it('stops at once when one of several failures cannot be fixed by waiting', () => {
    const failures = [login('AADSTS90033'), login('AADSTS7000222')]
    expect(decide(POLICY, FIRST, failures, moment())).toMatchObject({ kind: 'stop', verdict: 'wrong' })
  })
})

describe('the deadline', () => {
  const trouble = login('AADSTS90033')

  it('is not ready when something might still come, and could not run when nothing was reached', () => {
    expect(decide(POLICY, FIRST, [trouble], moment({}, 60_000))).toMatchObject({ verdict: 'notReady' })
    expect(decide(POLICY, FIRST, [network('ENOTFOUND')], moment({}, 60_000))).toMatchObject({
      verdict: 'couldNotRun',
    })
  })

  it('is not outlived by a Retry-After that is longer', () => {
    const throttled = login('AADSTS90033', 61_000)
    expect(decide(POLICY, FIRST, [throttled], moment())).toMatchObject({ kind: 'stop', verdict: 'notReady' })
  })

  it('honours a Retry-After that fits, even beyond the longest pause', () => {
    const throttled = login('AADSTS90033', 45_000)
    expect(decide(POLICY, FIRST, [throttled], moment())).toMatchObject({ kind: 'again', delayMs: 45_000 })
  })

  it('of nothing means one attempt', () => {
    const policy = { ...POLICY, deadlineMs: 0 }
    expect(decide(policy, FIRST, [trouble], moment())).toMatchObject({ kind: 'stop', verdict: 'notReady' })
  })
})

describe('successes in a row', () => {
  it('start again after a failure', () => {
    const policy = { ...POLICY, successes: 2 }
    const changed = { application: minutesAgo(1) }
    const one = decide(policy, FIRST, [], moment(changed))
    const relapse = decide(policy, one.state, [login('AADSTS700016')], moment(changed))
    const again = decide(policy, relapse.state, [], moment(changed))
    expect([one.kind, relapse.kind, again.kind]).toEqual(['again', 'again', 'again'])
    expect(decide(policy, again.state, [], moment(changed))).toMatchObject({
      kind: 'stop',
      verdict: 'proved',
    })
  })
})

describe('always', () => {
  const failure = fc.constantFrom(
    login('AADSTS7000215'),
    login('AADSTS90033'),
    login('AADSTS700016'),
    login('AADSTS90033', 5000),
    graph('x', 429),
    network('ECONNRESET'),
  )
  const run = fc.record({
    attempts: fc.array(fc.array(failure, { maxLength: 2 }), { minLength: 1, maxLength: 400 }),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    age: fc.integer({ min: 0, max: 40 }),
    successes: fc.integer({ min: 1, max: 4 }),
  })

  it('ends by the deadline, pauses within bounds, and proves only what succeeded often enough at the end', () => {
    fc.assert(
      fc.property(run, ({ attempts, random, age, successes }) => {
        const policy = { ...POLICY, successes }
        const changed = { credential: minutesAgo(age), application: minutesAgo(age) }
        let state: WaitState = FIRST
        let elapsedMs = 0
        for (const [i, failures] of attempts.entries()) {
          const now = new Date(NOW.getTime() + elapsedMs)
          const decision = decide(policy, state, failures, { now, elapsedMs, changed, random })
          if (decision.kind === 'stop') {
            const last = attempts.slice(Math.max(0, i + 1 - successes), i + 1)
            const succeeded = last.length === successes && last.every(({ length }) => length === 0)
            expect(decision.verdict === 'proved').toBe(succeeded)
            return
          }
          expect(decision.delayMs).toBeGreaterThanOrEqual(0)
          expect(decision.delayMs).toBeLessThanOrEqual(policy.maxDelayMs)
          elapsedMs += Math.max(1, decision.delayMs)
          expect(elapsedMs).toBeLessThanOrEqual(policy.deadlineMs + 1)
          state = decision.state
        }
      }),
    )
  })
})

describe('worst', () => {
  it('puts what is wrong for sure above what could not be asked, and that above what may still come', () => {
    expect(worst([])).toBe('proved')
    expect(worst(['proved', 'notReady'])).toBe('notReady')
    expect(worst(['couldNotRun', 'notReady', 'proved'])).toBe('couldNotRun')
    expect(worst(['couldNotRun', 'wrong', 'notReady'])).toBe('wrong')
  })

  it('has a patient default', () => {
    expect(DEFAULT_WAIT).toEqual({
      deadlineMs: 600_000,
      successes: 1,
      firstDelayMs: 1000,
      maxDelayMs: 20_000,
    })
  })
})
