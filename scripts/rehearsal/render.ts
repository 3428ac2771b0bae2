import Table from 'cli-table3'
import type { Terminal } from '../lib/terminal.ts'
import type { Figures } from '../report/html.ts'
import type { Tally } from './consumer.ts'
import type { YearResult } from './year.ts'

const HEAD = ['consumer', 'token requests', 'refused', 'Graph calls', 'failed'] as const

/** The figures of a rehearsal, for the page as well as the terminal. */
export function figuresOf({ rotated, replaced }: YearResult): Figures[] {
  return [
    { title: 'Consumers, rotated with an overlap', head: HEAD, rows: rowsOf(rotated) },
    { title: 'The same consumers, secret replaced in place', head: HEAD, rows: rowsOf(replaced) },
  ]
}

/** How a rehearsal ended, for people. */
export function renderYear(result: YearResult, colors: Terminal['colors']): string {
  const { runs, deployments, failures, rotated, replaced } = result
  const tables = figuresOf(result).map(({ title, head, rows }) => {
    const table = new Table({
      head: [...head],
      style: { head: [], border: [] },
      colAligns: ['left', 'right', 'right', 'right', 'right'],
    })
    for (const row of rows) table.push([...row])
    return `${colors.bold(title)}\n${table.toString()}`
  })
  const bad = refusedOf(rotated)
  const counted = `${bad} of ${tokensOf(rotated)} token requests were refused over ${runs} runs with ${deployments} deployments of the real engine`
  const beside = `${refusedOf(replaced)} of ${tokensOf(replaced)} where the secret is replaced in place`
  const sentence = `${counted}; ${beside}.`
  return [
    ...tables,
    ...failures.map((failure) => colors.red(`A run failed: ${failure}`)),
    isGood(result) ? colors.green(sentence) : colors.red(sentence),
  ].join('\n\n')
}

/** Nobody was cut off, and every run did what it should. */
export function isGood({ rotated, failures }: YearResult): boolean {
  const graphFailures = rotated.reduce((sum, tally) => sum + tally.graphFailures, 0)
  return refusedOf(rotated) === 0 && graphFailures === 0 && failures.length === 0
}

function refusedOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { refused }) => sum + refused, 0)
}

function tokensOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { tokens }) => sum + tokens, 0)
}

function rowsOf(tallies: readonly Tally[]): string[][] {
  return tallies.map(({ habit, tokens, refused, graphCalls, graphFailures }) => [
    habit.name,
    ...[tokens, refused, graphCalls, graphFailures].map(String),
  ])
}
