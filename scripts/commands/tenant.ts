import { readFileSync } from 'node:fs'
import {
  LEAST_PRIVILEGE_DEPLOYER_ROLES,
  parseScript,
  parseSeed,
  type RunningTenant,
  type Script,
  type Seed,
  startTenant,
} from '../../tenant/index.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import { aborted } from '../lib/interrupt.ts'
import type { Terminal } from '../lib/terminal.ts'
import {
  LOCAL_STACK,
  localEnvironment,
  localProcessEnvironment,
  localStage,
  renderExports,
  requireRunningTenant,
} from '../stack/local-stage.ts'
import { ensureStack, openWorkspace } from '../stack/workspace.ts'

export interface TenantCommandOptions {
  readonly projectDir: string
  /** Default: `.entra-apps/local` in the project directory. */
  readonly data?: string
  /** Default: any free port. */
  readonly port?: number
  /** Log each request. */
  readonly verbose?: boolean
  /** Rehearsal script in YAML: clock, lag and faults from the start. */
  readonly faults?: string
  /** Users, groups and applications to add, in YAML; those that are there already stay as they are. */
  readonly seed?: string
  /** Application permissions of Microsoft Graph for the deployer, beside the least that provisioning needs. */
  readonly allow?: readonly string[]
  /** Replication lag everywhere, such as `30s`; takes the place of the script's. */
  readonly lag?: string
}

/** Runs the local tenant in the foreground until Ctrl-C. */
export async function tenant(
  options: TenantCommandOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const stage = localStage(options.projectDir, options.data)
  const script = readFile(options.faults, parseScript)
  const seed = readFile(options.seed, parseSeed)
  const running = await startTenant({
    dataDir: stage.dataDir,
    ...(options.port !== undefined && { port: options.port }),
    ...(options.verbose && { log: terminal.note }),
    ...(options.allow && { deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, ...options.allow] }),
  })
  try {
    const environment = await localEnvironment(stage, running)
    terminal.note(`Local tenant on ${running.url}, data in ${stage.dataDir}. Stop it with Ctrl-C.`)
    terminal.note(`What is in it, to look at in a browser: ${running.url}/`)
    rehearse(running, { seed, script, lag: options.lag }, terminal)
    terminal.note('In another terminal, this puts it (and a Pulumi CLI) into the environment:\n')
    terminal.note(`  eval "$(npm run -s tenant:env${options.data ? ` -- --data ${options.data}` : ''})"\n`)
    terminal.note('Other clients need:\n')
    terminal.note(renderExports(environment, running.deployer.secretFile))
    terminal.note('\nIts clock, replication lag and faults, from outside:\n')
    terminal.note(
      `  curl --cacert ${running.caFile} -H "Authorization: Bearer $(cat ${running.controlKeyFile})" ${running.url}/_control`,
    )
    // The one line on standard output, for programs that wait for the tenant.
    const { url, port, tenantId, caFile } = running
    terminal.print(JSON.stringify({ ready: true, url, port, tenantId, caFile, pid: process.pid }))
    await aborted(signal)
    terminal.note('Stopping.')
  } finally {
    await running.close()
  }
  return EXIT.ok
}

/** What a file holds, checked before anything starts; undefined without a file. */
function readFile<T>(file: string | undefined, parse: (text: string, name: string) => T): T | undefined {
  return file === undefined ? undefined : parse(readFileSync(file, 'utf8'), file)
}

/** Adds what is wanted, puts the wanted behaviour in force, and says what is out of the ordinary. */
function rehearse(
  { control }: RunningTenant,
  wanted: {
    readonly seed: Seed | undefined
    readonly script: Script | undefined
    readonly lag: string | undefined
  },
  terminal: Terminal,
): void {
  const { seed, script, lag } = wanted
  const added = seed === undefined ? [] : control.seed(seed)
  if (added.length > 0) terminal.note(`Added to the directory: ${added.join(', ')}.`)
  if (script !== undefined) control.run(script)
  if (lag !== undefined) control.setLag(lag)
  const ahead = Math.round((control.clock.now().getTime() - Date.now()) / 1000)
  if (Math.abs(ahead) > 1) terminal.note(`Its clock shows ${control.clock.now().toISOString()}.`)
  const faults = control.faults().length
  if (faults > 0) terminal.note(`Faults in force: ${faults}.`)
  if (lag !== undefined) terminal.note(`Every change takes ${lag} to be seen.`)
}

/** Prints the shell lines that put the running local tenant and a Pulumi CLI into the environment. */
export async function tenantEnv(
  options: Pick<TenantCommandOptions, 'projectDir' | 'data'>,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const stage = localStage(options.projectDir, options.data)
  const running = requireRunningTenant(stage)
  const local = await localEnvironment(stage, running)
  const processEnv = localProcessEnvironment(env, local, running.deployer.secretFile)
  const workspace = await openWorkspace({ projectDir: options.projectDir, env: processEnv, terminal, signal })
  await ensureStack(workspace.pulumi, LOCAL_STACK)
  terminal.print(renderExports({ ...local, ...workspace.environment }, running.deployer.secretFile))
  return EXIT.ok
}
