import { escapeMarkdown } from '../../lib/escape.ts'
import type { CredentialReport } from './credentials.ts'
import { COLUMNS, rowsOf, summaryOf } from './describe.ts'

/** The report as GitHub-flavoured Markdown, for a job summary. */
export function renderReportMarkdown(report: CredentialReport): string {
  const rows = rowsOf(report).map(
    ({ words }) => `| ${COLUMNS.map((column) => escapeMarkdown(words[column])).join(' | ')} |`,
  )
  const heading = `## Credentials${report.stack ? ` of stack \`${report.stack}\`` : ''}`
  const table = [`| ${COLUMNS.join(' | ')} |`, `|${COLUMNS.map(() => '---|').join('')}`, ...rows].join('\n')
  return `${[heading, `${report.failing > 0 ? '❌' : '✅'} ${summaryOf(report)}`, table].join('\n\n')}\n`
}
