import { z } from 'zod'
import { EXIT, type ExitCode } from '../lib/errors.ts'

const STATUSES = ['succeeded', 'failed', 'notReady', 'couldNotRun', 'interrupted', 'notStarted'] as const

const stackResult = z.object({
  stack: z.string(),
  project: z.string().describe('Folder of the project, "." for the one that the command was run in'),
  status: z.enum(STATUSES),
  exitCode: z.number().int().exactOptional().describe('Left out for a stack that was not started'),
  durationMs: z.number().int().exactOptional(),
  isEarlier: z.boolean().exactOptional().describe('It succeeded in the run that --resume continues'),
  log: z.string().describe('File with everything that the command said'),
  reason: z.string().exactOptional().describe('Its last words, where it did not succeed'),
  report: z.unknown().optional().describe('What the command prints with --json for this one stack'),
})

/** The summary of a command for several stacks, as `--json` prints it. */
export const fleetReport = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('entra-apps'), version: z.string() }),
  command: z.string(),
  arguments: z.array(z.string()),
  startedAt: z.string().describe('RFC 3339'),
  durationMs: z.number().int(),
  exitCode: z.number().int().describe('The gravest of all'),
  summary: z.object({ stacks: z.number().int(), succeeded: z.number().int(), failed: z.number().int() }),
  stacks: z.array(stackResult),
})

export type StackResult = z.infer<typeof stackResult>
export type FleetReport = z.infer<typeof fleetReport>
export type Status = (typeof STATUSES)[number]

/** From the least to the gravest, as in the report of `verify`: what is wrong for sure counts more than what could not be asked. */
const GRAVITY: readonly ExitCode[] = [EXIT.ok, EXIT.notReady, EXIT.couldNotRun, EXIT.wrong, EXIT.interrupted]

/** The exit code of a child process as one of ours: one that crashed, or was killed, could not run. */
export function toExitCode(code: number | null, signal: NodeJS.Signals | null): ExitCode {
  if (signal === 'SIGINT' || signal === 'SIGTERM') return EXIT.interrupted
  return GRAVITY.find((each) => each === code) ?? EXIT.couldNotRun
}

/** The gravest exit code; 0 for none. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return GRAVITY[Math.max(0, ...codes.map((code) => GRAVITY.indexOf(code)))] ?? EXIT.couldNotRun
}

export function sumsOf(stacks: readonly StackResult[]): FleetReport['summary'] {
  const succeeded = stacks.filter(({ status }) => status === 'succeeded').length
  return { stacks: stacks.length, succeeded, failed: stacks.length - succeeded }
}

const STATUS_OF: Readonly<Record<ExitCode, Status>> = {
  [EXIT.ok]: 'succeeded',
  [EXIT.wrong]: 'failed',
  [EXIT.couldNotRun]: 'couldNotRun',
  [EXIT.notReady]: 'notReady',
  [EXIT.interrupted]: 'interrupted',
}

export function statusOf(code: ExitCode): Status {
  return STATUS_OF[code]
}
