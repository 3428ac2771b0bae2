import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import { type Engine, engineEnvironment, ensureAzureadPlugin, ensureEngine } from '../../engine/index.ts'
import type { AppDeclarationInput } from '../../infra/declaration/schema.ts'
import { PROJECT_DIR_VARIABLE } from '../../infra/program/project-dir.ts'
import { localEnvironment, localProcessEnvironment, localStage } from '../../scripts/stack/local-stage.ts'
import { type RunningTenant, startTenant, type TenantOptions } from '../../tenant/index.ts'
import { type BackendKind, openBackend } from './backends/index.ts'

export const REPOSITORY = resolve(import.meta.dirname, '../..')

const STACK = 'test'

/** How a child process ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Both streams, for messages and searches. */
  readonly output: string
}

/** What a stage needs to know of its tenant, in this process or in one of its own. */
export type StageTenant = Pick<
  RunningTenant,
  'url' | 'tenantId' | 'graphUrl' | 'caFile' | 'caPem' | 'deployer' | 'close'
>

/** A tenant, a Pulumi project with its own state, and the ways to run things against them. */
export interface Stage<Tenant extends StageTenant = RunningTenant> {
  readonly dir: string
  readonly tenant: Tenant
  readonly env: NodeJS.ProcessEnv
  /** What the tenant logged so far. */
  log(): string
  /**
   * Calls a function with each request that the tenant has carried out, before its answer leaves.
   *
   * @returns ends that
   */
  beforeAnswers(listener: () => void): () => void
  /** Replaces the settings in the stack file by these applications, and others by their full key. */
  declare(
    apps: Readonly<Record<string, AppDeclarationInput>>,
    settings?: Readonly<Record<string, unknown>>,
  ): Promise<void>
  /** Runs the Pulumi CLI as a person would in that shell. */
  pulumi(...args: string[]): Promise<Ended>
  /** The same with another azuread plugin: a file, or `undefined` for the one of this repository. */
  pulumiWithPlugin(file: string | undefined, ...args: string[]): Promise<Ended>
  /** Runs our own CLI, with the project and environment of the stage. */
  cli(...args: string[]): Promise<Ended>
  /** The same with parts of the environment replaced; `undefined` removes a variable. */
  cliWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended>
  /** The state of the stack as the back end has it now, as JSON; empty in the instant in which it is replaced. */
  state(): Promise<string>
  close(): Promise<void>
}

export interface StageOptions extends Pick<TenantOptions, 'deployerRoles'> {
  /** Where Pulumi keeps the state. Default: `file`. */
  readonly backend?: BackendKind
}

/** One stage for each test file or test; close it in the end. */
export async function openStage({ backend = 'file', ...options }: StageOptions = {}): Promise<Stage> {
  return openStageWith(backend, (dataDir, log) =>
    startTenant({ listOrder: 'reversed', ...options, dataDir, log }),
  )
}

/** A stage with a tenant that the caller starts, on that directory. */
export async function openStageWith<Tenant extends StageTenant>(
  kind: BackendKind,
  start: (dataDir: string, log: (line: string) => void) => Promise<Tenant>,
): Promise<Stage<Tenant>> {
  const dir = await mkdtemp(join(tmpdir(), 'entra-apps-test-'))
  // What was started before something fails is ended all the same: nobody else knows of it.
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(opened.map((end) => end()))
    await rm(dir, { recursive: true, force: true })
  }
  try {
    return await setUp(dir, kind, start, { opened, close })
  } catch (error) {
    await close()
    throw error
  }
}

/** What ends a stage, and where a part of it says how it is ended. */
interface Closing {
  readonly opened: (() => Promise<void>)[]
  readonly close: () => Promise<void>
}

async function setUp<Tenant extends StageTenant>(
  dir: string,
  kind: BackendKind,
  start: (dataDir: string, log: (line: string) => void) => Promise<Tenant>,
  { opened, close }: Closing,
): Promise<Stage<Tenant>> {
  const stage = localStage(dir)
  const log: string[] = []
  const listeners = new Set<() => void>()
  const tenant = await start(stage.dataDir, (line) => {
    log.push(line)
    for (const listener of listeners) listener()
  })
  opened.push(() => tenant.close())
  const engine = await ensureEngine()
  const backend = await openBackend(kind, stage.stateDir)
  opened.push(() => backend.close())
  const local = { ...(await localEnvironment(stage, tenant)), PULUMI_STACK: STACK, ...backend.env }
  const env = { ...(await stageEnvironment(engine, local, tenant)), [PROJECT_DIR_VARIABLE]: dir }
  await writeFile(
    join(dir, 'Pulumi.yaml'),
    stringify({
      name: 'entra-apps',
      runtime: { name: 'nodejs', options: { typescript: false } },
      main: join(REPOSITORY, 'infra/program/main.js'),
    }),
  )
  const runPulumi = (args: readonly string[], stageEnv: NodeJS.ProcessEnv) =>
    run(engine.command, [...args, '--non-interactive', '--color=never'], { cwd: dir, env: stageEnv })
  const pulumi = (...args: string[]) => runPulumi(args, env)
  const made = await pulumi('stack', 'init', STACK)
  if (made.code !== 0) throw new Error(`pulumi stack init failed:\n${made.output}`)
  return {
    dir,
    tenant,
    env,
    log: () => log.join('\n'),
    beforeAnswers: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    pulumi,
    pulumiWithPlugin: async (file, ...args) => {
      const plugin = { ...env, ENTRA_APPS_AZUREAD_PLUGIN: file }
      return runPulumi(args, {
        ...plugin,
        ...(await ensureAzureadPlugin(engine, 'loopback', { env: plugin })).env,
      })
    },
    declare: (apps, settings) => declare(dir, { ...settings, 'entra-apps:apps': apps }),
    cli: (...args) => cli(dir, env, args),
    cliWith: (changes, ...args) => cli(dir, { ...env, ...changes }, args),
    state: () => backend.stateOf(STACK),
    close,
  }
}

function cli(dir: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [join(REPOSITORY, 'scripts/main.js'), '-C', dir, ...args], { cwd: dir, env })
}

async function stageEnvironment(engine: Engine, local: Record<string, string>, tenant: StageTenant) {
  const env = localProcessEnvironment(process.env, local, tenant.deployer.secretFile)
  const plugin = await ensureAzureadPlugin(engine, 'loopback', { env })
  return { ...env, ...engineEnvironment(engine, env), ...plugin.env }
}

/** Keeps what Pulumi wrote into the stack file (the encryption salt) and replaces the settings. */
async function declare(dir: string, config: Readonly<Record<string, unknown>>): Promise<void> {
  const file = join(dir, `Pulumi.${STACK}.yaml`)
  const current = parse(await readFile(file, 'utf8')) as object
  await writeFile(file, stringify({ ...current, config }))
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Called with each piece of output, so that a test can act in the middle of a run. */
  readonly onOutput?: (soFar: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** Runs a program to its end and collects what it says. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    options.onOutput?.(stdout + stderr, kill)
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
    options.onOutput?.(stdout + stderr, kill)
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr, output: stdout + stderr }
}

/** An application that uses everything a declaration can hold. */
export const FILE_MANAGER: AppDeclarationInput = {
  displayName: 'FileManager',
  redirectUris: { web: ['https://files.example.com/cb'], spa: ['http://localhost:5173/'] },
  permissions: {
    'Microsoft Graph': {
      application: ['Files.Read.All', 'User.Read.All'],
      delegated: ['User.Read', 'offline_access'],
    },
  },
  consent: 'grant',
  secrets: { onedrive: { displayName: 'OneDrive', lifetime: '90d' } },
  verify: ['GET /users?$top=1', 'GET /users/ada@contoso.onmicrosoft.com/drive/root/children'],
}
