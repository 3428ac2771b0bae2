import Table from 'cli-table3'
import { type FoundStack, findStacks, selectStacks } from '../fleet/find-stacks.ts'
import { type MatrixKind, renderMatrix } from '../fleet/matrix.ts'
import { publishReport, type ReportForms } from '../fleet/publish.ts'
import { declaredFacts, deployedFacts, type StackFacts } from '../fleet/stack-facts.ts'
import { summarize } from '../fleet/summary.ts'
import { CommandError, EXIT, type ExitCode } from '../lib/errors.ts'
import type { Terminal } from '../lib/terminal.ts'
import type { CommandContext } from './definition.ts'

export interface StacksOptions extends ReportForms {
  readonly stacks?: readonly string[]
  /** Folder with projects. Default: the project alone. */
  readonly below?: string
  readonly declared?: boolean
  /** Directory with the reports of a pipeline's jobs. */
  readonly summary?: string
  readonly matrix?: MatrixKind
  /** Jobs at a time. */
  readonly parallel?: number
}

/**
 * Lists stacks, prints the matrix over which a pipeline fans out, or sums up what its jobs did.
 *
 * @returns of a summary the gravest exit code of the jobs
 * @throws CommandError NO_STACK, BAD_OPTIONS; PULUMI_FAILED when the state cannot be read
 */
export async function stacks(options: StacksOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, projectDir, env } = context
  if ((options.markdown || options.junit) && !options.summary) {
    throw new CommandError('BAD_OPTIONS', '--markdown and --junit need --summary.')
  }
  const all = findStacks(projectDir, options.below)
  const chosen = options.stacks ? selectStacks(all, options.stacks) : all
  if (options.matrix) {
    terminal.print(renderMatrix(options.matrix, chosen, options.parallel))
    return EXIT.ok
  }
  if (options.summary) {
    const report = summarize(chosen, options.summary)
    publishReport(report, options, context)
    return report.exitCode as ExitCode
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
  const { readStates } = await import('../fleet/read-states.ts')
  const factsOf = new Map(declared.map(({ found, facts }) => [found, facts]))
  return readStates([...factsOf.keys()], context, (found, pulumi) =>
    deployedFacts(found, factsOf.get(found)!, pulumi, new Date()),
  )
}

const COLUMNS = ['stack', 'tenant', 'applications', 'last deployment', 'due now', 'due next'] as const

function render(facts: readonly StackFacts[], colors: Terminal['colors']): string {
  const table = new Table({ head: [...COLUMNS], style: { head: [], border: [] } })
  for (const each of facts) {
    const {
      label,
      tenant = '–',
      declared,
      deployed,
      lastDeployment,
      due = [],
      retirementsDue = [],
      dueNext,
    } = each
    const count =
      deployed === undefined || deployed === declared
        ? `${declared ?? '–'}`
        : `${deployed} of ${declared ?? '–'}`
    const toDo = [...due, ...retirementsDue.map((app) => `retire ${app}`)]
    const isDue = toDo.length === 0 ? '–' : colors.yellow(toDo.join(', '))
    const last = deployed === undefined ? '–' : (lastDeployment ?? 'never')
    const problem = each.problem ? colors.red(each.problem) : isDue
    table.push([label, tenant, count, last, problem, dueNext?.slice(0, 10) ?? '–'])
  }
  return table.toString()
}
