import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { CredentialReport } from './credentials.ts'
import { type ReportTable, summaryOf, tablesOf } from './describe.ts'

/** The report for people: a table of the live credentials, and others of applications where there is something to say. */
export function renderReportText(report: CredentialReport, colors: Terminal['colors']): string {
  const paint = report.failing > 0 ? colors.red : colors.green
  const tables = tablesOf(report).map((each) => renderTable(each, colors))
  return [...tables, paint(summaryOf(report))].join('\n')
}

function renderTable({ head, rows }: ReportTable, colors: Terminal['colors']): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } })
  const paints = { failing: colors.red, attention: colors.yellow, fine: (text: string) => text }
  for (const { cells, level } of rows) {
    table.push([...cells.slice(0, -1), paints[level](cells.at(-1) ?? '')])
  }
  return table.toString()
}
