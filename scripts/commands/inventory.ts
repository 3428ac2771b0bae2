import { readFileSync, writeFileSync } from 'node:fs'
import { parseDuration } from '../../lib/duration.ts'
import { Checkpoint } from '../inventory/checkpoint.ts'
import { compareInventories } from '../inventory/compare.ts'
import { INVENTORY_RULES, isAtLeast, judgeInventory } from '../inventory/judge.ts'
import { withManagers } from '../inventory/managed.ts'
import { renderInventoryPage } from '../inventory/page/render-page.ts'
import { parseReport, requireTenant } from '../inventory/parse-report.ts'
import { countObjects, describeProgress } from '../inventory/progress.ts'
import { type OnRead, type ReadKind, readInventory } from '../inventory/read.ts'
import { renderCsv } from '../inventory/render-csv.ts'
import { renderMarkdown } from '../inventory/render-markdown.ts'
import { toSarif } from '../inventory/render-sarif.ts'
import { renderInventory } from '../inventory/render-text.ts'
import { renderWaves, renderWavesMarkdown } from '../inventory/render-waves.ts'
import type { Entry, InventoryReport, Severity } from '../inventory/report.ts'
import { type HostResolver, resolveHosts, systemResolver } from '../inventory/resolve-hosts.ts'
import { parseSuppressions, unusedSuppressions } from '../inventory/suppressions.ts'
import { planWaves } from '../inventory/waves.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import { jsonPieces } from '../lib/json-pieces.ts'
import { MANIFEST } from '../lib/manifest.ts'
import { secretsIn } from '../lib/secret-variables.ts'
import type { Terminal } from '../lib/terminal.ts'
import type { DirectoryReader } from '../proof/directory/reader.ts'
import type { WorkspaceContext } from './definition.ts'
import { lookUpStacks, type StackChoice } from './inventory-stacks.ts'
import { openTenant } from './open-tenant.ts'
import { parseOption } from './parse-option.ts'

export interface InventoryOptions extends StackChoice {
  readonly json?: boolean
  readonly csv?: boolean
  readonly markdown?: boolean
  readonly sarif?: boolean
  /** A file for the HTML page. */
  readonly html?: string
  readonly suppress?: string
  readonly since?: string
  readonly failOn?: Severity
  /** Plan waves of at most so many applications. */
  readonly waves?: string | true
  /** A file that keeps what was read until all is. */
  readonly checkpoint?: string
  /** Ask the DNS for the hosts of redirect URIs. */
  readonly resolve?: boolean
  readonly expiringWithin: string
  readonly maxLifetime: string
  readonly unusedAfter: string
}

/** In pieces, each of whole lines. */
type Format = (report: InventoryReport, colors: Terminal['colors']) => Iterable<string>

const FORMATS: Readonly<Record<'json' | 'csv' | 'markdown' | 'sarif', Format>> = {
  json: (report) => jsonPieces(report, 2),
  csv: (report) => [renderCsv(report)],
  markdown: (report) => [renderMarkdown(report)],
  sarif: (report) => jsonPieces(toSarif(report), 4),
}

/**
 * Lists every application and service principal of the tenant, with findings.
 *
 * @returns 1 when a finding is as grave as `failOn` says, else 0
 * @throws CommandError BAD_OPTIONS, NO_STACK, PULUMI_FAILED, NO_DEPLOYER, NO_DIRECTORY, DIRECTORY_UNREADABLE
 */
export async function inventory(
  options: InventoryOptions,
  context: WorkspaceContext,
  now: () => Date = () => new Date(),
  resolver: () => HostResolver = systemResolver,
): Promise<ExitCode> {
  const { terminal, env, signal } = context
  terminal.mask.add(...secretsIn(env))
  const format = formatOf(options)
  const limits = limitsOf(options)
  const size = waveSizeOf(options)
  const { suppress, since, html } = options
  const suppressions = suppress === undefined ? [] : readSuppressions(suppress)
  const sinceWhat = { option: '--since', file: since ?? '' }
  const earlier = since === undefined ? undefined : parseReport(readText('--since', since), sinceWhat)
  const { config, managed, stacks, missing: unread } = await lookUpStacks(options, context)
  const { directory, tenantId } = await openTenant(config, env, terminal.mask, signal)
  if (earlier) requireTenant(earlier, sinceWhat, tenantId)
  const { reader } = directory
  const onRead = terminal.status && (await progressOn(terminal.status, reader))
  const checkpoint = openCheckpoint(options, tenantId, now(), terminal)
  const read = await readInventory(checkpoint ? reader.keeping(checkpoint) : reader, onRead).finally(() => {
    terminal.status?.('')
    checkpoint?.close()
  })
  const at = now()
  const missing = [...read.missing, ...unread]
  const entries = withManagers(read.entries, managed)
  const hosts = options.resolve ? await lookUpHosts(entries, resolver(), context) : undefined
  const judging = {
    ...limits,
    now: at,
    missing: new Set(missing.map(({ part }) => part)),
    ...(hosts && { danglingHosts: hosts.dangling }),
  }
  const findings = judgeInventory(entries, judging, suppressions)
  const report: InventoryReport = {
    schemaVersion: 1,
    tool: { name: 'entra-apps', version: MANIFEST.version },
    tenantId,
    at: at.toISOString(),
    stacks: [...stacks],
    missing,
    entries,
    findings,
    ...(earlier && { changes: compareInventories(earlier, { missing, entries, stacks: [...stacks] }) }),
    ...(size !== undefined && { waves: planWaves(entries, findings, { ...judging, size }) }),
  }
  await terminal.printAll(format(report, terminal.colors))
  if (html !== undefined) {
    writeFileSync(html, terminal.mask.apply(renderInventoryPage(report)))
    terminal.note(`The page is in ${html}.`)
  }
  checkpoint?.remove()
  for (const each of unusedSuppressions(findings, suppressions)) {
    terminal.note(`${suppress}: the suppression of ${each} covers no finding. Remove it.`)
  }
  const { failOn } = options
  return failOn && findings.some((each) => isAtLeast(each, failOn)) ? EXIT.wrong : EXIT.ok
}

function formatOf(options: InventoryOptions): Format {
  const names = Object.keys(FORMATS) as (keyof typeof FORMATS)[]
  const [name, second] = [...names.filter((each) => options[each]), ...(options.waves ? ['waves'] : [])]
  if (name === undefined) return (report, colors) => [renderInventory(report, colors)]
  if (second === undefined)
    return name === 'waves' ? (report, colors) => [renderWaves(report, colors)] : FORMATS[name as 'json']
  if (second === 'waves' && name === 'json') return FORMATS.json
  if (second === 'waves' && name === 'markdown') return (report) => [renderWavesMarkdown(report)]
  throw new CommandError('BAD_OPTIONS', `--${name} and --${second} exclude each other.`)
}

function waveSizeOf({ waves }: InventoryOptions): number | undefined {
  if (waves === undefined || waves === true) return waves && WAVE_SIZE
  if (/^[1-9]\d{0,5}$/.test(waves)) return Number(waves)
  throw new CommandError('BAD_OPTIONS', `--waves: expected a number of applications, got "${waves}".`)
}

function limitsOf({ expiringWithin, maxLifetime, unusedAfter }: InventoryOptions) {
  return {
    expiringWithin: parseOption('--expiring-within', () => parseDuration(expiringWithin)),
    maxLifetime: parseOption('--max-lifetime', () => parseDuration(maxLifetime)),
    unusedAfter: parseOption('--unused-after', () => parseDuration(unusedAfter)),
  }
}

function readSuppressions(file: string) {
  const rules = INVENTORY_RULES.map(({ id }) => id)
  return parseSuppressions(readText('--suppress', file), file, rules)
}

function readText(option: string, file: string): string {
  return parseOption(option, () => readFileSync(file, 'utf8'))
}

/** Applications that a team can look after at a time. */
const WAVE_SIZE = 50

async function lookUpHosts(
  entries: readonly Entry[],
  resolver: HostResolver,
  { terminal, signal }: WorkspaceContext,
) {
  const { status, note } = terminal
  const hosts = await resolveHosts(entries, resolver, signal, (done, total) =>
    status?.(`Hosts resolved: ${done} of ${total}`),
  ).finally(() => status?.(''))
  const [first] = hosts.unanswered
  if (first !== undefined) {
    note(`--resolve: nobody could tell whether ${hosts.unanswered.length} hosts exist, ${first} among them.`)
  }
  return hosts
}

function openCheckpoint(
  { checkpoint: file }: InventoryOptions,
  tenantId: string,
  now: Date,
  { note }: Terminal,
): Checkpoint | undefined {
  if (file === undefined) return undefined
  const checkpoint = new Checkpoint(file, tenantId, now)
  const { size, begunAt } = checkpoint
  if (size > 0)
    note(`Goes on with the inventory of ${begunAt}: ${size} answers are in ${file}. Delete it to begin anew.`)
  return checkpoint
}

/** Says on a live line how much has been read, and how long the rest may take. */
async function progressOn(status: (line: string) => void, reader: DirectoryReader): Promise<OnRead> {
  // In the order in which they are said, whichever list answers first.
  const read = new Map<ReadKind, number>([
    ['applications', 0],
    ['service principals', 0],
    ['delegated grants', 0],
  ])
  const totals = await countObjects(reader)
  const startedAt = performance.now()
  return (kind, count) => {
    read.set(kind, count)
    status(describeProgress(read, totals, performance.now() - startedAt))
  }
}
