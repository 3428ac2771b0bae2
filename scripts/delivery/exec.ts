import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cacheDirectory } from '../../engine/index.ts'
import type { ExecDeclaration } from '../../infra/declaration/schema/delivery.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { KeyedQueue } from '../../lib/keyed-queue.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { Mask } from '../lib/mask.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import { commandEnvironment } from './command-environment.ts'
import { type Delivery, DeliveryError, type DeliveryTarget, GenerationLost, reasonOf } from './target.ts'

export interface ExecOptions {
  /** Where the command runs. */
  readonly projectDir: string
  /** What its environment is taken from: see {@link commandEnvironment}. */
  readonly env: NodeJS.ProcessEnv
  /** Ends the command. */
  readonly signal?: AbortSignal
}

/** What a command may say about a failure, in characters. */
const KEPT_OUTPUT = 2000

/** What is kept of its output until it is masked, in characters: much more than any secret is long. */
const MOST_OUTPUT = 262_144

/** Milliseconds between asking a command to end and ending it. */
const GRACE_MS = 5000

/** Milliseconds that a process which outlives the command may keep its standard error open. */
const DRAIN_MS = 1000

/** Those of this process wait here in order, and do not poll the lock file against each other. */
const queue = new KeyedQueue()

/** What another run may take for its own command beside the limit of ours, in milliseconds. */
const OTHERS_MS = 300_000

/**
 * A program that is given several credentials may keep them in one object: it never runs beside itself, in this process
 * or in another one of this user on this computer.
 */
function alone<T>(
  { command: [program = ''], timeout }: ExecDeclaration,
  { projectDir, env, signal }: ExecOptions,
  work: () => Promise<T>,
): Promise<T> {
  const path = /[/\\]/.test(program) ? resolve(projectDir, program) : program
  const folder = join(cacheDirectory(env), 'running')
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16)
  const timeoutMs = parseTimeout(timeout) + OTHERS_MS
  return queue.take(path, () => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch {
      // Without a home there is nobody who could deliver at the same time from there.
      return work()
    }
    return withFileLock(join(folder, `exec-${name}.lock`), { timeoutMs, ...(signal && { signal }) }, work)
  })
}

/**
 * A command that delivers, for every place that has no target of its own. It is given one JSON object on standard
 * input (`app`, `secret`, `kind`, `generation`, `tenantId`, `clientId`, `keyId`, `endDate`, `value`) and confirms by exit code 0. What it
 * says on standard error is shown when it fails, masked. It has a time limit, and all processes that it started end
 * with it then.
 */
export function execTarget(id: string, declaration: ExecDeclaration, options: ExecOptions): DeliveryTarget {
  return {
    id,
    async deliver(delivery, { beforeWrite } = {}) {
      const progress = { started: false }
      try {
        await alone(declaration, options, async () => {
          await beforeWrite?.()
          await run(declaration, delivery, options, progress)
        })
        return {}
      } catch (error) {
        if (error instanceof GenerationLost) throw error
        throw new DeliveryError(id, reasonOf(error), { exposed: progress.started, cause: error })
      }
    },
    holds: async () => 'unknown',
  }
}

async function run(
  { command, timeout, pass }: ExecDeclaration,
  delivery: Delivery,
  { projectDir, env, signal }: ExecOptions,
  progress: { started: boolean },
): Promise<void> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    cwd: projectDir,
    env: commandEnvironment(env, pass),
    stdio: ['pipe', 'ignore', 'pipe'],
    // A process group of its own, so that what it starts can be ended with it.
    detached: process.platform !== 'win32',
  })
  child.once('spawn', () => {
    progress.started = true
  })
  // A command that does not read its input closes the pipe early; its exit code decides, not that.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(delivery))
  const output = collect(child)
  const limit = AbortSignal.any([AbortSignal.timeout(parseTimeout(timeout)), ...(signal ? [signal] : [])])
  const { how, isStopped } = await endOf(child, limit)
  if (how === 'exit code 0' && !isStopped) return
  const isLate = isStopped && !signal?.aborted
  const what = isLate ? `did not end within ${timeout} and was stopped` : `ended with ${how}`
  const mask = new Mask()
  mask.add(delivery.value, ...pass.map((name) => env[name]), ...secretsIn(env))
  const said = mask.apply(output()).trim().slice(-KEPT_OUTPUT)
  throw new Error(said ? `the command ${what}: ${said}` : `the command ${what}`)
}

/** How the command itself ended; once the signal fires, its process group is made to end. */
async function endOf(child: ChildProcess, signal: AbortSignal) {
  const stop = () => void end(child)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    const closed = once(child, 'close').catch(() => {})
    const [code, killedBy] = await once(child, 'exit')
    const isStopped = signal.aborted
    if (isStopped) kill(child, 'SIGKILL')
    await Promise.race([closed, sleep(DRAIN_MS, undefined, { ref: false })])
    child.stderr?.destroy()
    return { how: code === null ? killedBy : `exit code ${code}`, isStopped }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function end(child: ChildProcess): Promise<void> {
  kill(child, 'SIGTERM')
  await sleep(GRACE_MS, undefined, { ref: false })
  if (child.exitCode === null && child.signalCode === null) kill(child, 'SIGKILL')
}

/** Ends the whole group, which exists as long as any process of it does. */
function kill(child: ChildProcess, how: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(how)
    else process.kill(-child.pid, how)
  } catch (error) {
    // ESRCH: all of it has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * What the command says on standard error, at the end whole lines of it: a part of a secret could not be masked.
 *
 * @returns a function that returns what was said so far
 */
function collect(child: ChildProcess): () => string {
  let said = ''
  let isCut = false
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.length <= MOST_OUTPUT) return
    isCut = true
    said = said.slice(-MOST_OUTPUT)
  })
  return () => (isCut ? said.slice(said.indexOf('\n') + 1 || said.length) : said)
}
