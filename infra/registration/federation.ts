import * as azuread from '@pulumi/azuread'
import type * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import { describeFederation } from '../federation.ts'
import { given } from './application-plan.ts'
import { resourceName } from './names.ts'

/**
 * Trusts in other issuers' tokens. The name in the tenant is the one in the declaration, and cannot change.
 */
export function trustIssuers(
  name: string,
  { federatedCredentials }: AppDeclaration,
  application: azuread.Application,
  parent: pulumi.Resource,
): void {
  for (const [credential, declared] of Object.entries(federatedCredentials)) {
    const { issuer, subject, audience, description } = describeFederation(declared)
    new azuread.ApplicationFederatedIdentityCredential(
      resourceName.federatedCredential(name, credential),
      {
        applicationId: application.id,
        displayName: credential,
        issuer,
        subject,
        audiences: [audience],
        ...given('description', description),
      },
      { parent },
    )
  }
}
