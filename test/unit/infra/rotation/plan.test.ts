import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../../../infra/rotation/generation.ts'
import { advanceLedger } from '../../../../infra/rotation/ledger.ts'
import { describeAction, planRotation, type RotationRequest } from '../../../../infra/rotation/plan.ts'
import type { RotationPolicy } from '../../../../infra/rotation/policy.ts'
import type { Step } from '../../../../infra/rotation/steps.ts'
import { daysAfter, policies, START } from './support.ts'

const on = (generation: number) => ({ app: 'files', secret: 'main', generation })
const issue = (generation: number): Step => ({ do: 'issue', ...on(generation), run: 'r' })
const promote = (generation: number): Step => ({
  do: 'promote',
  ...on(generation),
  provedAt: '2026-03-31T10:21:00Z',
  deliveries: [],
})
const deployed = (...deployments: [day: number, ...steps: Step[]][]): Ledger =>
  deployments.reduce<Ledger>(
    (ledger, [day, ...steps]) => advanceLedger(ledger, policies(), steps, daysAfter(day)).ledger,
    advanceLedger({}, policies(), [], START).ledger,
  )
const words = (
  ledger: Ledger,
  day: number,
  mode: RotationRequest['mode'] = 'due',
  policy: Partial<RotationPolicy> = {},
) => planRotation(ledger, policies(policy), { mode }, daysAfter(day)).map(describeAction)

const rotated = deployed([30, issue(2)], [30, promote(2)])

describe('the plan', () => {
  it('says when the next rotation is due', () => {
    expect(words(deployed(), 29)).toEqual(['files/main: nothing to do, g1 is due on 2026-03-31T10:20:30Z'])
  })

  it('issues what is due, and says what becomes of the current one', () => {
    expect(words(deployed(), 30, 'due', { targets: ['dotenv:.env#A'] })).toEqual([
      'files/main: issue g2 (g1 was due on 2026-03-31T10:20:30Z), prove it, deliver it to dotenv:.env#A, promote it; g1 stays valid for 7 days after that',
    ])
  })

  it('goes on with what an earlier run left, whatever is asked for', () => {
    expect(words(deployed([30, issue(2)]), 31)).toEqual([
      'files/main: go on with g2 (an earlier run issued it and did not finish), prove it, promote it; g1 stays valid for 7 days after that',
    ])
  })

  it('keeps the previous one through its overlap and retires it afterwards', () => {
    expect(words(rotated, 31)).toEqual([
      'files/main: nothing to do, g2 is due on 2026-04-30T10:20:30Z',
      'files/main: keep g1, which stays valid until 2026-04-07T10:20:30Z',
    ])
    expect(words(rotated, 37)).toEqual(['files/main: retire g1 (valid until 2026-04-07T10:20:30Z)'])
    expect(words(rotated, 100, 'retire')).toEqual([
      'files/main: retire g1 (valid until 2026-04-07T10:20:30Z)',
    ])
  })

  it('delivers a current generation that a target does not hold', () => {
    expect(words(rotated, 31, 'due', { targets: ['dotenv:.env#A'] })[0]).toBe(
      'files/main: deliver g2 to dotenv:.env#A, which does not hold it',
    )
  })

  it('retires first where only two may be live, and waits while that is not allowed', () => {
    expect(words(rotated, 60, 'due', { maxLive: 2 })).toEqual([
      'files/main: retire g1 first (valid until 2026-04-07T10:20:30Z)',
      expect.stringMatching(/issue g3 \(g2 was due on 2026-04-30/),
    ])
    expect(words(rotated, 31, 'now', { maxLive: 2 })).toEqual([
      'files/main: BLOCKED, 2 generations are live, which is the limit, and none may be retired before 2026-04-07T10:20:30Z; run again after that',
      'files/main: keep g1, which stays valid until 2026-04-07T10:20:30Z',
    ])
    expect(words(rotated, 31, 'revoke', { maxLive: 2 })[0]).toMatch(/BLOCKED.*`--revoke --immediately`/)
  })

  it('warns of whom a leak cuts off', () => {
    expect(words(rotated, 31, 'revoke')[0]).toMatch(/g2 has leaked.*g2 stays valid for 1 day after that/)
    expect(words(rotated, 31, 'revoke-now', { maxLive: 2 })).toEqual([
      'files/main: retire g1 first (its place is needed); WARNING: consumers that still hold it are cut off',
      expect.stringMatching(
        /issue g3.*g2 is deleted at once; WARNING: consumers that still hold it are cut off/,
      ),
    ])
  })

  it('is due early enough for the overlap to fit before the end', () => {
    expect(words(deployed(), 1, 'due', { overlap: 89 * 86_400_000 })[0]).toMatch(
      /issue g2 \(g1 was due on 2026-03-02/,
    )
  })

  it('keeps to the application and secret that are asked for', () => {
    const request = (only: Partial<RotationRequest>) =>
      planRotation(deployed(), policies(), { mode: 'now', ...only }, START)
    expect(request({ app: 'files', secret: 'main' })).toHaveLength(1)
    expect(request({ app: 'mail' })).toEqual([])
    expect(request({ secret: 'other' })).toEqual([])
  })

  it('says so when nothing was deployed', () => {
    expect(words({}, 0)).toEqual([
      'files/main: nothing to do, it was never deployed (`up` issues its first generation)',
    ])
  })
})
