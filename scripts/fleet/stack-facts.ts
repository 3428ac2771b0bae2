import { type AppOutputs, stackOutputs } from '../../infra/contract/outputs.ts'
import { projectReader, readStackDeclaration } from '../../infra/declaration/stack-declaration.ts'
import { currentOf, generationsOf, type Ledger } from '../../infra/rotation/generation.ts'
import { dueAt } from '../../infra/rotation/ledger.ts'
import { type Policies, policiesOf } from '../../infra/rotation/policy.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { plural } from '../../lib/plural.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import { stackArgs } from '../stack/workspace.ts'
import type { FoundStack } from './find-stacks.ts'

/** What a list of stacks says of one. */
export interface StackFacts extends Omit<FoundStack, 'projectDir'> {
  /** Tenant id, from the stack's settings, its outputs, or the environment. */
  readonly tenant?: string
  /** Number of applications. Left out where the declaration cannot be read. */
  readonly declared?: number
  /** The same in the state. Left out where that was not asked. */
  readonly deployed?: number
  /** RFC 3339. Left out before the first deployment. */
  readonly lastDeployment?: string
  /** Credentials to rotate: `app/secret`. */
  readonly due?: readonly string[]
  /** Applications that `retire` may delete now. */
  readonly retirementsDue?: readonly string[]
  /** When the next of the others is due, RFC 3339. */
  readonly dueNext?: string
  /** Why something is missing. */
  readonly problem?: string
}

/** What the stack's files say. */
export function declaredFacts(
  { projectDir, ...names }: FoundStack,
  env: NodeJS.ProcessEnv,
): StackFacts & { readonly policies: Policies } {
  try {
    const { value, config } = readStackDeclaration(projectDir, names.stack)
    const tenant = config['azuread:tenantId'] ?? env['ARM_TENANT_ID']
    const read = readDeclaration(value, {
      cloud: cloudOf(config['azuread:environment'], env),
      read: projectReader(projectDir),
      env,
    })
    return {
      ...names,
      ...(typeof tenant === 'string' && { tenant }),
      declared: Object.keys(Object(value)).length,
      ...(!read.ok && { problem: `${plural(read.problems.length, 'mistake')} in the declaration` }),
      policies: read.ok ? policiesOf(read.value) : {},
    }
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { ...names, problem, policies: {} }
  }
}

/**
 * Adds what the state says; its plain outputs need no passphrase.
 *
 * @throws CommandError PULUMI_FAILED
 */
export async function deployedFacts(
  { stack }: FoundStack,
  { policies, ...facts }: ReturnType<typeof declaredFacts>,
  pulumi: Pulumi,
  now: Date,
): Promise<StackFacts> {
  const history = await pulumi.attempt([
    'stack',
    'history',
    '--json',
    '--page-size',
    '1',
    ...stackArgs(stack),
  ])
  if (history.code !== 0 && /no stack named/i.test(history.output)) return { ...facts, deployed: 0 }
  const outputs = JSON.parse(await pulumi.read(['stack', 'output', '--json', ...stackArgs(stack)]))
  const apps = stackOutputs.shape.apps.safeParse(outputs.apps).data ?? {}
  const ledger = stackOutputs.shape.ledger.safeParse(outputs.ledger).data ?? {}
  const last = history.code === 0 ? JSON.parse(history.stdout || '[]')?.[0]?.endTime : undefined
  const tenant = Object.values(apps)[0]?.tenantId
  return {
    ...facts,
    ...(tenant !== undefined && { tenant }),
    deployed: Object.keys(apps).length,
    ...(typeof last === 'string' && { lastDeployment: last }),
    ...dueIn({ apps, ledger }, policies, now),
  }
}

/** The credentials and the retirements that are due, and when the next one is. */
export function dueIn(
  {
    apps,
    ledger,
  }: { readonly apps: Readonly<Record<string, Pick<AppOutputs, 'retirement'>>>; readonly ledger: Ledger },
  policies: Policies,
  now: Date,
): Required<Pick<StackFacts, 'due' | 'retirementsDue'>> & Pick<StackFacts, 'dueNext'> {
  const retirements = Object.entries(apps).flatMap(([name, { retirement }]) =>
    retirement ? [{ name, at: new Date(retirement.deleteFrom) }] : [],
  )
  const credentials = Object.entries(policies).flatMap(([app, secrets]) =>
    Object.entries(secrets).flatMap(([secret, policy]) => {
      const current = policy.isRetiring
        ? undefined
        : currentOf(generationsOf(ledger, app, secret, policy.kind))
      return current ? [{ name: `${app}/${secret}`, at: dueAt(current, policy) }] : []
    }),
  )
  const later = [...credentials, ...retirements].filter(({ at }) => at > now).map(({ at }) => at.getTime())
  const dueNow = (dates: typeof credentials) => dates.filter(({ at }) => at <= now).map(({ name }) => name)
  return {
    due: dueNow(credentials),
    retirementsDue: dueNow(retirements),
    ...(later.length > 0 && { dueNext: new Date(Math.min(...later)).toISOString() }),
  }
}
