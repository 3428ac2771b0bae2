import type { ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import { readOutputs, type Workspace } from '../lib/workspace.ts'
import { discoverEndpoints, exitCodeOf, openPorts, prove, stackTargets } from '../proof/index.ts'
import { renderProof } from '../proof/render.ts'

export interface VerifyOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly json?: boolean
}

/** Proves that a deployed stack's secrets work: exit code 0 when every check passed, 1 when one failed. */
export async function verify(
  { pulumi }: Workspace,
  options: VerifyOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<ExitCode> {
  const outputs = await readOutputs(pulumi, options.stack)
  const report = await prove(stackTargets(outputs), openPorts(await discoverEndpoints(env)))
  terminal.print(options.json ? JSON.stringify(report, null, 2) : renderProof(report, terminal.colors))
  return exitCodeOf(report.verdict)
}
