import { type Action, describeAction, isWork } from '../../infra/rotation/plan.ts'
import { plural } from '../../lib/plural.ts'
import type { Terminal } from '../lib/terminal.ts'
import { isFailure } from './ports.ts'
import type { Orphan } from './prune.ts'
import type { RotationReport } from './rotate.ts'

type Colors = Terminal['colors']

/** The plan for people, a line for each action. */
export function renderPlan(actions: readonly Action[], colors: Colors): string {
  const lines = actions.map((action) => {
    const text = describeAction(action)
    if (action.do === 'blocked') return colors.red(text)
    return isWork(action) ? text : colors.dim(text)
  })
  const count = actions.filter(isWork).length
  const title = count === 0 ? 'Plan: nothing is due.' : `Plan: ${plural(count, 'action')}.`
  return [colors.bold(title), ...lines.map((line) => `  ${line}`)].join('\n')
}

/** How a run ended, for people. */
export function renderReport({ ok, outcomes }: RotationReport, colors: Colors): string {
  const lines = outcomes.map((outcome) => {
    const { app, secret, generation, result, detail } = outcome
    const mark = isFailure(outcome)
      ? colors.red('✗')
      : result === 'held'
        ? colors.yellow('!')
        : colors.green('✓')
    return `${mark} ${app}/${secret}${generation > 0 ? ` g${generation}` : ''} ${result}: ${detail}`
  })
  const end = ok
    ? colors.green('Done.')
    : colors.red('Not done: see above. No consumer was cut off; run the same command again to go on.')
  return [...lines, end].join('\n')
}

/** What `--prune` found and did, for people. */
export function renderOrphans(
  orphans: readonly Orphan[],
  deleted: readonly Orphan[],
  colors: Colors,
): string {
  if (orphans.length === 0) return colors.green('No orphaned secrets or certificates.')
  return orphans
    .map((orphan) => {
      const what = `${orphan.app}: ${orphan.kind} "${orphan.displayName}", key id ${orphan.keyId}, issued ${orphan.issuedAt}`
      if (deleted.includes(orphan)) return `${colors.green('✓')} ${what}: deleted`
      const why = orphan.isYoung ? 'younger than an hour, left alone' : 'would be deleted'
      return `${colors.yellow('!')} ${what}: ${why}`
    })
    .join('\n')
}
