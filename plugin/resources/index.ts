import { appRoleAssignment } from './app-role-assignment.ts'
import { application } from './application.ts'
import { applicationCertificate } from './application-certificate.ts'
import { applicationFederatedIdentityCredential } from './application-federated-identity-credential.ts'
import { applicationFlexibleFederatedIdentityCredential } from './application-flexible-federated-identity-credential.ts'
import { applicationIdentifierUri } from './application-identifier-uri.ts'
import { applicationPassword } from './application-password.ts'
import { applicationPreAuthorized } from './application-pre-authorized.ts'
import { delegatedPermissionGrant } from './delegated-permission-grant.ts'
import { directoryRoleAssignment } from './directory-role-assignment.ts'
import { servicePrincipal } from './service-principal.ts'
import type { ResourceType } from './type.ts'

/** Every resource type that the provider serves, by Pulumi's type token. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    application,
    applicationCertificate,
    applicationFederatedIdentityCredential,
    applicationFlexibleFederatedIdentityCredential,
    applicationIdentifierUri,
    applicationPassword,
    applicationPreAuthorized,
    appRoleAssignment,
    delegatedPermissionGrant,
    directoryRoleAssignment,
    servicePrincipal,
  ].map((type) => [type.token, type]),
)
