import { type Entry, type Finding, type InventoryReport, SEVERITIES, type Severity } from './report.ts'

/** An entry with its findings that nobody suppressed. */
export interface Row {
  readonly entry: Entry
  readonly findings: readonly Finding[]
}

/** Most rows and findings that are shown to people; programs get all. */
export const SHOWN = 50

/** Every entry with its findings, the gravest first. */
export function rowsOf({ entries, findings }: Pick<InventoryReport, 'entries' | 'findings'>): Row[] {
  const open = findings.filter(({ suppressed }) => suppressed === undefined)
  const byApp = Map.groupBy(open, ({ appId }) => appId)
  const weights = new Map([...byApp].map(([appId, each]) => [appId, weightOf(each)]))
  return entries
    .map((entry) => ({ entry, findings: byApp.get(entry.appId) ?? [] }))
    .sort(
      (a, b) =>
        (weights.get(b.entry.appId) ?? 0) - (weights.get(a.entry.appId) ?? 0) ||
        (a.entry.displayName < b.entry.displayName ? -1 : 1),
    )
}

/** One grave finding outweighs any number of lesser ones, up to a thousand. */
function weightOf(findings: readonly Finding[]): number {
  const { high, medium, low } = countOf(findings)
  return high * 1e6 + medium * 1e3 + low
}

/** Findings by severity. */
export function countOf(findings: readonly Finding[]): Record<Severity, number> {
  const count = { low: 0, medium: 0, high: 0 }
  for (const { severity, suppressed } of findings) if (suppressed === undefined) count[severity]++
  return count
}

/** `1 high, 2 low`; empty when there are none. */
export function countsIn(findings: readonly Finding[]): string {
  const count = countOf(findings)
  return SEVERITIES.toReversed()
    .flatMap((severity) => (count[severity] > 0 ? `${count[severity]} ${severity}` : []))
    .join(', ')
}

/** What is said of each stack that could not be read. */
export function unreadStacksIn({ missing }: Pick<InventoryReport, 'missing'>): string[] {
  return missing.flatMap(({ part, message }) => (part === 'stacks' ? [message] : []))
}

/** What manages an entry for which no stack is known: `none` only where every stack could be read, `–` where none was asked. */
export function unmanagedIn(report: Pick<InventoryReport, 'stacks' | 'missing'>): 'none' | 'unknown' | '–' {
  if (unreadStacksIn(report).length > 0) return 'unknown'
  return report.stacks.length > 0 ? 'none' : '–'
}

const KINDS: Readonly<Record<Entry['kind'], string>> = {
  application: 'registered here',
  elsewhere: 'of elsewhere',
  microsoft: "Microsoft's own",
  managedIdentity: 'managed identity',
}

/** The kind in words. */
export function kindOf({ kind }: Entry): string {
  return KINDS[kind]
}

/** The day on which the first live credential ends; undefined for none. */
export function nextExpiry({ credentials }: Entry, at: string): string | undefined {
  return credentials
    .flatMap(({ endsAt }) => (endsAt !== undefined && Date.parse(endsAt) > Date.parse(at) ? endsAt : []))
    .sort()[0]
    ?.slice(0, 10)
}

/** The sum in a sentence. */
export function summaryOf({ entries, findings }: Pick<InventoryReport, 'entries' | 'findings'>): string {
  const count = (kind: Entry['kind']) => entries.filter((each) => each.kind === kind).length
  const suppressed = findings.filter((each) => each.suppressed !== undefined).length
  const found = countsIn(findings) || 'no findings'
  return `${count('application')} registered here, ${count('elsewhere')} of elsewhere, ${count('managedIdentity')} managed identities, ${count('microsoft')} of Microsoft: ${found}${suppressed > 0 ? ` (${suppressed} suppressed)` : ''}.`
}
