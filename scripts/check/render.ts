import { renderPath } from '../../infra/declaration/problems.ts'
import { plural } from '../../lib/plural.ts'
import type { Terminal } from '../lib/terminal.ts'
import type { CheckReport, PlacedFinding } from './check.ts'

/** The report for people: place, rule, what is wrong, how to fix it; the sum in the last line. */
export function renderCheck({ stacks, findings }: CheckReport, colors: Terminal['colors']): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  const where = `in ${stacks.length === 1 ? `the stack ${stacks[0]}` : `${stacks.length} stacks (${stacks.join(', ')})`}`
  const sum =
    findings.length === 0
      ? colors.green(`No findings ${where}.`)
      : `${plural(errors, 'error')}, ${plural(warnings, 'warning')} ${where}.`
  return [...findings.map((finding) => renderFinding(finding, colors)), sum].join('\n')
}

function renderFinding({ place, ...finding }: PlacedFinding, colors: Terminal['colors']): string {
  const severity = finding.severity === 'error' ? colors.red('error') : colors.yellow('warning')
  const head = `${place.file}:${place.line}:${place.column} ${severity} ${finding.code}`
  return `${head} ${renderPath(finding.path)}: ${finding.message}.\n    → ${finding.fix}.`
}

/** The report for programs: the {@link CheckReport} as it is. */
export function renderCheckJson(report: CheckReport): string {
  return JSON.stringify(report, null, 2)
}
