import { mkdtempSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { escapeMarkdown } from '../../lib/escape.ts'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES, loadMicrosoftApis, startTenant } from '../../tenant/index.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import { type Comparison, compare, renderComparison } from './compare.ts'
import { runJob, type StepResult } from './job.ts'
import type { Recording } from './recording.ts'
import { type AcceptanceContext, connect } from './stage.ts'
import { sweep } from './sweep.ts'

export interface AcceptanceOptions {
  /** Run the job on the tenant that ARM_TENANT_ID names. */
  readonly tenant?: boolean | undefined
  /** Delete what earlier runs left there, and nothing else. */
  readonly sweep?: boolean | undefined
  /** Compare the recording with the local tenant; without `tenant`, one that was made before. */
  readonly compare?: boolean | undefined
  /** File of the recording. */
  readonly recording: string
  /** File of the report. */
  readonly report: string
  /** Ask nothing. */
  readonly yes?: boolean | undefined
}

const ALLOWED = 'ENTRA_APPS_ACCEPTANCE_TENANTS'

/**
 * The main job on a real test tenant, its recording, and the comparison of that with the local tenant.
 *
 * @returns 1 when a step failed; differences alone are no failure
 * @throws CommandError BAD_OPTIONS for a tenant that is not listed
 */
export async function acceptance(options: AcceptanceOptions, context: AcceptanceContext): Promise<ExitCode> {
  const { terminal, env } = context
  terminal.mask.add(...secretsIn(env))
  if (!options.tenant && !options.sweep && !options.compare) {
    throw new CommandError('BAD_OPTIONS', 'Say what to do: --tenant, --sweep or --compare.')
  }
  if (options.tenant || options.sweep) await requireConsent(options, context)
  if (options.sweep) await sweepAll(context)
  const results = options.tenant ? await record(options.recording, context) : []
  const comparison = options.compare ? await compareFile(options.recording) : undefined
  const report = renderReport(results, comparison)
  if (report !== '') {
    await writeFile(options.report, `${report}\n`)
    terminal.print(report)
  }
  return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.wrong
}

/** A tenant is written to only when it is listed, and somebody has said yes. */
async function requireConsent(
  { yes }: AcceptanceOptions,
  { env, terminal }: AcceptanceContext,
): Promise<void> {
  const tenantId = env['ARM_TENANT_ID'] ?? ''
  const allowed = (env[ALLOWED] ?? '').toLowerCase().split(/[\s,]+/)
  if (tenantId === '' || !allowed.includes(tenantId.toLowerCase())) {
    throw new CommandError(
      'BAD_OPTIONS',
      `The tenant "${tenantId}" (ARM_TENANT_ID) is not one for tests. If it is, list its id in ${ALLOWED}.`,
    )
  }
  if (yes) return
  if (!process.stdin.isTTY)
    throw new CommandError('BAD_OPTIONS', 'Nobody can be asked here; --yes says that the run may begin.')
  terminal.note(
    `Applications named "entra-apps acceptance …" will be created and deleted in the tenant ${tenantId}.`,
  )
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await prompt.question('Type "yes" to begin: ')
  prompt.close()
  if (answer.trim() !== 'yes') throw new CommandError('BAD_OPTIONS', 'Nothing was done.')
}

async function sweepAll(context: AcceptanceContext): Promise<void> {
  const connection = await connect(context)
  try {
    const { deleted, kept } = await sweep(connection.graph)
    context.terminal.print(
      deleted.length === 0 ? 'No run has left anything.' : `Deleted:\n${deleted.join('\n')}`,
    )
    for (const each of kept) context.terminal.note(`Not removed for good: ${each}`)
  } finally {
    await connection.close()
  }
}

async function record(file: string, context: AcceptanceContext): Promise<StepResult[]> {
  const connection = await connect(context)
  try {
    const results = await runJob(connection, context)
    const recording: Recording = {
      version: 1,
      run: connection.run,
      deployerRoles: connection.directory.identity.permissions,
      exchanges: connection.relay.exchanges,
    }
    await writeFile(file, `${JSON.stringify(recording, null, 1)}\n`)
    context.terminal.note(`Recorded ${recording.exchanges.length} exchanges in ${file}.`)
    return results
  } finally {
    await connection.close()
  }
}

/** Plays a recording again on a local tenant of its own, whose deployer may do what the recorded one may. */
async function compareFile(file: string): Promise<Comparison> {
  const recording = JSON.parse(await readFile(file, 'utf8')) as Recording
  const dataDir = mkdtempSync(join(tmpdir(), 'entra-apps-acceptance-'))
  const known =
    loadMicrosoftApis()
      .get(MICROSOFT_GRAPH_APP_ID)
      ?.appRoles.map(({ value }) => value) ?? []
  const roles = recording.deployerRoles.filter((role) => known.includes(role))
  const tenant = await startTenant({
    dataDir,
    listOrder: 'reversed',
    deployerRoles: roles.length > 0 ? roles : LEAST_PRIVILEGE_DEPLOYER_ROLES,
  })
  try {
    setDefaultCACertificates([...getCACertificates('default'), tenant.caPem])
    const secret = (await readFile(tenant.deployer.secretFile, 'utf8')).trim()
    const { url, tenantId, deployer } = tenant
    return await compare(recording, { url, tenantId, deployer: { ...deployer, secret } })
  } finally {
    await tenant.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function renderReport(results: readonly StepResult[], comparison: Comparison | undefined): string {
  const steps = results.map(
    ({ step, ok, seconds, detail }) =>
      `| ${step} | ${ok ? 'done' : `failed: ${escapeMarkdown(detail?.split('\n')[0] ?? '')}`} | ${seconds} s |`,
  )
  return [
    ...(steps.length > 0 ? ['| step | result | time |', '|---|---|---:|', ...steps, ''] : []),
    ...(comparison ? [renderComparison(comparison)] : []),
  ].join('\n')
}
