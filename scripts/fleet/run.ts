import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import pLimit from 'p-limit'
import { FileLock } from '../../lib/file-lock.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { MANIFEST } from '../lib/manifest.ts'
import type { Terminal } from '../lib/terminal.ts'
import { type FoundStack, findStacks, selectStacks } from './find-stacks.ts'
import { publishReport, type ReportForms } from './publish.ts'
import { type FleetRecord, filesOf, folderOf, readRecord, writeRecord } from './record.ts'
import { outcomeOf } from './render.ts'
import { type FleetReport, gravest, type StackResult, statusOf, sumsOf } from './report.ts'
import { lastWords, readReport, runStack } from './run-stack.ts'

/** Processes at a time where nothing else is said; each takes up to 1 GB with its engine, program and plugin. */
const MOST_PROCESSES = 4

/** Options of a command for several stacks. */
export interface FleetOptions extends ReportForms {
  readonly stacks?: readonly string[]
  readonly allStacks?: boolean
  readonly below?: string
  /** Processes at a time. */
  readonly parallel?: number
  readonly resume?: boolean
}

export interface FleetContext {
  readonly projectDir: string
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** The command that is run for each stack. */
export interface FleetCommand {
  readonly command: string
  readonly args: readonly string[]
  /** It prints a report with `--json`. */
  readonly hasJson: boolean
}

/**
 * Runs a command once for each stack, as processes of the same command line, and sums them up.
 *
 * @returns the gravest exit code of all
 * @throws CommandError NO_STACK, BAD_OPTIONS; STACK_LOCKED while another run of this command for several stacks goes on
 */
export async function runFleet(
  fleet: FleetCommand,
  options: FleetOptions,
  context: FleetContext,
): Promise<ExitCode> {
  const { projectDir, env, terminal } = context
  const all = findStacks(projectDir, options.below)
  const folder = folderOf(resolve(options.below ?? projectDir), fleet.command)
  const lock = new FileLock(join(folder, 'lock'))
  if (!lock.tryAcquire()) {
    lock.close()
    throw new CommandError(
      'STACK_LOCKED',
      `Another run of ${fleet.command} for several stacks goes on in ${folder}. Wait until it has ended.`,
    )
  }
  try {
    const earlier = options.resume ? readRecord(folder, fleet.command, fleet.args) : undefined
    const report = await runAll(
      fleet,
      chosenFrom(all, options, earlier),
      { folder, earlier, options },
      context,
    )
    publishReport(report, options, { env, terminal })
    if (report.summary.failed > 0) terminal.note('Run the rest again with the same command and --resume.')
    return report.exitCode as ExitCode
  } finally {
    lock.release()
  }
}

function chosenFrom(
  all: readonly FoundStack[],
  { stacks, allStacks }: FleetOptions,
  earlier: FleetRecord | undefined,
): FoundStack[] {
  if (stacks) return selectStacks(all, stacks)
  if (allStacks || !earlier) return [...all]
  return all.filter(({ label }) => Object.hasOwn(earlier.stacks, label))
}

interface Run {
  readonly folder: string
  readonly earlier: FleetRecord | undefined
  readonly options: FleetOptions
}

async function runAll(
  { command, args, hasJson }: FleetCommand,
  stacks: readonly FoundStack[],
  { folder, earlier, options }: Run,
  { env, terminal, signal }: FleetContext,
): Promise<FleetReport> {
  const startedAt = new Date()
  const limit = pLimit(options.parallel ?? Math.min(MOST_PROCESSES, availableParallelism()))
  const isDone = ({ label }: FoundStack) => earlier?.stacks[label] === EXIT.ok
  const codes = new Map<string, ExitCode | null>(
    stacks.map((each) => [each.label, isDone(each) ? EXIT.ok : null]),
  )
  const save = () =>
    writeRecord(folder, {
      schemaVersion: 1,
      command,
      arguments: [...args],
      stacks: { ...earlier?.stacks, ...Object.fromEntries(codes) },
    })
  save()
  const progress = new Progress(stacks.length, terminal)
  const work = async (found: FoundStack): Promise<StackResult> => {
    const { label, stack, project } = found
    const files = filesOf(folder, label)
    const about = { stack, project, log: files.log }
    if (isDone(found))
      return progress.ended(label, { ...about, status: 'succeeded', exitCode: EXIT.ok, isEarlier: true })
    if (signal.aborted) return progress.ended(label, { ...about, status: 'notStarted' })
    progress.started(label)
    const start = performance.now()
    const wantsJson = options.json === true && hasJson
    const code = await runStack(found, { command, args, files, wantsJson, env, signal })
    codes.set(label, code)
    save()
    const reason = code === EXIT.ok ? '' : terminal.mask.apply(lastWords(files.log))
    return progress.ended(label, {
      ...about,
      status: statusOf(code),
      exitCode: code,
      durationMs: Math.round(performance.now() - start),
      ...(reason && { reason }),
      ...(wantsJson && { report: readReport(files.json) }),
    })
  }
  const results = await Promise.all(stacks.map((each) => limit(() => work(each))))
  const exits = results.map(({ exitCode = EXIT.interrupted }) => exitCode as ExitCode)
  return {
    schemaVersion: 1,
    tool: { name: 'entra-apps', version: MANIFEST.version },
    command,
    arguments: [...args],
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    exitCode: gravest(exits),
    summary: sumsOf(results),
    stacks: results,
  }
}

/** One line for each stack as it ends; meanwhile a live line, or where nobody watches a line as it starts. */
class Progress {
  readonly #total: number
  readonly #terminal: Terminal
  readonly #running = new Set<string>()
  #ended = 0

  constructor(total: number, terminal: Terminal) {
    this.#total = total
    this.#terminal = terminal
  }

  started(label: string): void {
    this.#running.add(label)
    if (!this.#terminal.status) this.#terminal.note(`${label}: started`)
    this.#show()
  }

  ended(label: string, result: StackResult): StackResult {
    this.#running.delete(label)
    this.#ended += 1
    const { colors } = this.#terminal
    const paint = result.status === 'succeeded' ? colors.green : colors.red
    this.#terminal.note(`[${this.#ended}/${this.#total}] ${label}: ${paint(outcomeOf(result))}`)
    this.#show()
    return result
  }

  #show(): void {
    const running = [...this.#running].join(', ')
    this.#terminal.status?.(running && `running: ${running}`)
  }
}
