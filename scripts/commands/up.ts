import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { type Terminal, usesColor } from '../lib/terminal.ts'
import type { PulumiEnded } from '../stack/pulumi.ts'
import { PARALLEL, StackChanges } from '../stack/stack-changes.ts'
import type { Workspace } from '../stack/workspace.ts'

export interface UpOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  /** Show what would change, change nothing. */
  readonly preview?: boolean
  /** Folder of a policy pack that the deployment must keep; `true` for the one of entra-apps. Default: none. */
  readonly policyPack?: string | true
  /** JSON file with the settings of the pack's policies. */
  readonly policyPackConfig?: string
}

/** The policy pack of entra-apps. */
const OWN_PACK = dirname(fileURLToPath(new URL('../../policy/main.js', import.meta.url)))

/**
 * Brings a stack to what is declared, without questions: for pipelines, and for people who have read the preview.
 *
 * A preview comes first wherever there is something that a mistake could spoil, so that one which only the provider or
 * a policy finds is found before anything is changed; and it is all that runs when it finds nothing to change.
 *
 * @throws CommandError STACK_LOCKED, PULUMI_FAILED; BAD_OPTIONS for settings of a pack without the pack
 * @throws EngineError POLICY_PACK_UNUSABLE
 */
export async function up(
  { pulumi, policyPack }: Workspace,
  { stack, preview = false, ...policy }: UpOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const args = [
    '--suppress-outputs',
    ...['--parallel', String(PARALLEL)],
    ...policyArgs(policy, policyPack),
    ...['--color', usesColor(process.stdout) ? 'always' : 'never'],
  ]
  const show = { show: terminal }
  const changes = new StackChanges(pulumi, { stack, signal, note: terminal.note })
  if (preview) return exitCodeOf('preview', await changes.run(['preview', ...args], show))
  // What only a person can judge, Pulumi itself warns of.
  const { isEmpty } = await changes.settle()
  if (!isEmpty || policy.policyPack !== undefined) {
    const planned = await changes.preview(args, show)
    if (planned.code !== 0 || !planned.changes) return exitCodeOf('preview', planned)
  }
  return exitCodeOf('up', await changes.run(['up', '--yes', '--skip-preview', ...args], show))
}

function exitCodeOf(command: string, { code }: PulumiEnded): ExitCode {
  if (code === 0) return EXIT.ok
  throw new CommandError(
    'PULUMI_FAILED',
    `pulumi ${command} ended with exit code ${code} (its own output is above).`,
    { exitCode: EXIT.wrong },
  )
}

function policyArgs(
  { policyPack, policyPackConfig }: Pick<UpOptions, 'policyPack' | 'policyPackConfig'>,
  packFor: Workspace['policyPack'],
): string[] {
  if (policyPack === undefined) {
    if (policyPackConfig === undefined) return []
    throw new CommandError('BAD_OPTIONS', '--policy-pack-config needs --policy-pack.')
  }
  const pack = packFor(policyPack === true ? OWN_PACK : policyPack)
  const config = policyPackConfig === undefined ? [] : ['--policy-pack-config', resolve(policyPackConfig)]
  return ['--policy-pack', pack, ...config]
}
