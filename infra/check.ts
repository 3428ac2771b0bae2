import type { ApiDirectory } from './apis.ts'
import { type AppDeclaration, readDeclaration } from './declaration.ts'
import { checkPermissions } from './permissions.ts'
import { DeclarationError, type Problem } from './problems.ts'

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
 * The applications to register, checked as far as it goes without changing anything: the declaration by its schema
 * and rules, then every permission name against the tenant.
 *
 * @throws DeclarationError with all problems of a kind together
 * @throws ApiLookupError when the tenant cannot be asked
 */
export async function declaredApps(
  value: unknown,
  apis: ApiDirectory,
  stackFile: string,
): Promise<Record<string, AppDeclaration>> {
  const declaration = readDeclaration(value)
  if (!declaration.ok) throw new DeclarationError(declaration.problems, stackFile)
  const checks = Object.entries(declaration.value).map(([name, app]) => checkNames(name, app, apis))
  const problems = (await Promise.all(checks)).flat()
  if (problems.length > 0) throw new DeclarationError(problems, stackFile)
  return declaration.value
}

async function checkNames(name: string, app: AppDeclaration, apis: ApiDirectory): Promise<Problem[]> {
  const checks = Object.entries(app.permissions).map(async ([apiName, permissions]) =>
    checkPermissions(await apis.find(apiName), permissions),
  )
  const problems = (await Promise.all(checks)).flat()
  return problems.map((problem) => ({ ...problem, path: ['apps', name, ...problem.path] }))
}
