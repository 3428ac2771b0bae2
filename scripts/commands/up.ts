import { EXIT, type ExitCode } from '../lib/errors.ts'
import { stackArgs, type Workspace } from '../lib/workspace.ts'

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

/** Brings a stack to what is declared, without questions: for pipelines, and for people who have read the preview. */
export async function up({ pulumi }: Workspace, options: UpOptions): Promise<ExitCode> {
  await pulumi.show([
    ...(options.preview ? ['preview'] : ['up', '--yes']),
    ...stackArgs(options.stack),
    '--suppress-outputs',
    '--parallel',
    String(PARALLEL),
  ])
  return EXIT.ok
}
