import { readFileSync, rmSync } from 'node:fs'
import { replaceFileSync } from '../../lib/replace-file.ts'
import {
  clientEnvironment,
  LEAST_PRIVILEGE_DEPLOYER_ROLES,
  parseScript,
  parseSeed,
  type RunningTenant,
  startTenant,
} from '../../tenant/index.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
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
  /** A file that is written once the tenant serves, with what clients need, and removed when it stops. */
  readonly readyFile?: string
  /** Id of the tenant in a new data directory. */
  readonly tenantId?: string
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
  const script = readFile('--faults', options.faults, parseScript)
  const seed = readFile('--seed', options.seed, parseSeed)
  const running = await startTenant({
    dataDir: stage.dataDir,
    ...(options.port !== undefined && { port: options.port }),
    ...(options.verbose && { log: terminal.note }),
    ...(seed && { seed }),
    ...(script && { script }),
    ...(options.tenantId !== undefined && { tenantId: options.tenantId }),
    ...(options.allow && { deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, ...options.allow] }),
  })
  try {
    const environment = await localEnvironment(stage, running)
    terminal.note(`Local tenant on ${running.url}, data in ${stage.dataDir}. Stop it with Ctrl-C.`)
    terminal.note(`What is in it, to look at in a browser: ${running.url}/`)
    sayWhatIsUnusual(running, options.lag, terminal)
    terminal.note('In another terminal, this puts it (and a Pulumi CLI) into the environment:\n')
    terminal.note(`  eval "$(${envCommand(options.data)})"\n`)
    terminal.note('Other clients need:\n')
    terminal.note(renderExports(environment, running.deployer.secretFile))
    terminal.note('\nIts clock, replication lag and faults, from outside:\n')
    terminal.note(
      `  curl --cacert ${running.caFile} -H "Authorization: Bearer $(cat ${running.controlKeyFile})" ${running.url}/_control`,
    )
    // The one line on standard output, for programs that wait for the tenant.
    const { url, port, tenantId, caFile } = running
    const ready = { ready: true, url, port, tenantId, caFile, pid: process.pid }
    if (options.readyFile !== undefined) writeReadyFile(options.readyFile, running, ready)
    terminal.print(JSON.stringify(ready))
    await aborted(signal)
    terminal.note('Stopping.')
  } finally {
    if (options.readyFile !== undefined) rmSync(options.readyFile, { force: true })
    await running.close()
  }
  return EXIT.ok
}

/** All that programs in other languages need, and no secret: those are in files of the data directory. */
function writeReadyFile(file: string, running: RunningTenant, ready: object): void {
  const { graphUrl, deployer, controlKeyFile } = running
  const content = { ...ready, graphUrl, deployer, controlKeyFile, environment: clientEnvironment(running) }
  accessing('--ready-file', file, () =>
    replaceFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, durable: false }),
  )
}

/** @throws CommandError FILE_INACCESSIBLE */
function accessing<T>(option: string, file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new CommandError(
      'FILE_INACCESSIBLE',
      `${option}: "${file}" is not accessible (${cause.message}).`,
      {
        cause,
      },
    )
  }
}

/** What a file holds, checked before anything starts; undefined without a file. */
function readFile<T>(
  option: string,
  file: string | undefined,
  parse: (text: string, name: string) => T,
): T | undefined {
  return file === undefined
    ? undefined
    : parse(
        accessing(option, file, () => readFileSync(file, 'utf8')),
        file,
      )
}

/** In this repository commands are npm scripts. */
function envCommand(data: string | undefined): string {
  const isScript = process.env['npm_lifecycle_event'] === 'tenant'
  const command = isScript ? 'npm run -s tenant:env' : 'npx entra-apps tenant:env'
  return data === undefined ? command : `${command}${isScript ? ' --' : ''} --data ${data}`
}

/** Puts the lag in force, and says what is out of the ordinary. */
function sayWhatIsUnusual(
  { control, seeded }: RunningTenant,
  lag: string | undefined,
  terminal: Terminal,
): void {
  if (seeded.length > 0) terminal.note(`Added to the directory: ${seeded.join(', ')}.`)
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
