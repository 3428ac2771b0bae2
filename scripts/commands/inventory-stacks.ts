import { readStackDeclaration } from '../../infra/declaration/stack-declaration.ts'
import { type FoundStack, findStacks, selectStacks } from '../fleet/find-stacks.ts'
import { type Answers, type AskedStack, isAnotherTenant, managedIn, tenantOf } from '../inventory/managed.ts'
import { CommandError } from '../lib/errors.ts'
import { type Deployed, readDeployed } from '../stack/deployed.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import { readConfig, type StackConfig } from '../stack/stack-config.ts'
import type { WorkspaceContext } from './definition.ts'

/** Which stacks are asked what they manage. Default: none, so that no engine is needed. */
export interface StackChoice {
  /** Names of stacks of the project. */
  readonly stack?: readonly string[]
  /** Patterns. */
  readonly stacks?: readonly string[]
  readonly allStacks?: boolean
  /** With patterns or all stacks: folder with projects. Default: the project alone. */
  readonly below?: string
}

/** What the chosen stacks manage, and the settings that name the tenant. */
export interface LookedUp extends Omit<Answers, 'elsewhere'> {
  readonly config: StackConfig
}

interface Asked {
  readonly config: StackConfig
  /** Whose registrations are listed, as far as that is known before the login. */
  readonly tenantId: string | undefined
  readonly asked: readonly AskedStack[]
}

const TENANT = 'azuread:tenantId'

const NOBODY: Asked = {
  config: { text: () => undefined, value: () => undefined },
  tenantId: undefined,
  asked: [],
}

/**
 * Asks the chosen stacks what they manage. One that was named has to be there; of several that were chosen by a pattern, one
 * that cannot be read is said to be unknown.
 *
 * @throws CommandError BAD_OPTIONS, NO_STACK, PULUMI_FAILED
 */
export async function lookUpStacks(choice: StackChoice, context: WorkspaceContext): Promise<LookedUp> {
  requireOneChoice(choice)
  const { stack, stacks, allStacks } = choice
  const { terminal } = context
  const { config, tenantId, asked } = stack
    ? await askNamed(stack, context)
    : stacks || allStacks
      ? await askSelected(choice, context)
      : NOBODY
  const { elsewhere, ...answers } = managedIn(asked, tenantId)
  for (const { message } of answers.missing) terminal.note(message)
  if (elsewhere.length > 0) {
    const names = elsewhere.map(({ label, tenantId }) => `${label} (${tenantId})`)
    terminal.note(`Left out, because they are of another tenant: ${names.join(', ')}`)
  }
  return { config, ...answers }
}

function requireOneChoice({ stack, stacks, allStacks, below }: StackChoice): void {
  const several = stacks ? '--stacks' : allStacks ? '--all-stacks' : undefined
  if (stack && several) throw new CommandError('BAD_OPTIONS', `--stack and ${several} exclude each other.`)
  if (below !== undefined && !several)
    throw new CommandError('BAD_OPTIONS', '--below needs --stacks or --all-stacks.')
}

async function askNamed(names: readonly string[], { openWorkspace, env }: WorkspaceContext): Promise<Asked> {
  const { pulumi } = await openWorkspace()
  const config = await readConfig(pulumi, names[0])
  const asked: AskedStack[] = []
  for (const label of names) asked.push({ label, answer: await readDeployed(pulumi, label) })
  const [label = ''] = names
  return { config, tenantId: tenantOf([{ label, tenantId: config.text(TENANT) }], env), asked }
}

async function askSelected({ stacks, below }: StackChoice, context: WorkspaceContext): Promise<Asked> {
  const { readStates } = await import('../fleet/read-states.ts')
  const all = findStacks(context.projectDir, below)
  const chosen = (stacks ? selectStacks(all, stacks) : all).map((found) => {
    const config = settingsOf(found)
    return { ...found, config, tenantId: config.text(TENANT) }
  })
  const tenantId = tenantOf(chosen, context.env)
  const own = chosen.filter((each) => !isAnotherTenant(each.tenantId, tenantId))
  const answers = await readStates(own, context, (found, pulumi) => answerOf(found, pulumi, context.signal))
  const naming = own.find((each) => each.tenantId !== undefined) ?? own[0]
  return {
    config: naming?.config ?? NOBODY.config,
    tenantId,
    asked: chosen.map((each) => ({ ...each, answer: answers[own.indexOf(each)] })),
  }
}

/** Plain settings by the stack's file; none where it cannot be read, which its state may be all the same. */
function settingsOf({ projectDir, stack }: FoundStack): StackConfig {
  try {
    const { config } = readStackDeclaration(projectDir, stack)
    const text = (key: string) => (typeof config[key] === 'string' ? config[key] : undefined)
    return { text, value: (key) => config[key] }
  } catch {
    return NOBODY.config
  }
}

async function answerOf({ stack }: FoundStack, pulumi: Pulumi, signal: AbortSignal): Promise<Deployed> {
  try {
    return await readDeployed(pulumi, stack)
  } catch (error) {
    signal.throwIfAborted()
    const problem = error instanceof Error ? error.message : String(error)
    return { apps: {}, identities: {}, problem: problem.replace(/\s+/g, ' ') }
  }
}
