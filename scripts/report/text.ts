import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { CredentialReport } from './credentials.ts'
import { COLUMNS, rowsOf, summaryOf } from './describe.ts'

/** The report for people: a table of the live credentials. */
export function renderReportText(report: CredentialReport, colors: Terminal['colors']): string {
  const table = new Table({ head: [...COLUMNS], style: { head: [], border: [] } })
  const paints = { failing: colors.red, attention: colors.yellow, fine: (text: string) => text }
  for (const { words, level } of rowsOf(report)) {
    const paint = paints[level]
    table.push(COLUMNS.map((column) => (column === 'attention' ? paint(words[column]) : words[column])))
  }
  const paint = report.failing > 0 ? colors.red : colors.green
  return `${table.toString()}\n${paint(summaryOf(report))}`
}
