import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SECOND_DEPLOYMENT } from '../../infra/contract/second-deployment.ts'
import { IDENTITIES_KEY, mergeIdentities } from '../../infra/declaration/stack-declaration.ts'
import { type Existing, findExisting } from '../adopt/existing.ts'
import { IMPORTED_TYPES } from '../adopt/import-ids.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { type Terminal, usesColor } from '../lib/terminal.ts'
import { resourceOf } from '../stack/engine-events.ts'
import type { PendingOperation } from '../stack/engine-state.ts'
import { withIntent } from '../stack/intent-file.ts'
import type { Plan } from '../stack/planned-changes.ts'
import type { Pulumi, PulumiEnded } from '../stack/pulumi.ts'
import { PARALLEL, type Settled, StackChanges } from '../stack/stack-changes.ts'
import { readConfig } from '../stack/stack-config.ts'
import type { Workspace } from '../stack/workspace.ts'
import { openTenant } from './open-tenant.ts'

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
 * a policy finds is found before anything is changed; and it is all that runs when it finds nothing to change. What the
 * preview would create though the directory has it, such as consent given in the portal, is taken over instead.
 *
 * @throws CommandError STACK_LOCKED, PULUMI_FAILED; PENDING_OPERATIONS when the directory cannot be asked what an
 *   interrupted deployment created; EXISTS_OTHERWISE for an object that is there and differs;
 *   BAD_OPTIONS for settings of a pack without the pack
 * @throws EngineError POLICY_PACK_UNUSABLE
 */
export async function up(
  openWorkspace: () => Promise<Workspace>,
  { stack, preview = false, ...policy }: UpOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (policy.policyPackConfig !== undefined && policy.policyPack === undefined) {
    throw new CommandError('BAD_OPTIONS', '--policy-pack-config needs --policy-pack.')
  }
  const { pulumi, policyPack } = await openWorkspace()
  const args = [
    '--suppress-outputs',
    ...['--parallel', String(PARALLEL)],
    ...policyArgs(policy, policyPack),
    ...['--color', usesColor(process.stdout) ? 'always' : 'never'],
  ]
  const show = { show: terminal }
  const changes = new StackChanges(pulumi, { stack, signal, note: terminal.note })
  const deploy = async (env: Readonly<Record<string, string>> = {}): Promise<ExitCode> => {
    const run = () => changes.deploy(args, { ...show, env })
    const ended = await run()
    exitCodeOf('up', ended)
    return ended.output.includes(SECOND_DEPLOYMENT) ? exitCodeOf('up', await run()) : EXIT.ok
  }
  // What only a person can judge, Pulumi itself warns of.
  const settled = preview ? undefined : await changes.settle(isSought)
  if (settled?.state.isEmpty && policy.policyPack === undefined && !(await hasIdentities(pulumi, stack))) {
    return deploy()
  }
  const planned = await changes.preview(args, show)
  exitCodeOf('preview', planned)
  const open = async () => {
    const config = await readConfig(pulumi, stack)
    return (await openTenant(config, pulumi.env, terminal.mask, signal)).directory.reader
  }
  if (planned.changes) {
    const takenOver = await toTakeOver(planned, settled, open, terminal)
    const existing = takenOver.map(({ title: _, ...object }) => object)
    if (existing.length > 0) {
      await withIntent({ steps: [], existing }, async (env) => {
        exitCodeOf('preview', await changes.preview(args, { ...show, env }))
        if (!preview) await deploy(env)
      })
    }
    // An import changes nothing, so what differs from the declaration is changed by a deployment of its own.
    const isDone = existing.length > 0 && existing.every(({ keep }) => keep.length === 0)
    if (!preview && !isDone) await deploy()
  }
  if (settled && settled.sought.length > 0) await changes.clearPending()
  return EXIT.ok
}

/** Identities are there before the first deployment already, and may be granted what is declared. */
async function hasIdentities(pulumi: Pulumi, stack: string | undefined): Promise<boolean> {
  const config = await readConfig(pulumi, stack)
  return mergeIdentities(pulumi.projectDir, config.value(IDENTITIES_KEY)) !== undefined
}

/** A creation that was interrupted, of an object that is looked for before another one is created. */
function isSought({ kind, urn }: PendingOperation): boolean {
  return kind === 'creating' && Object.values<string>(IMPORTED_TYPES).includes(resourceOf(urn).type)
}

/** @throws CommandError EXISTS_OTHERWISE, PENDING_OPERATIONS */
async function toTakeOver(
  planned: Plan,
  settled: Settled | undefined,
  openReader: Parameters<typeof findExisting>[1],
  { print, note }: Pick<Terminal, 'print' | 'note'>,
): Promise<Existing['takenOver']> {
  const { takenOver, conflicts, unread } = await findExisting(planned, openReader, {
    interrupted: new Set(settled?.sought.map(({ urn }) => resourceOf(urn).name)),
    applications: settled?.state.applications ?? new Map(),
  }).catch((error) => {
    if (!(error instanceof CommandError)) throw error
    return { takenOver: [], conflicts: [], unread: [error.message] }
  })
  if (unread.length > 0 && settled && settled.sought.length > 0) {
    throw new CommandError(
      'PENDING_OPERATIONS',
      `The previous deployment was interrupted, and what it created could not be looked for; nothing was changed:\n${bullets(unread)}`,
    )
  }
  for (const each of unread) note(`Could not look for what exists already: ${each}`)
  if (conflicts.length > 0) {
    throw new CommandError(
      'EXISTS_OTHERWISE',
      `The directory has other objects in the place of declared ones; nothing was changed:\n${bullets(conflicts)}`,
      { exitCode: EXIT.wrong },
    )
  }
  if (takenOver.length > 0) {
    print(
      `Exists already, and is taken over instead of created:\n${bullets(takenOver.map(({ title }) => title))}`,
    )
  }
  return takenOver
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `  - ${line}`).join('\n')
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
  if (policyPack === undefined) return []
  const pack = packFor(policyPack === true ? OWN_PACK : policyPack)
  const config = policyPackConfig === undefined ? [] : ['--policy-pack-config', resolve(policyPackConfig)]
  return ['--policy-pack', pack, ...config]
}
