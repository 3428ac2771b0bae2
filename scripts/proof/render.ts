import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { AppProof, Check, ProofReport } from './report.ts'

/** The report for people: one table for each application, then one line with the result. */
export function renderProof(report: ProofReport, colors: Terminal['colors']): string {
  return [...report.apps.map((app) => renderApp(app, colors)), renderResult(report, colors)].join('\n\n')
}

function renderApp(app: AppProof, colors: Terminal['colors']): string {
  const title = `${colors.bold(app.app)} (${app.displayName}, client id ${app.clientId})`
  if (app.credentials.length === 0) return `${title}\nno credential is declared, so there is nothing to prove`
  const table = new Table({ head: ['credential', '', 'check', 'found'], style: { head: [], border: [] } })
  for (const { label, checks } of app.credentials) {
    for (const [i, { name, status, detail }] of checks.entries()) {
      table.push([i === 0 ? label : '', mark(status, colors), name, detail])
    }
  }
  return `${title}\n${table.toString()}`
}

function mark(status: Check['status'], colors: Terminal['colors']): string {
  switch (status) {
    case 'passed':
      return colors.green('✓')
    case 'failed':
      return colors.red('✗')
    case 'warning':
      return colors.yellow('!')
    case 'skipped':
      return colors.dim('–')
  }
}

function renderResult({ verdict, summary }: ProofReport, colors: Terminal['colors']): string {
  if (verdict === 'proved') return colors.green(`Proved: ${summary.passed} checks passed.`)
  return colors.red(`Not proved: ${summary.failed} of ${summary.failed + summary.passed} checks failed.`)
}
