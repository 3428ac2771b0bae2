import { escapeMarkdown } from '../../lib/escape.ts'
import type { CredentialReport } from './credentials.ts'
import { APPLICATION_COLUMNS, applicationRowsOf, COLUMNS, rowsOf, summaryOf } from './describe.ts'

/** The report as GitHub-flavoured Markdown, for a job summary. */
export function renderReportMarkdown(report: CredentialReport): string {
  const credentials = rowsOf(report).map(({ words }) => COLUMNS.map((column) => words[column]))
  const applications = applicationRowsOf(report)
  const heading = `## Credentials${report.stack ? ` of stack \`${report.stack}\`` : ''}`
  return `${[
    heading,
    `${report.failing > 0 ? '❌' : '✅'} ${summaryOf(report)}`,
    tableOf(COLUMNS, credentials),
    ...(applications.length > 0 ? [tableOf(APPLICATION_COLUMNS, applications)] : []),
  ].join('\n\n')}\n`
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => `| ${row.map(escapeMarkdown).join(' | ')} |`)
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...lines].join('\n')
}
