import type * as azuread from '@pulumi/azuread'
import type { AppDeclaration } from '../declaration/schema.ts'
import { planSettings } from './setting.ts'
import { SERVICE_PRINCIPAL_SETTINGS } from './settings-table.ts'

/** What the tenant keeps about the application, as the provider takes it. */
export function planServicePrincipal(
  app: Pick<AppDeclaration, 'servicePrincipal' | 'retire'>,
): Omit<azuread.ServicePrincipalArgs, 'clientId' | 'owners'> {
  return planSettings(SERVICE_PRINCIPAL_SETTINGS, app)
}
