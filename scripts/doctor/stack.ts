import { type AppOutputs, stackOutputs } from '../../infra/contract/outputs.ts'
import { DeclarationError, type Problem, renderPath } from '../../infra/declaration/problems.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { APPS_KEY, mergeApps, projectReader } from '../../infra/declaration/stack-declaration.ts'
import { checkTenant } from '../../infra/program/preflight.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { passed } from '../proof/checks/check.ts'
import type { Check } from '../proof/model/report.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import { readConfig, type StackConfig } from '../stack/stack-config.ts'
import { stackArgs } from '../stack/workspace.ts'

/** What Pulumi knows of the stack, as far as it could be asked. */
export interface StackFindings {
  readonly checks: readonly Check[]
  /** The declared applications, when the config could be read and has no mistakes. */
  readonly apps?: Readonly<Record<string, AppDeclaration>>
  /** What was deployed the last time; empty before the first. */
  readonly deployed: Readonly<Record<string, AppOutputs>>
  /** `azuread:tenantId` of the stack config. */
  readonly tenantId?: string
  /** `azuread:environment` of the stack config. */
  readonly cloud?: string
}

export interface CheckStackOptions {
  /** Where Pulumi.yaml is. */
  readonly projectDir: string
  /** Default: PULUMI_STACK, else the selected stack. */
  readonly stack?: string
  readonly env: NodeJS.ProcessEnv
}

/** Checks back end, login, stack and config, in the order in which one needs the other. */
export async function checkStack(
  pulumi: Pulumi,
  { projectDir, stack, env }: CheckStackOptions,
): Promise<StackFindings> {
  const backend = await attempt('back end and login', async () =>
    describeBackend(await pulumi.read(['whoami', '--json', '--verbose'])),
  )
  if (backend.status === 'failed') return { checks: [backend], deployed: {} }
  let config: StackConfig | undefined
  const readable = await attempt('stack', async () => {
    config = await readConfig(pulumi, stack)
    return stack ?? env['PULUMI_STACK'] ?? 'the selected one'
  })
  if (!config) return { checks: [backend, readable], deployed: {} }
  const tenantId = config.text('azuread:tenantId')
  const cloud = config.text('azuread:environment')
  const overrides = config.value(APPS_KEY)
  const tenant = await attempt('tenant', async () => {
    checkTenant(tenantId, env, 'the stack config')
    return tenantId ?? `${env['ARM_TENANT_ID']} (ARM_TENANT_ID)`
  })
  let apps: Record<string, AppDeclaration> | undefined
  const declaration = await attempt('config', async () => {
    apps = declaredIn(overrides, { projectDir, cloud, env })
    return `${Object.keys(apps).length} declared: ${Object.keys(apps).join(', ')}`
  })
  return {
    checks: [backend, readable, tenant, declaration],
    deployed: await deployedBy(pulumi, stack),
    ...(apps && { apps }),
    ...(tenantId !== undefined && { tenantId }),
    ...(cloud !== undefined && { cloud }),
  }
}

function describeBackend(json: string): string {
  const { user, url } = JSON.parse(json) as { user?: string; url?: string }
  return `${url ?? 'back end'}, logged in as ${user ?? 'nobody'}`
}

/** The stack's applications over the shared ones, as the program reads them. */
function declaredIn(
  overrides: unknown,
  { projectDir, cloud, env }: { projectDir: string; cloud: string | undefined; env: NodeJS.ProcessEnv },
): Record<string, AppDeclaration> {
  const declaration = readDeclaration(mergeApps(projectDir, overrides), {
    cloud: cloudOf(cloud, env),
    read: projectReader(projectDir),
    env,
  })
  if (declaration.ok) return declaration.value
  throw new DeclarationError(declaration.problems, 'the stack config')
}

/** The plain outputs need no passphrase; a stack that was never brought up has none. */
async function deployedBy(pulumi: Pulumi, stack: string | undefined): Promise<Record<string, AppOutputs>> {
  const outputs = JSON.parse(await pulumi.read(['stack', 'output', '--json', ...stackArgs(stack)]))
  const apps = stackOutputs.shape.apps.safeParse(outputs.apps)
  return apps.success ? apps.data : {}
}

function mistaken(name: string, problems: readonly Problem[]): Check {
  const lines = problems.map(({ path, message, fix }) => `${renderPath(path)}: ${message} → ${fix}`)
  return { name, status: 'failed', detail: lines.join('; ') }
}

/**
 * A step that is all right unless it throws: an expected error's own sentence says what is wrong and how to fix it.
 *
 * @param step yields what was found
 */
export async function attempt(name: string, step: () => Promise<string>): Promise<Check> {
  try {
    return passed(name, await step())
  } catch (error) {
    if (error instanceof DeclarationError) return mistaken(name, error.problems)
    if (error instanceof Error && 'code' in error) return { name, status: 'failed', detail: error.message }
    throw error
  }
}
