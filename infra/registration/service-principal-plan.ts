import type * as azuread from '@pulumi/azuread'
import type { AppDeclaration } from '../declaration/schema.ts'
import { given } from './application-plan.ts'

/** The tag by which My Apps leaves an application out ("Properties of an enterprise application"). */
const HIDDEN = 'HideApp'

/** What the tenant keeps about the application, as the provider takes it. */
export function planServicePrincipal({
  servicePrincipal: declared,
}: Pick<AppDeclaration, 'servicePrincipal'>): Omit<azuread.ServicePrincipalArgs, 'clientId' | 'owners'> {
  const tags = [...declared.tags, ...(declared.visibleToUsers ? [] : [HIDDEN])].sort()
  const addresses = declared.notificationEmailAddresses
  return {
    ...(!declared.enabled && { accountEnabled: false }),
    ...(declared.assignmentRequired && { appRoleAssignmentRequired: true }),
    ...given('description', declared.description),
    ...given('notes', declared.notes),
    ...given('loginUrl', declared.loginUrl),
    ...(declared.alternativeNames.length > 0 && { alternativeNames: [...declared.alternativeNames].sort() }),
    ...given('preferredSingleSignOnMode', declared.singleSignOn.mode),
    ...(declared.singleSignOn.relayState !== undefined && {
      samlSingleSignOn: { relayState: declared.singleSignOn.relayState },
    }),
    ...(addresses.length > 0 && { notificationEmailAddresses: [...addresses].sort() }),
    // Always given: where tags are left out, the provider keeps those that are there.
    tags,
  }
}
