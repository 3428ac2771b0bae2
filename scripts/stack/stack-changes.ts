import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { withTemporaryFolder } from '../../lib/temporary-folder.ts'
import { CommandError } from '../lib/errors.ts'
import { DeploymentProgress } from './deployment-progress.ts'
import { forgetEngine, hasEnded, withTakeover } from './engine-process.ts'
import {
  type EngineState,
  isHarmless,
  type Lock,
  locksIn,
  type PendingOperation,
  readEngineState,
} from './engine-state.ts'
import { EventLog } from './event-log.ts'
import { type Plan, readPlan } from './planned-changes.ts'
import { knownFailure, type Pulumi, type PulumiEnded, type RunOptions } from './pulumi.ts'
import { createdIn, waitableFailure } from './waitable-failure.ts'
import { stackArgs } from './workspace.ts'

/**
 * Operations at a time. More makes a first deployment of many applications faster until Graph throttles writes; the
 * figures are in docs/benchmarks.md.
 */
export const PARALLEL = 32

export interface StackChangesOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string | undefined
  /** How long to wait for another deployment of the same stack to end, in milliseconds. Default: 5 minutes. */
  readonly lockTimeoutMs?: number
  /** Pauses before further tries of a deployment that waiting may fix, in milliseconds. Default: 5, 20 and 60 seconds. */
  readonly retryDelaysMs?: readonly number[]
  readonly signal?: AbortSignal
  readonly note: (line: string) => void
}

const LOCK_TIMEOUT_MS = 300_000
const LOCK_PAUSE_MS = 2000
const PROGRESS_INTERVAL_MS = 1000
/** The plugin itself has waited for minutes before; these are for what it takes as final, and gives up. */
const RETRY_DELAYS_MS = [5000, 20_000, 60_000]

/** What came of the deployment before. */
export interface Settled {
  readonly undecided: readonly PendingOperation[]
  readonly sought: readonly PendingOperation[]
  /** As it was found. */
  readonly state: EngineState
}

/** Changes one stack: waits for the changes of others, and clears away what a killed one left. */
export class StackChanges {
  readonly #pulumi: Pulumi
  readonly #options: StackChangesOptions

  constructor(pulumi: Pulumi, options: StackChangesOptions) {
    this.#pulumi = pulumi
    this.#options = options
  }

  /** What the engine's state holds, and what a killed engine left open. */
  async state(): Promise<EngineState> {
    return readEngineState(await this.#pulumi.read(['stack', 'export', ...stackArgs(this.#options.stack)]))
  }

  /**
   * Clears what a killed or interrupted deployment left, as far as that needs no decision.
   *
   * @param canFind whether the caller will look for what the operation may have created; then nothing is cleared before
   *   it calls {@link clearPending}
   * @returns `undecided`: the operations that only a person can judge; with any of them nothing is cleared. `sought`: those
   *   that the caller looks for
   * @throws CommandError STACK_LOCKED, PULUMI_FAILED
   */
  async settle(canFind: (operation: PendingOperation) => boolean = () => false): Promise<Settled> {
    const state = await this.state()
    const open = state.pending.filter((operation) => !isHarmless(operation))
    const [sought, undecided] = [open.filter(canFind), open.filter((each) => !canFind(each))]
    const isClean = state.pending.length === 0 && !state.hasUnfinished
    if (!isClean && undecided.length === 0) {
      if (sought.length === 0) await this.clearPending()
      else if (state.hasUnfinished) await this.#refresh('--skip-pending-creates')
    }
    return { undecided, sought, state }
  }

  /** Forgets operations that a killed engine left open, and reads anew what the state has. */
  clearPending(): Promise<void> {
    return this.#refresh('--clear-pending-creates')
  }

  async #refresh(pending: '--clear-pending-creates' | '--skip-pending-creates'): Promise<void> {
    this.#options.note('pulumi refresh: the previous deployment was interrupted; refreshing state')
    const ended = await this.run(['refresh', '--yes', '--skip-preview', pending, '--suppress-outputs'])
    if (ended.code !== 0) throw new CommandError('PULUMI_FAILED', `pulumi refresh failed:\n${ended.output}`)
  }

  /**
   * Runs `pulumi preview`.
   *
   * @param args options beside those of {@link StackChanges}
   * @returns how it ended, and whether a deployment would change anything
   */
  async preview(args: readonly string[], options: RunOptions = {}): Promise<PulumiEnded & Plan> {
    const { events, ...ended } = await this.#watched(['preview', ...args], options)
    return { ...ended, ...readPlan(events) }
  }

  /**
   * Runs `pulumi up` without a preview of its own, and again when it failed only on what waiting fixes: every deployment
   * brings the stack to what is declared, however far the one before it got.
   *
   * @throws the signal's reason when it fires in a pause
   */
  async deploy(args: readonly string[], options: RunOptions = {}): Promise<PulumiEnded> {
    const { retryDelaysMs = RETRY_DELAYS_MS, note, signal } = this.#options
    const created = new Set<string>()
    for (let tries = 1; ; tries++) {
      const ended = await this.#watched(['up', '--yes', '--skip-preview', ...args], options)
      const failure = ended.code === 0 ? undefined : waitableFailure(ended.events, created)
      if (!failure) return ended
      for (const id of createdIn(ended.events)) created.add(id)
      const delayMs = retryDelaysMs[tries - 1]
      const why = `${failure.resource}: ${failure.refusal.code}: ${failure.refusal.meaning}`
      if (delayMs === undefined) {
        note(`given up after ${tries} tries; ${why}`)
        return ended
      }
      const next = `try ${tries + 1} of ${retryDelaysMs.length + 1} in ${Math.ceil(delayMs / 1000)} s`
      note(`pulumi up: ${next}; ${why}`)
      await setTimeout(delayMs, undefined, signal ? { signal } : {})
    }
  }

  /** Runs a command, and says meanwhile how far it is. */
  async #watched(
    args: readonly string[],
    options: RunOptions,
  ): Promise<PulumiEnded & Pick<EventLog, 'events'>> {
    return await withTemporaryFolder('entra-apps-events-', async (dir) => {
      const log = new EventLog(join(dir, 'events.jsonl'))
      const progress = new DeploymentProgress(options.show ?? { note: () => {} })
      const read = () => {
        for (const event of log.read()) if (event) progress.take(event)
      }
      const timer = setInterval(() => {
        read()
        progress.show()
      }, PROGRESS_INTERVAL_MS)
      try {
        // The option is Pulumi's own way to tell its Automation API, and hidden without this variable.
        const env = { ...options.env, PULUMI_DEBUG_COMMANDS: 'true' }
        const ended = await this.run([...args, '--event-log', log.file], { ...options, env })
        read()
        return { ...ended, events: log.events }
      } finally {
        clearInterval(timer)
        progress.stop()
      }
    })
  }

  /**
   * Runs a command that takes the stack's lock. Waits for the lock while its holder may be alive, and takes it from one
   * that is gone.
   *
   * @returns how the command ended, once it had the lock
   * @throws CommandError STACK_LOCKED when somebody else is at work for too long; WRONG_PASSPHRASE, STATE_UNREADABLE
   */
  async run(args: readonly string[], options: RunOptions = {}): Promise<PulumiEnded> {
    const { stack, signal, note, lockTimeoutMs = LOCK_TIMEOUT_MS } = this.#options
    const deadline = Date.now() + lockTimeoutMs
    for (let attempts = 0; ; attempts++) {
      const ended = await this.#pulumi.attempt([...args, ...stackArgs(stack)], options)
      if (ended.code === 0) return ended
      signal?.throwIfAborted()
      const locks = locksIn(ended.output)
      if (!locks) {
        const known = knownFailure(ended.output)
        if (known) throw known
        return ended
      }
      if (await this.#takeOver(locks)) continue
      if (Date.now() >= deadline) throw locked(locks, stack)
      if (attempts === 0) note(`waiting: ${holder(locks)} is deploying this stack`)
      await setTimeout(LOCK_PAUSE_MS, undefined, signal ? { signal } : {})
    }
  }

  /**
   * Removes locks whose holders are known to be gone.
   *
   * @returns whether to try again at once
   */
  async #takeOver(locks: readonly Lock[]): Promise<boolean> {
    const { env } = this.#pulumi
    if (!areStale(locks, env)) return false
    const { stack, signal, note } = this.#options
    await withTakeover(env, signal, async () => {
      // Another run may have removed them since, and hold a lock of its own: `pulumi cancel` removes whatever is there.
      if (!areStale(locks, env)) return
      for (const { pid, since } of locks)
        note(`pulumi cancel: process ${pid}, which locked the stack at ${since}, is gone`)
      await this.#pulumi.read(['cancel', '--yes', ...stackArgs(stack)])
      for (const { pid } of locks) forgetEngine(pid, env)
    })
    return true
  }
}

/**
 * Wherever the state is: engines of this computer are known by more than host name and process id. `pulumi cancel` removes
 * all locks, so that every holder has to be gone.
 */
function areStale(locks: readonly Lock[], env: NodeJS.ProcessEnv): boolean {
  return locks.length > 0 && locks.every((lock) => lock.host === hostname() && hasEnded(lock, env))
}

function holder(locks: readonly Lock[]): string {
  const named = locks.map(({ pid, host, since }) => `process ${pid} on ${host}, since ${since},`)
  return named.length === 0 ? 'somebody' : named.join(' and ')
}

function locked(locks: readonly Lock[], stack: string | undefined): CommandError {
  const args = ['pulumi cancel', ...stackArgs(stack)].join(' ')
  return new CommandError(
    'STACK_LOCKED',
    [
      `The stack is locked: ${holder(locks)} is deploying it. Nothing was changed by this run.`,
      ...locks.map(({ place }) => `The lock is ${place}.`),
      ...(locks.length === 0 ? [] : [howToTell(locks)]),
      `If nobody is deploying it any more, unlock the stack with: ${args}`,
    ].join('\n'),
  )
}

/** Only who can look at the computer knows whether the process is still there. */
function howToTell(locks: readonly Lock[]): string {
  const looks = locks.map(({ host, pid }) => `on ${host}, \`ps -p ${pid}\` shows no pulumi`)
  return `It is stale when the pipeline job of that host and time has ended, or when ${looks.join(' and ')}.`
}
