import type { AppOutputs, IdentityOutputs } from '../../infra/contract/outputs.ts'
import { DeclarationError, type Problem, renderPath } from '../../infra/declaration/problems.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import {
  APPS_KEY,
  IDENTITIES_KEY,
  mergeApps,
  mergeIdentities,
  projectReader,
} from '../../infra/declaration/stack-declaration.ts'
import { checkTenant } from '../../infra/program/check-tenant.ts'
import { readIdentities } from '../../infra/rules/identities.ts'
import { readDeclaration } from '../../infra/rules/validate.ts'
import { mapValues } from '../../lib/map-values.ts'
import { cloudOf } from '../../microsoft/clouds.ts'
import { passed } from '../proof/checks/check.ts'
import type { Check } from '../proof/model/report.ts'
import { readDeployed } from '../stack/deployed.ts'
import type { Pulumi } from '../stack/pulumi.ts'
import { readConfig, type StackConfig } from '../stack/stack-config.ts'

/** What Pulumi knows of the stack, as far as it could be asked. */
export interface StackFindings {
  readonly checks: readonly Check[]
  /** The declared applications, when the config could be read and has no mistakes. */
  readonly apps?: Readonly<Record<string, AppDeclaration>>
  /** What declared identities are granted, said as applications; when the config has no mistakes. */
  readonly identities?: Readonly<Record<string, AppDeclaration>>
  /** What was deployed the last time; empty before the first. */
  readonly deployed: Readonly<Record<string, AppOutputs>>
  /** The same of identities. */
  readonly deployedIdentities?: Readonly<Record<string, IdentityOutputs>>
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
  const overrides = { apps: config.value(APPS_KEY), identities: config.value(IDENTITIES_KEY) }
  const tenant = await attempt('tenant', async () => {
    checkTenant(tenantId, env, 'the stack config')
    return tenantId ?? `${env['ARM_TENANT_ID']} (ARM_TENANT_ID)`
  })
  let declared: ReturnType<typeof declaredIn> | undefined
  const declaration = await attempt('config', async () => {
    declared = declaredIn(overrides, { projectDir, cloud, env })
    const names = [...Object.keys(declared.apps), ...Object.keys(declared.identities)]
    return `${names.length} declared: ${names.join(', ')}`
  })
  const { apps: deployed, identities: deployedIdentities } = await readDeployed(pulumi, stack)
  return {
    checks: [backend, readable, tenant, declaration],
    deployed,
    deployedIdentities,
    ...declared,
    ...(tenantId !== undefined && { tenantId }),
    ...(cloud !== undefined && { cloud }),
  }
}

function describeBackend(json: string): string {
  const { user, url } = JSON.parse(json) as { user?: string; url?: string }
  return `${url ?? 'back end'}, logged in as ${user ?? 'nobody'}`
}

/** The stack's applications and identities over the shared ones, as the program reads them. */
function declaredIn(
  overrides: { readonly apps: unknown; readonly identities: unknown },
  { projectDir, cloud, env }: { projectDir: string; cloud: string | undefined; env: NodeJS.ProcessEnv },
): { apps: Record<string, AppDeclaration>; identities: Record<string, AppDeclaration> } {
  const options = { cloud: cloudOf(cloud, env), read: projectReader(projectDir), env }
  const granted = mergeIdentities(projectDir, overrides.identities)
  const declaration = readDeclaration(mergeApps(projectDir, overrides.apps), {
    ...options,
    hasIdentities: granted !== undefined,
  })
  const apps = declaration.ok ? declaration.value : {}
  const identities = readIdentities(granted, apps, options)
  const problems = [declaration, identities].flatMap((each) => (each.ok ? [] : each.problems))
  if (problems.length > 0 || !identities.ok) throw new DeclarationError(problems, 'the stack config')
  return { apps, identities: mapValues(identities.value, ({ app }) => app) }
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
