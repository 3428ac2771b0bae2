import { examine } from '../doctor/examine.ts'
import type { Purpose } from '../doctor/needs.ts'
import { exitCodeOf, renderDoctor } from '../doctor/report.ts'
import type { ExitCode } from '../lib/errors.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { Terminal } from '../lib/terminal.ts'
import { openPorts } from '../proof/connection/open-ports.ts'
import { openEngine, openWorkspace } from '../stack/workspace.ts'

export interface DoctorOptions {
  readonly projectDir: string
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  /** What the deployer is about to do. Default: `up`. */
  readonly for?: Purpose
  readonly json?: boolean
}

/**
 * The pre-flight checks of a deployment.
 *
 * @returns 0 when nothing is missing, 1 when something is
 */
export async function doctor(
  { projectDir, stack, for: purpose = 'up', json }: DoctorOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  terminal.mask.add(...secretsIn(env))
  const report = await examine({
    env,
    projectDir,
    purpose,
    signal,
    openPorts,
    openPulumi: async () => {
      const options = { projectDir, env, terminal, signal }
      const engine = await openEngine(options)
      const { pulumi } = await openWorkspace(options, engine)
      return { pulumi, description: engine.description }
    },
    ...(stack !== undefined && { stack }),
  })
  terminal.print(json ? JSON.stringify(report, null, 2) : renderDoctor(report, terminal.colors))
  return exitCodeOf(report)
}
