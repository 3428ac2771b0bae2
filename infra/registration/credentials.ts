import * as azuread from '@pulumi/azuread'
import type * as pulumi from '@pulumi/pulumi'
import { readCertificate } from '../certificates.ts'
import type { AppDeclaration } from '../declaration.ts'
import { describeFederation } from '../federation.ts'
import { given } from './application-plan.ts'

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
      `${name}-federated-${credential}`,
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

/** Certificates, given: the private key never comes near this program. */
export function addCertificates(
  name: string,
  { certificates }: AppDeclaration,
  application: azuread.Application,
  read: (file: string) => Uint8Array | undefined,
  parent: pulumi.Resource,
): void {
  for (const [certificate, declared] of Object.entries(certificates)) {
    const fact = readCertificate(declared, read)
    if ('unreadable' in fact) throw new RangeError(`The certificate "${certificate}": ${fact.unreadable}`)
    new azuread.ApplicationCertificate(
      `${name}-certificate-${certificate}`,
      { applicationId: application.id, type: 'AsymmetricX509Cert', value: fact.pem, endDate: fact.endDate },
      { parent },
    )
  }
}
