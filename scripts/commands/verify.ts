import { parseDuration } from '../../lib/duration.ts'
import { parseTimeout } from '../../lib/timeout.ts'
import { CommandError, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import {
  type AppTarget,
  type Check,
  exitCodeOf,
  gatherLocalKeys,
  inCloud,
  matchLocalKeys,
  onItsHost,
  type ProveAllOptions,
  stackTargets,
} from '../proof/index.ts'
import { recordProofs } from '../proof/last-proofs.ts'
import type { ProofReport } from '../proof/model/report.ts'
import { deliverReport, type ReportOptions } from '../proof/report/write-report.ts'
import { Progress } from '../proof/retry/progress.ts'
import { environmentTarget } from '../proof/targets/environment-target.ts'
import { verifyTargets } from '../proof/verify-targets.ts'
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
 * Refuses options that would be ignored: whoever gives them would take it for proved.
 *
 * @throws CommandError BAD_OPTIONS
 */
export function checkVerifyOptions(
  options: VerifyOptions & VerifyFromEnvOptions & { readonly fromEnv?: boolean },
): void {
  const { expect, probe, changedAt } = options
  const { app, identity, certificate, failWithin, live, stack } = options
  const ofStack = {
    '--app': app,
    '--identity': identity,
    '--certificate': certificate,
    '--fail-within': failWithin,
    '--live': live,
    '--stack': stack,
  }
  const ofOne = { '--expect': expect, '--probe': probe, '--changed-at': changedAt }
  const ignored = Object.entries(options.fromEnv ? ofStack : ofOne)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
  if (ignored.length === 0) return
  const names = ignored.join(', ')
  throw new CommandError(
    'BAD_OPTIONS',
    options.fromEnv
      ? `${names} cannot stand beside --from-env, which proves one credential without a stack. Remove either.`
      : `${names} can only stand beside --from-env. Add it, or remove ${names}.`,
  )
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
  const onReport = (report: ProofReport) => remember(pulumi.projectDir, report, terminal)
  return run(apps, settings, { ...options, checks, onReport }, cloudEnv, terminal, signal)
}

/** A proof is one whether or not it can be remembered for `report`, as in a directory that nobody may write to. */
function remember(projectDir: string, report: ProofReport, { note }: Pick<Terminal, 'note'>): void {
  try {
    recordProofs(projectDir, report)
  } catch (error) {
    note(`\`report\` will not show this proof: ${error instanceof Error ? error.message : String(error)}`)
  }
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
  options: ProofOptions & {
    readonly checks?: readonly Check[]
    readonly onReport?: (report: ProofReport) => void
  },
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<ExitCode> {
  const total = targets.reduce((sum, { credentials }) => sum + credentials.length, 0)
  const progress = new Progress(terminal, { total })
  try {
    const report = await verifyTargets(targets, env, terminal.mask, {
      ...settings,
      ...(options.checks && { checks: options.checks }),
      ...(options.awaitConsent && { awaitConsent: true }),
      ...(signal && { signal }),
      onWait: progress.waiting,
      onDone: progress.done,
    })
    progress.stop()
    options.onReport?.(report)
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
