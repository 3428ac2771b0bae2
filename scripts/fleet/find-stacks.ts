import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { suggest } from '../../lib/nearest.ts'
import { wildcard } from '../../lib/wildcard.ts'
import { stacksOf } from '../check/check.ts'
import { CommandError } from '../lib/errors.ts'

/** A stack by its file `Pulumi.<stack>.yaml`. */
export interface FoundStack {
  /** What patterns are compared with and messages say: `prod`, of another project `teams/pay/prod`. */
  readonly label: string
  readonly stack: string
  /** Folder of the project below the folder that was searched: `.` or `teams/pay`. */
  readonly project: string
  /** Absolute. */
  readonly projectDir: string
}

/** What a stack of a project is called: `prod`, `teams/pay/prod`. */
export function labelOf({ project, stack }: Pick<FoundStack, 'project' | 'stack'>): string {
  return project === '.' ? stack : `${project}/${stack}`
}

const SKIPPED = new Set(['node_modules', 'dist'])

/**
 * The stacks of a project, or of every project below a folder.
 *
 * @param below searched with everything in it, hidden folders and `node_modules` left out. Default: the project alone
 * @throws CommandError NO_STACK when there is none
 */
export function findStacks(projectDir: string, below?: string): FoundStack[] {
  const root = resolve(below ?? projectDir)
  const projects = below === undefined ? [root] : projectsBelow(root)
  const found = projects.flatMap((dir) => {
    const project = relative(root, dir).split(sep).join('/') || '.'
    return stacksOf(dir).map((stack) => ({
      label: labelOf({ project, stack }),
      stack,
      project,
      projectDir: dir,
    }))
  })
  if (found.length > 0) return found
  throw new CommandError('NO_STACK', `There is no stack in ${root}: a stack is a file Pulumi.<stack>.yaml.`)
}

function projectsBelow(dir: string): string[] {
  const folders = readdirSync(dir, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !each.name.startsWith('.') && !SKIPPED.has(each.name))
    .map(({ name }) => join(dir, name))
    .sort()
  return [...(existsSync(join(dir, 'Pulumi.yaml')) ? [dir] : []), ...folders.flatMap(projectsBelow)]
}

/**
 * The stacks that patterns choose, in the order of `all`. `*` stands for any text and `?` for a character, neither for a
 * slash; a pattern without a slash is compared with the stack's name in every project, and `./prod` is the one of the project
 * that lies in the folder itself. `!` before a pattern takes stacks
 * out again; with such patterns alone they are taken out of all.
 *
 * @throws CommandError NO_STACK for a pattern that matches no stack, and when none is left
 */
export function selectStacks(all: readonly FoundStack[], patterns: readonly string[]): FoundStack[] {
  const [out, chosen] = [patterns.filter(isExclusion), patterns.filter((each) => !isExclusion(each))]
  const excluded = new Set(out.flatMap((each) => matching(all, each.slice(1))))
  const wanted = new Set(chosen.length === 0 ? all : chosen.flatMap((each) => matching(all, each)))
  const selected = all.filter((each) => wanted.has(each) && !excluded.has(each))
  if (selected.length > 0) return selected
  throw new CommandError('NO_STACK', `The patterns ${patterns.join(', ')} leave no stack.`)
}

function isExclusion(pattern: string): boolean {
  return pattern.startsWith('!')
}

// Not `path.matchesGlob`: before Node 22.20 and 24.8 it warns that it is experimental.
function matching(all: readonly FoundStack[], pattern: string): FoundStack[] {
  const expression = wildcard(pattern.replace(/^\.\//, ''), { separator: '/' })
  const found = all.filter(({ label, stack }) => expression.test(pattern.includes('/') ? label : stack))
  if (found.length > 0) return found
  const labels = all.map(({ label }) => label)
  throw new CommandError(
    'NO_STACK',
    `No stack matches "${pattern}"; ${suggest(pattern, labels, `stacks: ${labels.join(', ')}`)}.`,
  )
}
