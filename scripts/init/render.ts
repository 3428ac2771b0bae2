import type { Terminal } from '../lib/terminal.ts'
import type { PlannedFile } from './plan.ts'

/** The plan for people: a line for each file, and what would change in those that are left alone. */
export function renderPlan(files: readonly PlannedFile[], colors: Terminal['colors']): string {
  const labels = {
    create: colors.green('create '),
    add: colors.green('add to '),
    keep: colors.dim('keep   '),
    differs: colors.yellow('differs'),
  }
  const lines = files.map(({ path, action }) => `${labels[action]}  ${path}`)
  const shown = files.filter(({ action }) => action === 'differs' || action === 'add')
  return [lines.join('\n'), ...shown.map((file) => renderDifference(file, colors))].join('\n\n')
}

function renderDifference({ path, action, existing = '', content }: PlannedFile, colors: Terminal['colors']) {
  const title = action === 'add' ? `${path} gets:` : `${path} is left as it is. What would change:`
  const { removed, added } = differingLines(existing.trimEnd().split('\n'), content.trimEnd().split('\n'))
  return [
    title,
    ...removed.map((line) => colors.red(`  - ${line}`)),
    ...added.map((line) => colors.green(`  + ${line}`)),
  ].join('\n')
}

/**
 * Where a text was only added to, the added lines: a comma that a line of JSON gets before them is no difference. Else
 * the lines between the common start and the common end of the two texts.
 */
export function differingLines(
  before: readonly string[],
  after: readonly string[],
): { readonly removed: readonly string[]; readonly added: readonly string[] } {
  const bare = (line: string | undefined) => line?.replace(/,$/, '')
  let found = 0
  const added = after.filter((line) => bare(line) !== bare(before[found]) || ++found === 0)
  if (found === before.length) return { removed: [], added }
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return {
    removed: before.slice(start, before.length - end),
    added: after.slice(start, after.length - end),
  }
}
