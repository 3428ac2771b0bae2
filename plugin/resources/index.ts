import { appRoleAssignment } from './app-role-assignment.ts'
import { application } from './application.ts'
import { applicationPassword } from './application-password.ts'
import { delegatedPermissionGrant } from './delegated-permission-grant.ts'
import { servicePrincipal } from './service-principal.ts'
import type { ResourceType } from './type.ts'

/** Every resource type that the provider serves, by Pulumi's type token. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [application, applicationPassword, appRoleAssignment, delegatedPermissionGrant, servicePrincipal].map(
    (type) => [type.token, type],
  ),
)
