import Table from 'cli-table3'
import type { Terminal } from '../../lib/terminal.ts'
import type { AppProof, Check, ProofReport } from '../model/report.ts'
import { resultLine, type Section, sectionsOf, supportLine } from './outline.ts'

type Colors = Terminal['colors']

/** The report for people: a table for each application, what failed explained below it, one line with the result. */
export function renderText(report: ProofReport, colors: Colors): string {
  const run = report.checks.filter(({ status }) => status !== 'passed')
  return [
    ...report.apps.map((app) => renderApp(app, colors)),
    ...run.map((check) => `${mark(check.status, colors)} ${check.name}: ${check.detail}`),
    report.verdict === 'proved' ? colors.green(resultLine(report)) : colors.red(resultLine(report)),
  ].join('\n\n')
}

/** No colours of the library's own, and no line between rows: a credential's rows belong together. */
const STYLE = { head: [], border: [] }
const BORDERS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }

function renderApp(app: AppProof, colors: Colors): string {
  const title = `${colors.bold(app.app)} (${app.displayName}, client id ${app.clientId})`
  const sections = sectionsOf(app)
  if (sections.length === 0) return `${title}\nno credential is declared, so there is nothing to prove`
  const table = new Table({ head: ['credential', '', 'check', 'found'], style: STYLE, chars: BORDERS })
  for (const { title: label, checks } of sections) {
    for (const [i, check] of checks.entries()) {
      table.push([i === 0 ? label : '', mark(check.status, colors), check.name, found(check)])
    }
  }
  const failures = sections.flatMap((section) => explanations(section, colors))
  return [title, table.toString(), ...failures].join('\n')
}

/** A failure's meaning stands below the table, where there is room for it. */
function found({ explanation, detail }: Check): string {
  return explanation ? explanation.code : detail
}

function explanations({ title, checks }: Section, colors: Colors): string[] {
  return checks.flatMap((check) => {
    const { explanation } = check
    if (!explanation) return []
    const { code, status, message, meaning, fix, reference } = explanation
    const ids = supportLine(check)
    const lines: [string, string | undefined][] = [
      ['said', `${message}${status === undefined ? '' : ` (HTTP ${status})`}`],
      ['means', meaning],
      ['fix', fix],
      ['source', reference],
      ['ids', ids],
    ]
    return [
      '',
      `${colors.red('✗')} ${title}: ${check.name}: ${colors.bold(code)}`,
      ...lines.flatMap(([label, text]) => (text ? [`    ${colors.dim(label.padEnd(7))}${text}`] : [])),
    ]
  })
}

/** One character for how a check came out. */
export function mark(status: Check['status'], colors: Colors): string {
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
