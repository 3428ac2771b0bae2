import { asInvoked } from '../../lib/invocation.ts'
import { DeclarationError } from '../declaration/problems.ts'

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
  const fix =
    'set azuread:tenantId in the stack file, or ARM_TENANT_ID; for the local tenant run: eval "$(npm run -s tenant:env)"'
  throw new DeclarationError([{ path: ['azuread:tenantId'], message, fix: asInvoked(fix) }], stackFile)
}
