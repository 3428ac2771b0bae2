import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { Change, Entry, Finding, InventoryReport, Severity } from './report.ts'
import { countsIn, kindOf, nextExpiry, type Row, rowsOf, SHOWN, summaryOf, unmanagedIn } from './rows.ts'

const HEAD = ['application', 'kind', 'managed by', 'owners', 'credentials', 'consented', 'findings']

type Colors = Terminal['colors']

/** The inventory for people: the applications and findings to look at first, what changed, what is missing, the sum. */
export function renderInventory(report: InventoryReport, colors: Colors): string {
  // What Microsoft registered is nobody's to put right, unless something was found.
  const rows = rowsOf(report).filter(
    ({ entry, findings }) => entry.kind !== 'microsoft' || findings.length > 0,
  )
  const open = report.findings.filter(({ suppressed }) => suppressed === undefined)
  const parts = [
    renderTable(rows, report) + more(rows.length, 'applications'),
    open
      .slice(0, SHOWN)
      .map((each) => renderFinding(each, colors))
      .join('\n') + more(open.length, 'findings'),
    renderChanges(report, colors),
    report.missing.map(({ message }) => `${colors.yellow('missing')} ${message}`).join('\n'),
    summaryOf(report),
  ]
  return parts.filter(Boolean).join('\n\n')
}

function more(count: number, what: string): string {
  if (count <= SHOWN) return ''
  return `\nand ${count - SHOWN} more ${what}: --json and --csv print all of them.`
}

function renderTable(rows: readonly Row[], report: InventoryReport): string {
  if (rows.length === 0) return ''
  const table = new Table({ head: [...HEAD], style: { head: [], border: [] } })
  for (const { entry, findings } of rows.slice(0, SHOWN)) {
    table.push([
      `${entry.displayName}\n${entry.appId}`,
      kindOf(entry),
      entry.managedBy ?? unmanagedIn(report),
      ownersIn(entry),
      credentialsIn(entry, report.at),
      String(entry.permissions.filter(({ granted }) => granted).length),
      countsIn(findings),
    ])
  }
  return table.toString()
}

function ownersIn({ owners }: Entry): string {
  const names = [...new Set(owners.map(({ name, id }) => name ?? id))]
  return names.length > 2 ? `${names.slice(0, 2).join('\n')}\nand ${names.length - 2} more` : names.join('\n')
}

function credentialsIn(entry: Entry, at: string): string {
  if (entry.credentials.length === 0) return ''
  const next = nextExpiry(entry, at)
  return `${entry.credentials.length}, ${next === undefined ? 'all expired' : `next expires ${next}`}`
}

function renderFinding({ severity, ruleId, rule, ...finding }: Finding, colors: Colors): string {
  const head = `${paint(severity, colors)} ${ruleId} ${rule} ${finding.displayName} (${finding.appId})`
  return `${head}: ${finding.message}.\n    → ${finding.fix}.`
}

function paint(severity: Severity, colors: Colors): string {
  const paints = { high: colors.red, medium: colors.yellow, low: colors.dim }
  return paints[severity](severity)
}

function renderChanges({ changes }: InventoryReport, colors: Colors): string {
  if (!changes) return ''
  const { since, entries } = changes
  if (entries.length === 0) return `Nothing changed since ${since}.`
  const lines = entries.slice(0, SHOWN).map((each) => renderChange(each, colors))
  return `${[`Since ${since}:`, ...lines].join('\n')}${more(entries.length, 'changes')}`
}

function renderChange({ change, displayName, appId, what }: Change, colors: Colors): string {
  const head = `  ${colors.bold(change)} ${displayName} (${appId})`
  return [head, ...what.map((each) => `      ${each}`)].join('\n')
}
