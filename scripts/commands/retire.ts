import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseDuration } from '../../lib/duration.ts'
import { FileLock } from '../../lib/file-lock.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { forgetProofs } from '../proof/last-proofs.ts'
import { renderRetirement } from '../retirement/render.ts'
import { cancelRetirement, type RetireReport, retire } from '../retirement/retire.ts'
import { parseOption } from './parse-option.ts'
import { open, type RotateContext } from './rotate.ts'

export interface RetireOptions {
  /** Name of the application. */
  readonly app: string
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  /** How long sign-in is disabled before it may be deleted, such as `30d`. */
  readonly after?: string
  /** How long it must not have been used, such as `30d`. */
  readonly unusedFor: string
  readonly force?: boolean
  /** Give the retirement up. */
  readonly cancel?: boolean
  /** Change nothing. */
  readonly dryRun?: boolean
  readonly json?: boolean
}

/**
 * Takes the next step of a retirement: exit code 0 when the application is deleted, or again in use; 3 while it waits
 * to be deleted; 1 when a step is refused.
 *
 * @throws CommandError BAD_OPTIONS; STACK_LOCKED while another run is at work in this checkout; what the step throws
 */
export async function retireCommand(options: RetireOptions, context: RotateContext): Promise<ExitCode> {
  const { app, after, unusedFor, force = false, cancel, dryRun = false, json } = options
  if (cancel && (after !== undefined || force)) {
    throw new CommandError('BAD_OPTIONS', '--cancel goes with neither --after nor --force.')
  }
  const unusedForMs = parseOption('--unused-for', () => parseDuration(unusedFor))
  if (after !== undefined) parseOption('--after', () => parseDuration(after))
  const { terminal, projectDir } = context
  const step = async () => {
    const { ports: rotation, stack, reader } = await open(options, context)
    const { now, note } = rotation
    const ports = { stack, reader: reader(), now, note }
    return cancel
      ? cancelRetirement(app, ports, { dryRun })
      : retire(app, { after, unusedForMs, force }, ports, { dryRun })
  }
  const report = dryRun ? await step() : await aloneIn(projectDir, step)
  if (report.did === 'deleted' && report.deleted) forgetProofs(projectDir, report.deleted.clientId)
  terminal.print(json ? JSON.stringify(report, null, 2) : renderRetirement(report, terminal.colors))
  return exitCodeOf(report)
}

/** Two runs must not write the stack's file at the same time: Pulumi empties it before it writes, and reads it again. */
async function aloneIn<T>(projectDir: string, work: () => Promise<T>): Promise<T> {
  const folder = join(projectDir, '.entra-apps')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = new FileLock(join(folder, 'retire.lock'))
  if (!lock.tryAcquire()) {
    lock.close()
    throw new CommandError(
      'STACK_LOCKED',
      `Another run of retire is at work in ${projectDir}. Wait until it has ended, then run the command again.`,
    )
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function exitCodeOf({ refusals, next }: RetireReport): ExitCode {
  if (refusals.length > 0) return EXIT.wrong
  return next === 'wait' ? EXIT.notReady : EXIT.ok
}
