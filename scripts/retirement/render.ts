import type { Terminal } from '../lib/terminal.ts'
import { howToRestore } from './deleted.ts'
import type { RetireReport } from './retire.ts'

/** More holders than this say no more on a terminal. */
const SHOWN = 20

/** How far a retirement is, for people. */
export function renderRetirement(report: RetireReport, colors: Terminal['colors']): string {
  const { usage, holders, refusals } = report
  return [
    ...(usage
      ? section(
          'Last used',
          [...usage.uses.map(({ what, at }) => `${what} at ${at}`), ...usage.unknown],
          'never, as far as the tenant reports',
        )
      : []),
    ...(holders
      ? section(
          'Rights of others on it',
          shortened(holders.map(({ name, kind, holds }) => `${kind} ${name}: ${holds}`)),
          'none',
        )
      : []),
    ...refusals.map(({ reason, fix }) => `${colors.red('✗')} ${reason}.\n    → ${fix}.`),
    refusals.length > 0
      ? colors.red(`${report.app}: the next step was not taken.`)
      : outcomeOf(report, colors),
  ].join('\n')
}

function section(title: string, lines: readonly string[], none: string): string[] {
  return [`${title}:`, ...(lines.length > 0 ? lines : [none]).map((line) => `  ${line}`)]
}

function shortened(lines: readonly string[]): string[] {
  const left = lines.length - SHOWN
  return left > 0 ? [...lines.slice(0, SHOWN), `… and ${left} more (--json lists them)`] : [...lines]
}

function outcomeOf(report: RetireReport, colors: Terminal['colors']): string {
  const { app, did, next, retirement, deleted } = report
  if (deleted && did === 'deleted') {
    return `${colors.green(`✓ ${app} is deleted since ${deleted.at}. Remove it from the declaration.`)}\n${howToRestore(deleted)}`
  }
  if (did === 'cancelled')
    return colors.green(
      `✓ ${app} gets tokens again. Commit the stack's file. Prove it: npm run verify -- --app ${app}`,
    )
  if (did === 'disabled' && retirement) {
    return [
      colors.green(
        `✓ ${app}: sign-in is disabled since ${retirement.since}. Commit the stack's file, which declares it.`,
      ),
      'Tokens that were issued before stay valid until they expire, most after an hour.',
      waiting(report, retirement.deleteFrom),
    ].join('\n')
  }
  if (next === 'wait' && retirement)
    return `${app}: sign-in is disabled since ${retirement.since}.\n${waiting(report, retirement.deleteFrom)}`
  if (next === 'disable') return `${app}: would be disabled. Nothing was changed.`
  if (next === 'delete') return `${app}: would be deleted. Nothing was changed.`
  return report.phase === 'active'
    ? `${app} is not being retired.`
    : `${app}: its retirement would be given up. Nothing was changed.`
}

function waiting({ app, dependents = [] }: RetireReport, from: string): string {
  const first = dependents.length > 0 ? ` Remove first what refers to it: ${dependents.join(', ')}.` : ''
  return `From ${from} on, npm run retire -- ${app} deletes it; until then --cancel brings it back at once.${first}`
}
