import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { FoundStack } from './find-stacks.ts'
import { type filesOf, removeFiles } from './record.ts'
import { toExitCode } from './report.ts'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** How much of the end of a log is read for its last words, in bytes. */
const TAIL = 8192

/** The longest reason in a summary; the log has the rest. */
const LONGEST_REASON = 300

export interface StackRun {
  readonly command: string
  readonly args: readonly string[]
  readonly files: ReturnType<typeof filesOf>
  /** Standard output goes to a file of its own. */
  readonly wantsJson: boolean
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/**
 * Runs the command for one stack as a process of its own. What it says goes straight into its files, so that it goes on
 * and is recorded even if this process is killed.
 */
export async function runStack(
  { stack, projectDir }: FoundStack,
  { command, args, files, wantsJson, env, signal }: StackRun,
): Promise<ExitCode> {
  if (signal.aborted) return EXIT.interrupted
  removeFiles(files)
  const log = openSync(files.log, 'wx', 0o600)
  const out = wantsJson ? openSync(files.json, 'wx', 0o600) : log
  try {
    const words = [
      MAIN,
      '-C',
      projectDir,
      command,
      ...args,
      ...(wantsJson ? ['--json'] : []),
      '--stack',
      stack,
    ]
    // A group of its own: a terminal's Ctrl-C would reach it beside our own signal.
    const child = spawn(process.execPath, [...process.execArgv, ...words], {
      env: environmentOf(env),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', out, log],
    })
    const interrupt = () => child.kill('SIGINT')
    signal.addEventListener('abort', interrupt, { once: true })
    const [code, killedBy] = await once(child, 'exit')
    signal.removeEventListener('abort', interrupt)
    return toExitCode(code, killedBy)
  } finally {
    closeSync(log)
    if (out !== log) closeSync(out)
  }
}

/** Without what names one stack, and without the page to which each would add its own summary beside the one of all. */
function environmentOf({ PULUMI_STACK: _, GITHUB_STEP_SUMMARY: __, ...env }: NodeJS.ProcessEnv) {
  return env
}

/** The last line of a log that says something, from the last error on. */
export function lastWords(file: string): string {
  const lines = tailOf(file)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const error = lines.findLast((line) => /^error\b/.test(line)) ?? lines.at(-1) ?? ''
  const reason = error.replace(/^error:?\s*/, '')
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason
}

function tailOf(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const tail = Buffer.alloc(Math.min(size, TAIL))
    readSync(descriptor, tail, 0, tail.length, size - tail.length)
    return tail.toString()
  } finally {
    closeSync(descriptor)
  }
}

/** What the command printed as JSON; nothing when it ended before it did. */
export function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
