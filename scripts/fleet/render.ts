import { escapeMarkdown } from '../../lib/escape.ts'
import { plural } from '../../lib/plural.ts'
import { type JunitCase, renderJunit } from '../lib/junit.ts'
import type { Terminal } from '../lib/terminal.ts'
import { labelOf } from './find-stacks.ts'
import type { FleetReport, StackResult, Status } from './report.ts'

const WORDS: Readonly<Record<Status, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  notReady: 'not ready before the deadline',
  couldNotRun: 'could not run',
  interrupted: 'interrupted',
  notStarted: 'not started',
}

/** How a stack ended, in a few words: `succeeded in 12 s`. */
export function outcomeOf({ status, durationMs, isEarlier }: StackResult): string {
  if (isEarlier) return 'succeeded earlier'
  return durationMs === undefined ? WORDS[status] : `${WORDS[status]} in ${Math.round(durationMs / 1000)} s`
}

/** The summary for people: what did not succeed with its last words and its log, and the sum. */
export function renderFleet(report: FleetReport, colors: Terminal['colors']): string {
  const failures = report.stacks.filter(({ status }) => status !== 'succeeded')
  const lines = failures.flatMap((each) => [
    `${colors.red(labelOf(each))}: ${outcomeOf(each)}${each.reason ? `: ${each.reason}` : ''}`,
    ...(each.status === 'notStarted' || !each.log ? [] : [`    log: ${each.log}`]),
  ])
  const paint = failures.length === 0 ? colors.green : colors.red
  return [...lines, paint(sumOf(report))].join('\n')
}

/** `up: 18 of 20 stacks succeeded in 95 s` */
export function sumOf({ command, summary, durationMs }: FleetReport): string {
  const stacks = plural(summary.stacks, 'stack')
  return `${command}: ${summary.succeeded} of ${stacks} succeeded in ${Math.round(durationMs / 1000)} s.`
}

export function renderFleetMarkdown(report: FleetReport): string {
  const rows = report.stacks.map((each) => {
    const cells = [labelOf(each), outcomeOf(each), each.reason ?? '']
    return `| ${cells.map(escapeMarkdown).join(' | ')} |`
  })
  const title = `## ${escapeMarkdown(sumOf(report))}`
  return [title, '', '| stack | outcome | last words |', '|---|---|---|', ...rows, ''].join('\n')
}

/** The summary as JUnit XML: a case for each stack. */
export function renderFleetJunit({ command, startedAt, durationMs, stacks }: FleetReport): string {
  const name = `entra-apps ${command}`
  const cases = stacks.map((each) => caseOf(command, each))
  return renderJunit({ name, startedAt, durationMs, suites: [{ name, durationMs, cases }] })
}

function caseOf(classname: string, result: StackResult): JunitCase {
  const { status, durationMs = 0, reason } = result
  const about = { name: labelOf(result), classname, durationMs }
  if (status === 'succeeded') return about
  const message = reason ?? outcomeOf(result)
  if (status === 'notStarted') return { ...about, outcome: { tag: 'skipped', message } }
  return { ...about, outcome: { tag: status === 'failed' ? 'failure' : 'error', message, type: status } }
}
