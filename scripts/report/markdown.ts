import { escapeMarkdown } from '../../lib/escape.ts'
import type { CredentialReport } from './credentials.ts'
import { type ReportTable, summaryOf, tablesOf } from './describe.ts'

/** The report as GitHub-flavoured Markdown, for a job summary. */
export function renderReportMarkdown(report: CredentialReport): string {
  const heading = `## Credentials${report.stack ? ` of stack \`${report.stack}\`` : ''}`
  const summary = `${report.failing > 0 ? '❌' : '✅'} ${summaryOf(report)}`
  return `${[heading, summary, ...tablesOf(report).map(renderTable)].join('\n\n')}\n`
}

function renderTable({ head, rows }: ReportTable): string {
  const lines = rows.map(({ cells }) => `| ${cells.map(escapeMarkdown).join(' | ')} |`)
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...lines].join('\n')
}
