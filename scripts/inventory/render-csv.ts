import type { Entry, InventoryReport, Permission } from './report.ts'
import { countOf, nextExpiry, type Row, rowsOf, unmanagedIn } from './rows.ts'

type Cell = string | number | boolean | undefined
type Column = readonly [name: string, cell: (row: Row, report: InventoryReport) => Cell]

const COLUMNS: readonly Column[] = [
  ['clientId', ({ entry }) => entry.appId],
  ['displayName', ({ entry }) => entry.displayName],
  ['kind', ({ entry }) => entry.kind],
  ['managedBy', managerIn],
  ['enabled', ({ entry }) => entry.enabled],
  ['createdAt', ({ entry }) => entry.createdAt],
  ['lastSignInAt', ({ entry }) => entry.lastSignInAt],
  ['signInAudience', ({ entry }) => entry.signInAudience],
  ['owners', ({ entry }) => listed(entry.owners.map(({ name, id }) => name ?? id))],
  ['secrets', ({ entry }) => ofType(entry, 'secret')],
  ['certificates', ({ entry }) => ofType(entry, 'certificate')],
  ['nextExpiry', ({ entry }, { at }) => nextExpiry(entry, at)],
  ['applicationPermissions', ({ entry }) => granted(entry, 'application')],
  ['delegatedPermissions', ({ entry }) => granted(entry, 'delegated')],
  ['directoryRoles', ({ entry }) => listed(entry.directoryRoles)],
  ['redirectUris', ({ entry }) => listed(entry.redirectUris.map(({ uri }) => uri))],
  ['high', ({ findings }) => countOf(findings).high],
  ['medium', ({ findings }) => countOf(findings).medium],
  ['low', ({ findings }) => countOf(findings).low],
  ['findings', ({ findings }) => listed(findings.map(({ ruleId, message }) => `${ruleId}: ${message}`))],
]

/** Every entry as a line of CSV (RFC 4180), the gravest first. */
export function renderCsv(report: InventoryReport): string {
  const rows = rowsOf(report).map((row) => COLUMNS.map(([, cell]) => csvCell(cell(row, report))).join(','))
  return [COLUMNS.map(([name]) => name).join(','), ...rows].join('\r\n')
}

/** Texts that a spreadsheet would take for a formula get an apostrophe before them ("CSV Injection", OWASP). */
export function csvCell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value)
  const text = /^\s*[=+\-@]|^[\t\r\n]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}

/** Empty for none, which may only be said where every stack could be read. */
function managerIn({ entry }: Row, report: InventoryReport): string | undefined {
  return entry.managedBy ?? (unmanagedIn(report) === 'unknown' ? 'unknown' : undefined)
}

function listed(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ')
}

function ofType({ credentials }: Entry, type: Entry['credentials'][number]['type']): number {
  return credentials.filter((each) => each.type === type).length
}

function granted({ permissions }: Entry, kind: Permission['kind']): string {
  return listed(
    permissions
      .filter((each) => each.granted && each.kind === kind)
      .map(({ api, name }) => `${api}: ${name}`),
  )
}
