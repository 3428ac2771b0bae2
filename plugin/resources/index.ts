import { appRoleAssignment } from './app-role-assignment.ts'
import { application } from './application.ts'
import { applicationCertificate } from './application-certificate.ts'
import { applicationFederatedIdentityCredential } from './application-federated-identity-credential.ts'
import { applicationFlexibleFederatedIdentityCredential } from './application-flexible-federated-identity-credential.ts'
import { applicationFromTemplate } from './application-from-template.ts'
import { applicationIdentifierUri } from './application-identifier-uri.ts'
import { applicationPassword } from './application-password.ts'
import { applicationPreAuthorized } from './application-pre-authorized.ts'
import { claimsMappingPolicy } from './claims-mapping-policy.ts'
import { delegatedPermissionGrant } from './delegated-permission-grant.ts'
import { directoryRoleAssignment } from './directory-role-assignment.ts'
import { servicePrincipal } from './service-principal.ts'
import { servicePrincipalClaimsMappingPolicyAssignment } from './service-principal-claims-mapping-policy-assignment.ts'
import { servicePrincipalTokenSigningCertificate } from './service-principal-token-signing-certificate.ts'
import type { ResourceType } from './type.ts'

/** Every resource type that the provider serves, by Pulumi's type token. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    application,
    applicationCertificate,
    applicationFederatedIdentityCredential,
    applicationFlexibleFederatedIdentityCredential,
    applicationFromTemplate,
    applicationIdentifierUri,
    applicationPassword,
    applicationPreAuthorized,
    appRoleAssignment,
    claimsMappingPolicy,
    delegatedPermissionGrant,
    directoryRoleAssignment,
    servicePrincipal,
    servicePrincipalClaimsMappingPolicyAssignment,
    servicePrincipalTokenSigningCertificate,
  ].map((type) => [type.token, type]),
)
