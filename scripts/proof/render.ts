import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { AppProof, ProofReport } from './prove.ts'

/** The report for people: one table for each application, then one line with the result. */
export function renderProof(report: ProofReport, colors: Terminal['colors']): string {
  return [...report.apps.map((app) => renderApp(app, colors)), renderResult(report, colors)].join('\n\n')
}

function renderApp(app: AppProof, colors: Terminal['colors']): string {
  const title = `${colors.bold(app.app)} (${app.displayName}, client id ${app.clientId})`
  if (app.credentials.length === 0) return `${title}\nno credential is declared, so there is nothing to prove`
  const table = new Table({ head: ['credential', '', 'check', 'found'], style: { head: [], border: [] } })
  for (const { credential, checks } of app.credentials) {
    for (const [i, { name, ok, detail }] of checks.entries()) {
      table.push([i === 0 ? credential : '', ok ? colors.green('✓') : colors.red('✗'), name, detail])
    }
  }
  return `${title}\n${table.toString()}`
}

function renderResult(report: ProofReport, colors: Terminal['colors']): string {
  const checks = report.apps.flatMap(({ credentials }) => credentials.flatMap((proof) => proof.checks))
  const failed = checks.filter(({ ok }) => !ok).length
  if (report.ok) return colors.green(`Proved: ${checks.length} checks passed.`)
  return colors.red(`Not proved: ${failed} of ${checks.length} checks failed.`)
}
