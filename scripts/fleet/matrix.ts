import { CommandError } from '../lib/errors.ts'
import type { FoundStack } from './find-stacks.ts'

export const MATRIX_KINDS = ['github', 'azure', 'gitlab'] as const

export type MatrixKind = (typeof MATRIX_KINDS)[number]

type Named = Pick<FoundStack, 'label' | 'stack' | 'project'>

/**
 * Jobs that a service makes of one matrix, at most: GitHub Docs, "Running variations of jobs in a workflow"; Microsoft Learn,
 * "Add stages, dependencies, and conditions"; GitLab Docs, "CI/CD YAML syntax reference", `parallel:matrix`.
 */
const MOST_JOBS: Readonly<Record<MatrixKind, number>> = { github: 256, azure: 256, gitlab: 200 }

/** Jobs at the same time where nothing else is said: Graph throttles what one tenant writes, however many runners do it. */
export const DEFAULT_JOBS = 20

/**
 * The matrix that a pipeline fans out over, one stack a job, as one line of JSON.
 *
 * @param parallel jobs at the same time, where the service takes that from the matrix
 * @throws CommandError BAD_OPTIONS for more stacks than the service makes jobs of
 */
export function renderMatrix(kind: MatrixKind, stacks: readonly Named[], parallel = DEFAULT_JOBS): string {
  const most = MOST_JOBS[kind]
  if (stacks.length > most) {
    throw new CommandError(
      'BAD_OPTIONS',
      `--matrix ${kind}: a matrix has at most ${most} jobs, got ${stacks.length} stacks. Choose fewer with --stacks, a workflow for each part.`,
    )
  }
  return JSON.stringify(FORMS[kind](stacks, parallel))
}

const FORMS: Readonly<Record<MatrixKind, (stacks: readonly Named[], parallel: number) => unknown>> = {
  /** `strategy` of a job: `fromJSON(…).matrix`, `fromJSON(…)['max-parallel']`. */
  github: (stacks, parallel) => ({
    'fail-fast': false,
    'max-parallel': parallel,
    matrix: { include: stacks.map(({ stack, project, label }) => ({ stack, project, label })) },
  }),
  /** `strategy.matrix` of a job as a runtime expression; `maxParallel` stands in the file. */
  azure: (stacks) =>
    Object.fromEntries(
      uniqueNames(stacks).map(([name, { stack, project, label }]) => [name, { stack, project, label }]),
    ),
  /** The configuration of a child pipeline, JSON being YAML; `.entra-stack` stands in the file that it includes. */
  gitlab: (stacks) => ({
    include: [{ local: '.gitlab/entra-stack.yml' }],
    stack: {
      extends: '.entra-stack',
      resource_group: 'entra-$PROJECT-$STACK',
      parallel: { matrix: stacks.map(({ stack, project }) => ({ STACK: stack, PROJECT: project })) },
    },
  }),
}

/** The longest name of a leg, with room for a number. */
const LONGEST_NAME = 95

/**
 * Names of legs are unique whatever the case of their letters, hold letters, digits and underscores, start with a letter and
 * have at most 100 characters (Microsoft Learn, "jobs.job.strategy definition").
 */
function uniqueNames(stacks: readonly Named[]): [string, Named][] {
  const taken = new Set<string>()
  return stacks.map((stack) => {
    const base = stack.label
      .replaceAll(/\W/g, '_')
      .replace(/^(?![a-z])/i, 's_')
      .slice(0, LONGEST_NAME)
    let name = base
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${base}_${i}`
    taken.add(name.toLowerCase())
    return [name, stack]
  })
}
