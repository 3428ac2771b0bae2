import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { StackChanges } from '../lib/stack-changes.ts'
import { type Terminal, usesColor } from '../lib/terminal.ts'
import type { Workspace } from '../lib/workspace.ts'

export interface UpOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  /** Show what would change, change nothing. */
  readonly preview?: boolean
}

/**
 * Operations at a time. More makes a first deployment of many applications faster until Graph throttles writes; the
 * figures are in docs/benchmarks.md.
 */
export const PARALLEL = 32

/**
 * Brings a stack to what is declared, without questions: for pipelines, and for people who have read the preview.
 *
 * @throws CommandError STACK_LOCKED, PULUMI_FAILED
 */
export async function up(
  { pulumi }: Workspace,
  { stack, preview = false }: UpOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const changes = new StackChanges(pulumi, { stack, signal, note: terminal.note })
  // What only a person can judge, Pulumi itself warns of.
  if (!preview) await changes.settle()
  const { code } = await changes.run(
    [
      ...(preview ? ['preview'] : ['up', '--yes']),
      '--suppress-outputs',
      ...['--parallel', String(PARALLEL)],
      ...['--color', usesColor(process.stdout) ? 'always' : 'never'],
    ],
    { show: true },
  )
  if (code === 0) return EXIT.ok
  const doing = preview ? 'preview' : 'up'
  throw new CommandError(
    'PULUMI_FAILED',
    `pulumi ${doing} ended with exit code ${code} (its own output is above).`,
    { exitCode: EXIT.wrong },
  )
}
