import type { ApiDirectory } from './apis.ts'
import type { AppDeclaration } from './declaration.ts'
import { checkPermissions } from './permissions.ts'
import { DeclarationError, type Problem } from './problems.ts'
import { type ReadingOptions, readDeclaration } from './reading.ts'
import type { Finding } from './rules/rule.ts'

const PLACEHOLDER_TENANT = '00000000-0000-0000-0000-000000000000'

/**
 * Refuses to start without knowing which tenant to change.
 *
 * The azuread provider would fall back to whoever is logged in to the Azure CLI, and register the applications in
 * that person's tenant.
 *
 * @param configured the stack config's `azuread:tenantId`
 * @throws DeclarationError when neither the config nor ARM_TENANT_ID names a tenant
 */
export function checkTenant(configured: string | undefined, env: NodeJS.ProcessEnv, stackFile: string): void {
  const tenantId = configured ?? env['ARM_TENANT_ID']
  if (tenantId && tenantId !== PLACEHOLDER_TENANT) return
  const message = tenantId ? 'the tenant id is still the placeholder' : 'no tenant is named'
  const mend =
    'set azuread:tenantId in the stack file, or ARM_TENANT_ID; for the local tenant run: eval "$(npm run -s tenant:env)"'
  throw new DeclarationError([{ path: ['azuread:tenantId'], message, mend }], stackFile)
}

/**
 * The applications to register, checked as far as it goes without changing anything: the declaration by its form and
 * the rules, then every permission name against the tenant.
 *
 * @throws DeclarationError with all problems of a kind together
 * @throws ApiLookupError when the tenant cannot be asked
 */
export async function declaredApps(
  value: unknown,
  apis: ApiDirectory,
  stackFile: string,
  options: ReadingOptions,
): Promise<{ readonly apps: Record<string, AppDeclaration>; readonly warnings: readonly Finding[] }> {
  const declaration = readDeclaration(value, options)
  if (!declaration.ok) throw new DeclarationError(declaration.problems, stackFile)
  const apps = declaration.value
  const checks = Object.entries(apps).map(([name, app]) => checkNames(name, app, apps, apis))
  const problems = (await Promise.all(checks)).flat()
  if (problems.length > 0) throw new DeclarationError(problems, stackFile)
  return { apps, warnings: declaration.warnings }
}

/** Names of the APIs outside the stack; what its own applications offer is known without asking the tenant. */
async function checkNames(
  name: string,
  app: AppDeclaration,
  apps: Readonly<Record<string, AppDeclaration>>,
  apis: ApiDirectory,
): Promise<Problem[]> {
  const foreign = Object.entries(app.permissions).filter(([apiName]) => !Object.hasOwn(apps, apiName))
  const checks = foreign.map(async ([apiName, permissions]) =>
    checkPermissions(await apis.find(apiName), permissions),
  )
  const problems = (await Promise.all(checks)).flat()
  return problems.map((problem) => ({ ...problem, path: ['apps', name, ...problem.path] }))
}
