import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { CredentialReport } from './credentials.ts'
import { APPLICATION_COLUMNS, applicationRowsOf, COLUMNS, rowsOf, summaryOf } from './describe.ts'

/** The report for people: a table of the live credentials, and one of the applications once they were verified. */
export function renderReportText(report: CredentialReport, colors: Terminal['colors']): string {
  const table = newTable(COLUMNS)
  const paints = { failing: colors.red, attention: colors.yellow, fine: (text: string) => text }
  for (const { words, level } of rowsOf(report)) {
    const paint = paints[level]
    table.push(COLUMNS.map((column) => (column === 'attention' ? paint(words[column]) : words[column])))
  }
  const applications = newTable(APPLICATION_COLUMNS)
  for (const row of applicationRowsOf(report)) applications.push(row)
  const tables = [table, ...(applications.length > 0 ? [applications] : [])].map(String)
  const paint = report.failing > 0 ? colors.red : colors.green
  return [...tables, paint(summaryOf(report))].join('\n')
}

function newTable(columns: readonly string[]): InstanceType<typeof Table> {
  return new Table({ head: [...columns], style: { head: [], border: [] } })
}
