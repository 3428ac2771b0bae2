import { z } from 'zod'
import { checkTenant } from '../../infra/check.ts'
import type { AppDeclaration } from '../../infra/declaration.ts'
import { DeclarationError, type Problem, renderPath } from '../../infra/problems.ts'
import { readDeclaration } from '../../infra/reading.ts'
import type { Pulumi } from '../lib/pulumi.ts'
import { stackArgs } from '../lib/workspace.ts'
import { passed } from '../proof/check.ts'
import type { Check } from '../proof/report.ts'

/** What Pulumi knows of the stack, as far as it could be asked. */
export interface StackFindings {
  readonly checks: readonly Check[]
  /** The declared applications, when the config could be read and has no mistakes. */
  readonly apps?: Readonly<Record<string, AppDeclaration>>
  /** `azuread:tenantId` of the stack config. */
  readonly tenantId?: string
}

/** The part of `pulumi config --json` that is read. */
const config = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
)

/** Checks back end, login, stack and config, in the order in which one needs the other. */
export async function checkStack(
  pulumi: Pulumi,
  stack: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<StackFindings> {
  const backend = await attempt('back end and login', async () =>
    describeBackend(await pulumi.read(['whoami', '--json', '--verbose'])),
  )
  if (backend.status === 'failed') return { checks: [backend] }
  const name = stack ?? env['PULUMI_STACK']
  let found: z.infer<typeof config> = {}
  const readable = await attempt('stack', async () => {
    found = config.parse(JSON.parse(await pulumi.read(['config', '--json', ...stackArgs(stack)])))
    return name ?? 'the selected one'
  })
  if (readable.status === 'failed') return { checks: [backend, readable] }
  const tenantId = found['azuread:tenantId']?.value
  const tenant = await attempt('tenant', async () => {
    checkTenant(tenantId, env, 'the stack config')
    return tenantId ?? `${env['ARM_TENANT_ID']} (ARM_TENANT_ID)`
  })
  const declaration = judgeConfig(found['entra-apps:apps'])
  return {
    checks: [backend, readable, tenant, declaration.check],
    ...(declaration.apps && { apps: declaration.apps }),
    ...(tenantId !== undefined && { tenantId }),
  }
}

function describeBackend(json: string): string {
  const { user, url } = JSON.parse(json) as { user?: string; url?: string }
  return `${url ?? 'back end'}, logged in as ${user ?? 'nobody'}`
}

function judgeConfig(entry: { value?: string | undefined; objectValue?: unknown } | undefined): {
  check: Check
  apps?: Record<string, AppDeclaration>
} {
  const name = 'config'
  const value = entry?.objectValue ?? (entry?.value === undefined ? undefined : JSON.parse(entry.value))
  const declaration = readDeclaration(value)
  if (declaration.ok) {
    const apps = declaration.value
    return {
      check: passed(name, `${Object.keys(apps).length} declared: ${Object.keys(apps).join(', ')}`),
      apps,
    }
  }
  return { check: mistaken(name, declaration.problems) }
}

function mistaken(name: string, problems: readonly Problem[]): Check {
  const lines = problems.map(({ path, message, mend }) => `${renderPath(path)}: ${message} → ${mend}`)
  return { name, status: 'failed', detail: lines.join('; ') }
}

/**
 * A step that is all right unless it throws: an expected error's own sentence says what is wrong and what mends it.
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
