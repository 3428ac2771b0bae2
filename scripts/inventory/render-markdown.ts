import { escapeMarkdown } from '../../lib/escape.ts'
import type { InventoryReport } from './report.ts'
import { summaryOf } from './rows.ts'

/** Most findings in the table: a job summary of GitHub holds 1 MiB. */
const MOST = 1000

/** The inventory as GitHub-flavoured Markdown, for a job summary or an issue: the sum, the findings, what changed. */
export function renderMarkdown(report: InventoryReport): string {
  const open = report.findings.filter(({ suppressed }) => suppressed === undefined)
  const rows = open
    .slice(0, MOST)
    .map(({ severity, ruleId, displayName, appId, message, fix }) => [
      severity,
      ruleId,
      `${displayName} (${appId})`,
      message,
      fix,
    ])
  const rest = open.length - rows.length
  const changes = report.changes?.entries.map(({ change, displayName, appId, what }) => [
    change,
    `${displayName} (${appId})`,
    what.join('; '),
  ])
  const parts = [
    `## Inventory of tenant \`${report.tenantId}\``,
    summaryOf(report),
    markdownTable(['severity', 'rule', 'application', 'finding', 'to fix it'], rows),
    rest > 0 ? `and ${rest} more findings.` : '',
    changes ? `### Since ${report.changes?.since}` : '',
    changes
      ? markdownTable(['change', 'application', 'what'], changes.slice(0, MOST)) || 'Nothing changed.'
      : '',
    report.missing.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n'),
  ]
  return parts.filter(Boolean).join('\n\n')
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(escapeMarkdown)))].join(
    '\n',
  )
}
