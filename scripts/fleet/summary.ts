import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { type FoundStack, labelOf } from './find-stacks.ts'
import { type FleetReport, fleetReport, gravest, type StackResult, statusOf, sumsOf } from './report.ts'

/**
 * Sums up what the jobs of a pipeline did, each of which ran commands for one stack or some of them and kept what they
 * printed with `--json`. A stack counts as its first command that did not succeed; one without a report could not run.
 *
 * @param dir searched with everything in it; what is not such a report is passed over
 * @throws CommandError BAD_OPTIONS for a directory that cannot be read, or that holds no report at all
 */
export function summarize(stacks: readonly FoundStack[], dir: string): FleetReport {
  const reports = reportsIn(dir).sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  const [first] = reports
  if (!first) {
    throw new CommandError(
      'BAD_OPTIONS',
      `--summary: there is no report in ${dir}. Keep there what each job prints with --json for its stack, and say --stacks.`,
    )
  }
  const results = stacks.map(({ label, stack, project }) => {
    const found = reports.flatMap((report) => report.stacks.filter((each) => labelOf(each) === label))
    return resultOf({ stack, project }, found, dir)
  })
  const ends = reports.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs)
  return {
    schemaVersion: 1,
    tool: { name: 'entra-apps', version: MANIFEST.version },
    command: [...new Set(reports.map(({ command }) => command))].join(', '),
    arguments: [],
    startedAt: first.startedAt,
    durationMs: Math.max(...ends) - Date.parse(first.startedAt),
    exitCode: gravest(results.map(({ exitCode = EXIT.couldNotRun }) => exitCode as ExitCode)),
    summary: sumsOf(results),
    stacks: results,
  }
}

function resultOf(
  names: Pick<StackResult, 'stack' | 'project'>,
  found: readonly StackResult[],
  dir: string,
): StackResult {
  const decisive = found.find(({ status }) => status !== 'succeeded') ?? found.at(-1)
  if (!decisive) {
    const exitCode = EXIT.couldNotRun
    return { ...names, status: statusOf(exitCode), exitCode, log: '', reason: `no report in ${dir}` }
  }
  const { report: _, ...result } = decisive
  return { ...result, durationMs: found.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0) }
}

function reportsIn(dir: string): FleetReport[] {
  let files: string[]
  try {
    files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
  } catch (error) {
    throw new CommandError('BAD_OPTIONS', `--summary: ${dir} cannot be read: ${(error as Error).message}`)
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const report = fleetReport.safeParse(parsed(join(dir, file)))
      return report.success ? [report.data] : []
    })
}

/** Nothing for a file that a job left in the middle. */
function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
