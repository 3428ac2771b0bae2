import type { Explained } from '../catalogue/index.ts'
import type { ChangeTimes } from '../model/target.ts'

/** How long to be patient, and what to be content with. */
export interface WaitPolicy {
  /** Milliseconds from the first attempt after which nothing more is tried. */
  readonly deadlineMs: number
  /** Successes in a row that prove it: a new secret or application may work on one server and not on the next. */
  readonly successes: number
  /** Milliseconds before the second attempt; doubled after each further failure. */
  readonly firstDelayMs: number
  /** Longest pause in milliseconds, unless the service itself asks for a longer one. */
  readonly maxDelayMs: number
}

/** Nothing waits longer than this between two attempts; seen: most lags end within 20 s. */
export const DEFAULT_WAIT: WaitPolicy = {
  deadlineMs: 600_000,
  successes: 1,
  firstDelayMs: 1000,
  maxDelayMs: 20_000,
}

/** What the attempts so far came to. */
export interface WaitState {
  readonly attempts: number
  readonly successesInARow: number
  /** Since the last success: the pauses grow with it. */
  readonly failuresInARow: number
  /** Codes that were given their one more try. */
  readonly triedAgain: readonly string[]
}

export const FIRST: WaitState = { attempts: 0, successesInARow: 0, failuresInARow: 0, triedAgain: [] }

/** How one attempt ended: no failures means success. */
export type Failures = readonly Explained[]

/** What the attempts come to in the end. */
export type Verdict = 'proved' | 'wrong' | 'notReady' | 'couldNotRun'

export type Decision =
  | { readonly kind: 'stop'; readonly verdict: Verdict; readonly state: WaitState }
  | {
      readonly kind: 'again'
      readonly delayMs: number
      /** What is waited for; absent between two successes. */
      readonly blocker?: Explained
      readonly state: WaitState
    }

export interface Moment {
  readonly now: Date
  /** Milliseconds since the first attempt. */
  readonly elapsedMs: number
  readonly changed: ChangeTimes
  /** From 0 to 1, exclusive. */
  readonly random: number
}

/** Decides after an attempt whether it is proved, wrong, or worth another one, and when. Pure. */
export function decide(policy: WaitPolicy, before: WaitState, failures: Failures, moment: Moment): Decision {
  const state = after(before, failures)
  if (failures.length === 0) {
    if (state.successesInARow >= policy.successes) return { kind: 'stop', verdict: 'proved', state }
    const left = policy.deadlineMs - moment.elapsedMs
    if (left <= 0) return { kind: 'stop', verdict: 'notReady', state }
    return { kind: 'again', delayMs: Math.min(jittered(policy.firstDelayMs, moment.random), left), state }
  }
  const final = failures.filter((failure) => !worthWaiting(failure, before, moment))
  if (final.length > 0) return { kind: 'stop', verdict: worst(final.map(verdictOf)), state }
  return pause(policy, state, failures, moment)
}

function after(before: WaitState, failures: Failures): WaitState {
  const ok = failures.length === 0
  const once = failures.filter(({ wait }) => wait === 'once').map(({ code }) => code)
  return {
    attempts: before.attempts + 1,
    successesInARow: ok ? before.successesInARow + 1 : 0,
    failuresInARow: ok ? 0 : before.failuresInARow + 1,
    triedAgain: [...new Set([...before.triedAgain, ...once])],
  }
}

function pause(policy: WaitPolicy, state: WaitState, failures: Failures, moment: Moment): Decision {
  const left = policy.deadlineMs - moment.elapsedMs
  const asked = Math.max(0, ...failures.map(({ retryAfterMs = 0 }) => retryAfterMs))
  if (left <= 0 || asked > left) return { kind: 'stop', verdict: worst(failures.map(lateVerdictOf)), state }
  const grown = Math.min(policy.firstDelayMs * 2 ** (state.failuresInARow - 1), policy.maxDelayMs)
  // The last attempt is made at the deadline, not a pause before it.
  const delayMs = Math.max(asked, Math.min(jittered(grown, moment.random), left))
  return { kind: 'again', delayMs, blocker: failures[0]!, state }
}

/** Half fixed, half random: many clients that failed together must not come back together. */
function jittered(delayMs: number, random: number): number {
  return Math.round(delayMs / 2 + (delayMs / 2) * random)
}

/** Whether waiting can fix it: transient by nature, or a change young enough to be on its way. */
export function worthWaiting(
  failure: Explained,
  before: WaitState,
  { now, changed }: Pick<Moment, 'now' | 'changed'>,
): boolean {
  const { wait } = failure
  if (wait === 'never') return false
  if (wait === 'always') return true
  if (wait === 'once') return !before.triedAgain.includes(failure.code)
  const changedAt = changed[wait.change]
  return changedAt !== undefined && now.getTime() - changedAt.getTime() < wait.youngerThanMinutes * 60_000
}

/** What a failure means that no waiting fixes. */
export function verdictOf({ fault }: Explained): Verdict {
  switch (fault) {
    case 'identity':
      return 'wrong'
    case 'environment':
      return 'couldNotRun'
    case 'service':
    case 'workload':
      return 'notReady'
  }
}

/** What a failure means that might have gone away, but did not in time. */
export function lateVerdictOf(failure: Explained): Verdict {
  return failure.fault === 'environment' ? 'couldNotRun' : 'notReady'
}

const GRAVITY: readonly Verdict[] = ['proved', 'notReady', 'couldNotRun', 'wrong']

/** The gravest of several verdicts: what is wrong for sure counts more than what could not be asked. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return GRAVITY[Math.max(0, ...verdicts.map((verdict) => GRAVITY.indexOf(verdict)))]!
}
