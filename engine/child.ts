import { type ChildProcess, spawn } from 'node:child_process'
import { parse } from 'node:path'
import { createInterface } from 'node:readline'
import type { Context } from './context.ts'
import { interrupted, reasonOf } from './errors.ts'

/** How one child process is run. */
export interface RunOptions {
  /** Completes "Stopped while …" when the caller's signal fires. */
  doing: string
  /** Working directory. Default: the root folder, where no project file or go.mod has a say. */
  cwd?: string
  /** Added to the context's environment. */
  env?: Record<string, string>
  /** Called with each line of standard error as it comes. */
  onErrorLine?: (line: string) => void
  /** Kills the child after so many milliseconds. Default: never. */
  timeout?: number
}

/** What a finished child process left behind. */
export interface RunResult {
  ok: boolean
  stdout: string
  /** One line for people when `ok` is false: the last words on standard error, or how the process ended. */
  reason: string
}

/** Milliseconds between asking a child to end and forcing it: long enough for `go` to delete its work folder. */
const GRACE = 5_000

/**
 * Runs a program to its end. A program that fails or cannot be started is a result, not an exception.
 *
 * @throws EngineError `INTERRUPTED` once the child is gone, when the context's signal fired.
 */
export async function run(
  context: Context,
  command: string,
  args: string[],
  options: RunOptions,
): Promise<RunResult> {
  const { signal } = context
  if (signal?.aborted) throw interrupted(options.doing, signal)
  // With a signal, we end the child: a process group of its own lets one kill reach its children (the compilers that
  // `go` starts) too. Without one, it stays in ours, so that Ctrl-C in the terminal reaches it.
  const ownGroup = signal !== undefined && process.platform !== 'win32'
  const child = spawn(command, args, {
    cwd: options.cwd ?? parse(process.execPath).root,
    env: { ...context.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
    windowsHide: true,
  })
  const stop = () => end(child, ownGroup)
  signal?.addEventListener('abort', stop, { once: true })
  let late = false
  const expire = () => {
    late = true
    stop()
  }
  const deadline = options.timeout === undefined ? undefined : setTimeout(expire, options.timeout)
  try {
    const result = await finished(child, options.onErrorLine)
    if (signal?.aborted) throw interrupted(options.doing, signal)
    return late
      ? { ...result, ok: false, reason: `no answer within ${elapsed(options.timeout ?? 0)}` }
      : result
  } finally {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', stop)
  }
}

/** Runs `work` and logs `detail()` with the elapsed time at a steady pace until it settles. */
export async function withProgress<T>(
  context: Context,
  detail: () => string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now()
  const report = () => context.log(`  ${elapsed(performance.now() - start)}: ${detail()}`)
  const timer = setInterval(report, context.progressEvery)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** `75_000` as `1 min 15 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

function finished(child: ChildProcess, onErrorLine: RunOptions['onErrorLine']): Promise<RunResult> {
  const { promise, resolve } = Promise.withResolvers<RunResult>()
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  const lastLines: string[] = []
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.trim() !== '') lastLines.push(line.trim())
      if (lastLines.length > 3) lastLines.shift()
      onErrorLine?.(line)
    })
  }
  child.once('error', (error) => resolve({ ok: false, stdout, reason: reasonOf(error) }))
  child.once('close', (code, killedBy) => {
    const ending = killedBy ? `ended by ${killedBy}` : `exit code ${code}`
    resolve({ ok: code === 0, stdout, reason: lastLines.join(' | ') || ending })
  })
  return promise
}

function end(child: ChildProcess, ownGroup: boolean): void {
  // SIGINT rather than SIGTERM: `go` answers it by removing its work folder.
  kill(child, ownGroup, 'SIGINT')
  const force = setTimeout(() => kill(child, ownGroup, 'SIGKILL'), GRACE)
  child.once('close', () => clearTimeout(force))
}

function kill(child: ChildProcess, ownGroup: boolean, how: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(ownGroup ? -child.pid : child.pid, how)
  } catch (error) {
    // ESRCH: it ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
