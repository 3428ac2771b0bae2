import { parseDuration } from '../../lib/duration.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
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
 */
export async function retireCommand(options: RetireOptions, context: RotateContext): Promise<ExitCode> {
  const { app, after, unusedFor, force = false, cancel, dryRun = false, json } = options
  if (cancel && (after !== undefined || force)) {
    throw new CommandError('BAD_OPTIONS', '--cancel goes with neither --after nor --force.')
  }
  const unusedForMs = parseOption('--unused-for', () => parseDuration(unusedFor))
  if (after !== undefined) parseOption('--after', () => parseDuration(after))
  const { terminal } = context
  const { ports: rotation, stack, reader } = await open(options, context)
  const { now, note } = rotation
  const ports = { stack, reader: reader(), now, note }
  const report = cancel
    ? await cancelRetirement(app, ports, { dryRun })
    : await retire(app, { after, unusedForMs, force }, ports, { dryRun })
  terminal.print(json ? JSON.stringify(report, null, 2) : renderRetirement(report, terminal.colors))
  return exitCodeOf(report)
}

function exitCodeOf({ refusals, next }: RetireReport): ExitCode {
  if (refusals.length > 0) return EXIT.wrong
  return next === 'wait' ? EXIT.notReady : EXIT.ok
}
