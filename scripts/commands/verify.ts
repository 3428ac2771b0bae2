import { parseDuration } from '../../lib/duration.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { CommandError, type ExitCode } from '../lib/errors.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { Terminal } from '../lib/terminal.ts'
import { skipped } from '../proof/checks/check.ts'
import { masking, secretsOf } from '../proof/connection/masking.ts'
import {
  type AppTarget,
  type Check,
  DEFAULT_WAIT,
  type Directory,
  deployerLogin,
  discoverEndpoints,
  type Endpoints,
  exitCodeOf,
  gatherLocalKeys,
  inCloud,
  matchLocalKeys,
  namesDeployer,
  onItsHost,
  openDirectory,
  openPorts,
  type ProofPorts,
  type ProveAllOptions,
  prove,
  stackTargets,
} from '../proof/index.ts'
import { deliverReport, type ReportOptions } from '../proof/report/write-report.ts'
import { Progress } from '../proof/retry/progress.ts'
import { environmentTarget } from '../proof/targets/environment-target.ts'
import { readConfig } from '../stack/stack-config.ts'
import { readOutputs, type Workspace } from '../stack/workspace.ts'
import { parseOption } from './parse-option.ts'

export interface ProofOptions extends ReportOptions {
  /** How long to wait for what may be replication, such as `10m`. */
  readonly deadline?: string
  /** Successes in a row that prove a credential. */
  readonly successes?: number
  /** A credential that ends sooner fails, such as `30d`. */
  readonly failWithin?: string
  /** False: tokens only. */
  readonly probes?: boolean
  /** Also run declared probes that write. */
  readonly writeProbes?: boolean
  /** Credentials asked about at the same time. */
  readonly concurrency?: number
  /** Warnings count as failures. */
  readonly strict?: boolean
  /** Wait for an administrator's consent until the deadline. */
  readonly awaitConsent?: boolean
}

export interface VerifyOptions extends ProofOptions {
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  /** Only these applications. */
  readonly app?: readonly string[]
  /** Identities whose own host this is: a token of each is proved, too. */
  readonly identity?: readonly string[]
  /** Compare the registrations in the directory, too. */
  readonly live?: boolean
  /** Files with private keys of given certificates, PEM or PFX. */
  readonly certificate?: readonly string[]
}

export interface VerifyFromEnvOptions extends ProofOptions {
  /** Application permissions that the token must hold, neither more nor less. */
  readonly expect?: readonly string[]
  /** Graph reads that must succeed. */
  readonly probe?: readonly string[]
  /** RFC 3339 time of the last change. */
  readonly changedAt?: string
}

/**
 * Proves that a deployed stack's credentials work.
 *
 * @returns 0 proved, 1 wrong, 2 could not be asked, 3 not ready before the deadline
 */
export async function verify(
  openWorkspace: () => Promise<Pick<Workspace, 'pulumi'>>,
  options: VerifyOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { pulumi } = await openWorkspace()
  const [outputs, config] = await Promise.all([
    readOutputs(pulumi, options.stack),
    readConfig(pulumi, options.stack),
  ])
  const { apps, checks } = await matchLocalKeys(
    withTokens(chosen(stackTargets(outputs), options.app, options.identity), options.identity),
    await gatherLocalKeys(env, options.certificate ? { certificates: options.certificate } : {}),
  )
  const cloudEnv = inCloud(env, config.text('azuread:environment'))
  return run(apps, settings, { ...options, checks }, cloudEnv, terminal, signal)
}

/** Proves the credential in the environment, without Pulumi: for a consumer's own pipeline. */
export async function verifyFromEnv(
  options: VerifyFromEnvOptions,
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const changedAt = options.changedAt === undefined ? undefined : readTime(options.changedAt)
  const { expect = [], probe: probes = [] } = options
  const app = environmentTarget(env, { expect, probes, ...(changedAt && { changedAt }) })
  return run([app], readSettings(options), options, env, terminal, signal)
}

async function run(
  targets: readonly AppTarget[],
  settings: ProveAllOptions,
  options: ProofOptions & Pick<VerifyOptions, 'live' | 'stack'> & { readonly checks?: readonly Check[] },
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<ExitCode> {
  terminal.mask.add(...secretsIn(env), ...targets.flatMap(secretsOf))
  const apps = options.awaitConsent
    ? targets.map((app) => awaitingConsent(app, settings.wait?.deadlineMs ?? DEFAULT_WAIT.deadlineMs))
    : targets

  const endpoints = await discoverEndpoints(env)
  const ports = masking(openPorts(endpoints), terminal.mask)
  const directory = await directoryFor(apps, options.live ?? false, env, endpoints, ports, signal)
  const total = apps.reduce((sum, { credentials }) => sum + credentials.length, 0)
  const progress = new Progress(terminal, { total })
  try {
    const report = await prove(apps, ports, {
      ...settings,
      ...directory,
      checks: [...(options.checks ?? []), ...(directory.checks ?? [])],
      ...(signal && { signal }),
      onWait: progress.waiting,
      onDone: progress.done,
    })
    progress.stop()
    await deliverReport(report, options, env, terminal)
    return exitCodeOf(report.verdict)
  } finally {
    progress.stop()
  }
}

function readSettings(options: ProofOptions & Pick<VerifyOptions, 'live' | 'stack'>): ProveAllOptions {
  const { deadline, successes, failWithin, concurrency, stack, strict, live, writeProbes } = options
  const deadlineMs =
    deadline === undefined ? undefined : parseOption('--deadline', () => parseTimeout(deadline))
  return {
    wait: { ...(deadlineMs !== undefined && { deadlineMs }), ...(successes !== undefined && { successes }) },
    ...(failWithin !== undefined && {
      failWithinMs: parseOption('--fail-within', () => parseDuration(failWithin)),
    }),
    ...(concurrency !== undefined && { parallel: concurrency }),
    ...(stack !== undefined && { stack }),
    ...(strict !== undefined && { strict }),
    ...(live !== undefined && { live }),
    ...(writeProbes !== undefined && { writeProbes }),
    noProbes: options.probes === false,
  }
}

function readTime(text: string): Date {
  const time = new Date(text)
  if (!Number.isNaN(time.getTime())) return time
  throw new CommandError('BAD_OPTIONS', `--changed-at: "${text}" is not a time such as 2026-01-31T12:00:00Z.`)
}

/** The identities that this is a host of, with their tokens. */
function withTokens(apps: readonly AppTarget[], identities: readonly string[] = []): readonly AppTarget[] {
  const unknown = identities.filter((name) => !apps.some(({ app, granted }) => granted && app === name))
  if (unknown.length > 0) {
    throw new CommandError('UNKNOWN_APP', `The stack has no identity "${unknown.join('", "')}".`)
  }
  return apps.map((app) => (identities.includes(app.app) ? onItsHost(app) : app))
}

/** @param identities come along, whatever applications are named */
function chosen(
  apps: readonly AppTarget[],
  names: readonly string[] | undefined,
  identities: readonly string[] = [],
): readonly AppTarget[] {
  const unknown = names?.filter((name) => !apps.some(({ app }) => app === name)) ?? []
  if (unknown.length > 0) {
    const known = apps.map(({ app }) => app).join(', ')
    throw new CommandError(
      'UNKNOWN_APP',
      `The stack has no application "${unknown.join('", "')}". It has: ${known}.`,
    )
  }
  return names ? apps.filter(({ app }) => [...names, ...identities].includes(app)) : apps
}

/** Consent that is to come counts as given at the deadline: until then nothing about it is final. */
function awaitingConsent(app: AppTarget, deadlineMs: number): AppTarget {
  const consent = new Date(Date.now() + deadlineMs)
  return {
    ...app,
    changedAt: { ...app.changedAt, consent },
    credentials: app.credentials.map((credential) => ({
      ...credential,
      target: { ...credential.target, changedAt: { ...credential.target.changedAt, consent } },
    })),
  }
}

/**
 * The directory, to tell a missing consent from one on its way: read when the environment names the deployer outright,
 * or when `--live` asks for it.
 *
 * @throws CommandError NO_DIRECTORY when `--live` cannot be done
 */
async function directoryFor(
  apps: readonly AppTarget[],
  live: boolean,
  env: NodeJS.ProcessEnv,
  endpoints: Endpoints,
  ports: ProofPorts,
  signal: AbortSignal | undefined,
): Promise<{ directory?: Directory; checks?: Check[] }> {
  const tenantId = apps[0]?.tenantId
  const deployer = deployerLogin(env, tenantId === undefined ? {} : { tenantId })
  if (!apps.some(({ facts, granted }) => facts ?? granted) || !deployer) return {}
  const name = 'consent in the directory'
  if (!live && !namesDeployer(env)) {
    return {
      checks: [skipped(name, 'no deployer login (ARM_*) to look it up with; --live uses any login there is')],
    }
  }
  const opened = await openDirectory(ports, deployer, endpoints, signal)
  if (opened.ok) return { directory: opened.value }
  const { code, meaning, message, fix } = opened.failure
  const reason = `${deployer.description} got no token: ${code}: ${meaning} (${message})`
  if (!live) return { checks: [skipped(name, reason)] }
  throw new CommandError(
    'NO_DIRECTORY',
    `The directory cannot be read as the deployer: ${reason}. To fix it: ${fix}.`,
  )
}
