import Table from 'cli-table3'
import pLimit from 'p-limit'
import { type FoundStack, findStacks, selectStacks } from '../fleet/find-stacks.ts'
import { type MatrixKind, renderMatrix } from '../fleet/matrix.ts'
import { declaredFacts, deployedFacts, type StackFacts } from '../fleet/stack-facts.ts'
import { EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import type { CommandContext } from './definition.ts'

export interface StacksOptions {
  readonly stacks?: readonly string[]
  /** Folder with projects. Default: the project alone. */
  readonly below?: string
  readonly declared?: boolean
  readonly json?: boolean
  readonly matrix?: MatrixKind
  /** Jobs at a time. */
  readonly parallel?: number
}

/** Stacks whose state is read at the same time. */
const PARALLEL = 4

/**
 * Lists stacks, or prints the matrix over which a pipeline fans out.
 *
 * @throws CommandError NO_STACK, BAD_OPTIONS; PULUMI_FAILED when the state cannot be read
 */
export async function stacks(options: StacksOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, projectDir, env } = context
  const all = findStacks(projectDir, options.below)
  const chosen = options.stacks ? selectStacks(all, options.stacks) : all
  if (options.matrix) {
    terminal.print(renderMatrix(options.matrix, chosen, options.parallel))
    return EXIT.ok
  }
  const declared = chosen.map((found) => ({ found, facts: declaredFacts(found, env) }))
  const facts = options.declared
    ? declared.map(({ facts: { policies: _, ...each } }) => each)
    : await withState(declared, context)
  terminal.print(options.json ? JSON.stringify({ stacks: facts }, null, 2) : render(facts, terminal.colors))
  return EXIT.ok
}

type Declared = { readonly found: FoundStack; readonly facts: ReturnType<typeof declaredFacts> }

async function withState(declared: readonly Declared[], context: CommandContext): Promise<StackFacts[]> {
  const { openEngine, openState } = await import('../stack/workspace.ts')
  const engine = await openEngine(context)
  const open = ({ projectDir }: FoundStack) => openState({ ...context, projectDir }, engine)
  const limit = pLimit(PARALLEL)
  return Promise.all(
    declared.map(({ found, facts }) => limit(() => deployedFacts(found, facts, open(found), new Date()))),
  )
}

const COLUMNS = ['stack', 'tenant', 'applications', 'last deployment', 'due now', 'due next'] as const

function render(facts: readonly StackFacts[], colors: Terminal['colors']): string {
  const table = new Table({ head: [...COLUMNS], style: { head: [], border: [] } })
  for (const each of facts) {
    const { label, tenant = '–', declared, deployed, lastDeployment, due = [], dueNext } = each
    const count =
      deployed === undefined || deployed === declared
        ? `${declared ?? '–'}`
        : `${deployed} of ${declared ?? '–'}`
    const isDue = due.length === 0 ? '–' : colors.yellow(due.join(', '))
    const last = deployed === undefined ? '–' : (lastDeployment ?? 'never')
    const problem = each.problem ? colors.red(each.problem) : isDue
    table.push([label, tenant, count, last, problem, dueNext?.slice(0, 10) ?? '–'])
  }
  return table.toString()
}
