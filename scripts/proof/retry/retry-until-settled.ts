import type { Explained } from '../catalogue/index.ts'
import type { ProofPorts } from '../model/ports.ts'
import type { ChangeTimes, CredentialTarget } from '../model/target.ts'
import { DEFAULT_WAIT, decide, FIRST, type Verdict, type WaitPolicy, type WaitState } from './wait.ts'

/** What is being waited for. */
export interface Waiting {
  readonly label: string
  readonly clientId: string
  /** Absent between two successes. */
  readonly blocker?: Explained
  readonly attempts: number
  readonly successesInARow: number
  readonly elapsedMs: number
  readonly deadlineMs: number
  /** Until the next attempt. */
  readonly delayMs: number
}

export interface RetryOptions {
  /** Default: {@link DEFAULT_WAIT}; three successes in a row where something was changed within the last hour. */
  readonly wait?: Partial<WaitPolicy>
  /** Told before each pause, for a line that says what is waited for. */
  readonly onWait?: (waiting: Waiting) => void
  /** Runs an attempt when there is room for it. Pauses are outside, so that one who waits blocks nobody. Default: at once. */
  readonly limit?: <T>(work: () => Promise<T>) => Promise<T>
  readonly signal?: AbortSignal
}

/** The last attempt, and what all of them came to. */
export interface Settled<T> {
  readonly last: T
  readonly verdict: Verdict
  readonly state: WaitState
  readonly policy: WaitPolicy
  readonly elapsedMs: number
}

/** Successes in a row for something changed lately: it may work on one server and not yet on the next. */
const SUCCESSES_AFTER_A_CHANGE = 3
const LATELY_MS = 3_600_000

/**
 * Repeats an attempt until it has succeeded often enough, cannot succeed any more, or the deadline has come.
 *
 * @param attempt told how many milliseconds have passed since the first one
 * @throws the signal's reason when it fires
 */
export async function retryUntilSettled<T extends { readonly failures: readonly Explained[] }>(
  { label, clientId, changedAt = {} }: Pick<CredentialTarget, 'label' | 'clientId' | 'changedAt'>,
  ports: Pick<ProofPorts, 'now' | 'sleep' | 'random'>,
  { wait, onWait, limit = (work) => work(), signal }: RetryOptions,
  attempt: (elapsed: () => number) => Promise<T>,
): Promise<Settled<T>> {
  const startedAt = ports.now().getTime()
  const policy = policyFor(changedAt, wait, startedAt)
  const elapsed = () => ports.now().getTime() - startedAt
  let state = FIRST
  for (;;) {
    signal?.throwIfAborted()
    const last = await limit(() => attempt(elapsed))
    const elapsedMs = elapsed()
    const moment = { now: ports.now(), elapsedMs, changed: changedAt, random: ports.random() }
    const decision = decide(policy, state, last.failures, moment)
    state = decision.state
    if (decision.kind === 'stop') return { last, verdict: decision.verdict, state, policy, elapsedMs }
    const { blocker, delayMs } = decision
    const { attempts, successesInARow } = state
    const { deadlineMs } = policy
    const waiting = { label, clientId, attempts, successesInARow, elapsedMs, deadlineMs, delayMs }
    onWait?.(blocker ? { ...waiting, blocker } : waiting)
    await ports.sleep(delayMs, signal)
  }
}

function policyFor(changedAt: ChangeTimes, wait: Partial<WaitPolicy> = {}, now: number): WaitPolicy {
  const changedLately = Object.values(changedAt).some((date) => now - date.getTime() < LATELY_MS)
  const successes = changedLately ? SUCCESSES_AFTER_A_CHANGE : DEFAULT_WAIT.successes
  return { ...DEFAULT_WAIT, successes, ...wait }
}
