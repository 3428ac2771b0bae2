import * as azuread from '@pulumi/azuread'
import { describeFederation } from '../declaration/federation.ts'
import { given } from './application-plan.ts'
import type { ApplicationContext } from './context.ts'
import { formerFederations } from './former-names.ts'
import { nameWithAliases, resourceName } from './names.ts'

/**
 * Trusts in other issuers' tokens. The name in the tenant is the one in the declaration, and cannot change: one that is
 * renamed is another one. Its predecessor goes first, since there is one for each issuer and subject, and 20 in all.
 */
export function trustIssuers({
  name,
  app,
  application,
  cloud,
  former: facts,
  parent,
}: ApplicationContext): void {
  const formerNames = formerFederations(app, facts)
  for (const [credential, declared] of Object.entries(app.federatedCredentials)) {
    const { issuer, subject, audience, description } = describeFederation(declared, cloud)
    const former = formerNames[credential]
    const [resource, aliases] = nameWithAliases(credential, former === undefined ? [] : [former], (each) =>
      resourceName.federatedCredential(name, each),
    )
    new azuread.ApplicationFederatedIdentityCredential(
      resource,
      {
        applicationId: application.id,
        displayName: credential,
        issuer,
        subject,
        audiences: [audience],
        ...given('description', description),
      },
      { parent, deleteBeforeReplace: true, ...aliases },
    )
  }
}
