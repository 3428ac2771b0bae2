import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecDeclaration } from '../../infra/declaration/schema/delivery/exec.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { alone } from './alone.ts'
import { commandEnvironment } from './command-environment.ts'
import type { DeliveryOptions } from './options.ts'
import { collect, showable } from './output.ts'
import { type Delivery, DeliveryError, type DeliveryTarget, GenerationLost, reasonOf } from './target.ts'

export type ExecOptions = Pick<DeliveryOptions, 'projectDir' | 'env' | 'signal'>

/** Milliseconds between asking a command to end and ending it. */
const GRACE_MS = 5000

/** Milliseconds that a process which outlives the command may keep its standard error open. */
const DRAIN_MS = 1000

/** A program that is given several credentials may keep them in one object: it never runs beside itself. */
function programOf({ command: [program = ''] }: ExecDeclaration, { projectDir }: ExecOptions): string {
  return /[/\\]/.test(program) ? resolve(projectDir, program) : program
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
        const { env, signal } = options
        const timeoutMs = parseTimeout(declaration.timeout)
        await alone(`exec:${programOf(declaration, options)}`, { env, timeoutMs, signal }, async () => {
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
  const output = collect(child.stderr)
  const limit = AbortSignal.any([AbortSignal.timeout(parseTimeout(timeout)), ...(signal ? [signal] : [])])
  const { how, isStopped } = await endOf(child, limit)
  if (how === 'exit code 0' && !isStopped) return
  const isLate = isStopped && !signal?.aborted
  const what = isLate ? `did not end within ${timeout} and was stopped` : `ended with ${how}`
  const said = showable(output(), delivery, { env, pass })
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
