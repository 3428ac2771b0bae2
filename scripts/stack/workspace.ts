import { resolve } from 'node:path'
import {
  type Engine,
  engineEnvironment,
  ensureAzureadPlugin,
  ensureEngine,
  policyPackFor,
} from '../../engine/index.ts'
import { type StackOutputs, stackOutputs } from '../../infra/contract/outputs.ts'
import { PROJECT_DIR_VARIABLE } from '../../infra/program/project-dir.ts'
import { CommandError } from '../lib/errors.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { Terminal } from '../lib/terminal.ts'
import { withoutLogSettings } from './log-settings.ts'
import { Pulumi } from './pulumi.ts'

/** A Pulumi CLI that is ready to work on the project: engine and azuread plugin are in place. */
export interface Workspace {
  readonly pulumi: Pulumi
  /** What to hand to `--policy-pack` for the policy pack in a folder. */
  readonly policyPack: (folder: string) => string
  /** What was added to the caller's environment, for shells that run Pulumi by hand. */
  readonly environment: Record<string, string>
}

export interface WorkspaceOptions {
  readonly projectDir: string
  /** Names the tenant (`ARM_*`), the state back end and its passphrase. */
  readonly env: NodeJS.ProcessEnv
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/

/**
 * Finds or builds the Pulumi CLI, saying where it comes from.
 *
 * @throws EngineError when none can be found
 */
export async function openEngine({
  env,
  terminal,
  signal,
}: Omit<WorkspaceOptions, 'projectDir'>): Promise<Engine> {
  const engine = await ensureEngine({ env, signal, log: terminal.note })
  terminal.note(`Engine: ${engine.description}`)
  return engine
}

/**
 * Puts the azuread plugin beside the engine: the official one for Entra; on loopback, where that cannot be found, ours.
 *
 * @param engine from {@link openEngine}, which is called when it is left out
 * @throws EngineError when a plugin cannot be found
 */
export async function openWorkspace(options: WorkspaceOptions, engine?: Engine): Promise<Workspace> {
  const { env, terminal, signal } = options
  const cli = engine ?? (await openEngine(options))
  const target = LOOPBACK.test(env['ARM_METADATA_HOSTNAME'] ?? '') ? 'loopback' : 'entra'
  const plugin = await ensureAzureadPlugin(cli, target, { env, signal, log: terminal.note })
  terminal.note(`Plugin: ${plugin.description}`)
  const environment = { ...engineEnvironment(cli, env), ...plugin.env }
  const pulumi = pulumiIn(options, cli, environment)
  return { pulumi, environment, policyPack: (folder) => policyPackFor(cli, folder, { env }) }
}

/** Pulumi for what only reads the state: it needs no plugin. */
export function openState(options: WorkspaceOptions, engine: Engine): Pulumi {
  return pulumiIn(options, engine, engineEnvironment(engine, options.env))
}

function pulumiIn(
  { projectDir, env, terminal, signal }: WorkspaceOptions,
  engine: Engine,
  environment: NodeJS.ProcessEnv,
): Pulumi {
  terminal.mask.add(...secretsIn(env))
  return new Pulumi({
    command: engine.command,
    cwd: projectDir,
    env: {
      ...withoutLogSettings(env, terminal.note),
      ...environment,
      [PROJECT_DIR_VARIABLE]: resolve(projectDir),
    },
    mask: terminal.mask,
    signal,
  })
}

/** Creates the stack if it is not there yet. */
export async function ensureStack(pulumi: Pulumi, stack: string): Promise<void> {
  await pulumi.read(['stack', 'select', stack, '--create'])
}

/** `--stack NAME`, or nothing: Pulumi then takes PULUMI_STACK or the selected stack. */
export function stackArgs(stack: string | undefined): string[] {
  return stack ? ['--stack', stack] : []
}

/**
 * The deployed stack's outputs, secret values included.
 *
 * @throws CommandError NOT_DEPLOYED when the stack was never brought up with this program, STATE_UNREADABLE
 */
export async function readOutputs(pulumi: Pulumi, stack: string | undefined): Promise<StackOutputs> {
  const text = await pulumi.read(['stack', 'output', '--json', '--show-secrets', ...stackArgs(stack)])
  const outputs = stackOutputs.safeParse(parsed(text))
  if (outputs.success) {
    pulumi.mask.add(...secretValuesIn(outputs.data))
    return outputs.data
  }
  const name = stack ? `The stack "${stack}"` : 'The selected stack'
  throw new CommandError('NOT_DEPLOYED', `${name} has no applications yet. Bring it up first: npm run up`)
}

function secretValuesIn({ secretValues }: StackOutputs): string[] {
  return Object.values(secretValues).flatMap((secrets) =>
    Object.values(secrets).flatMap((generations) => Object.values(generations)),
  )
}

/** Without the text in the error, which holds secrets. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new CommandError(
      'STATE_UNREADABLE',
      'pulumi stack output --json printed something that is not JSON.',
    )
  }
}
