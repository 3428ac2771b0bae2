import { escapeMarkdown, xmlAttributes } from '../../lib/escape.ts'
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
  const stacks = `${summary.stacks} stack${summary.stacks === 1 ? '' : 's'}`
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

/** A suite with a case for each stack, in the dialect of the report of `verify`. */
export function renderFleetJunit(report: FleetReport): string {
  const isFailure = ({ status }: StackResult) => status === 'failed'
  const isSkipped = ({ status }: StackResult) => status === 'notStarted'
  const isError = (each: StackResult) => each.status !== 'succeeded' && !isFailure(each) && !isSkipped(each)
  const count = (pick: (each: StackResult) => boolean) => report.stacks.filter(pick).length
  const time = seconds(report.durationMs)
  const name = `entra-apps ${report.command}`
  const sums = { tests: report.stacks.length, failures: count(isFailure), errors: count(isError) }
  const suite = {
    name,
    ...sums,
    skipped: count(isSkipped),
    time,
    timestamp: report.startedAt.slice(0, 19),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name, ...sums, time })}>`,
    `  <testsuite${xmlAttributes(suite)}>`,
    ...report.stacks.map((each) => {
      const tag = isFailure(each) ? 'failure' : isSkipped(each) ? 'skipped' : 'error'
      const message = each.reason ?? outcomeOf(each)
      const about = { message, ...(tag !== 'skipped' && { type: each.status }) }
      const inner = each.status === 'succeeded' ? '' : `<${tag}${xmlAttributes(about)}/>`
      const head = { name: labelOf(each), classname: report.command, time: seconds(each.durationMs ?? 0) }
      return `    <testcase${xmlAttributes(head)}>${inner}</testcase>`
    }),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
