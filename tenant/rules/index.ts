import type { EntitySet } from '../model/entity-set.ts'
import { scopedRoleMembershipRules } from './administrative-units.ts'
import { appRoleAssignmentRules } from './app-role-assignments.ts'
import { applicationRules } from './applications.ts'
import { delegatedGrantRules } from './delegated-grants.ts'
import { directoryRoleRules, roleAssignmentRules, roleDefinitionRules } from './directory-roles.ts'
import { federatedCredentialRules } from './federated-credentials.ts'
import { groupRules } from './groups.ts'
import { invitationRules } from './invitations.ts'
import { plainRules } from './plain.ts'
import { appManagementPolicyRules, defaultPolicyRules } from './policies.ts'
import { roleEligibilityRequestRules } from './role-eligibility.ts'
import type { Rules } from './rules.ts'
import { servicePrincipalRules } from './service-principals.ts'
import { sitePermissionRules } from './site-permissions.ts'
import { userRules } from './users.ts'

const rulesBySet: ReadonlyMap<string, Rules> = new Map([
  ['applications', applicationRules],
  ['servicePrincipals', servicePrincipalRules],
  ['federatedIdentityCredentials', federatedCredentialRules],
  ['appRoleAssignments', appRoleAssignmentRules],
  ['oauth2PermissionGrants', delegatedGrantRules],
  ['users', userRules],
  ['groups', groupRules],
  ['directoryRoles', directoryRoleRules],
  ['roleDefinitions', roleDefinitionRules],
  ['roleAssignments', roleAssignmentRules],
  ['scopedRoleMemberships', scopedRoleMembershipRules],
  ['roleEligibilityScheduleRequests', roleEligibilityRequestRules],
  ['invitations', invitationRules],
  ['sitePermissions', sitePermissionRules],
  ['appManagementPolicies', appManagementPolicyRules],
  ['defaultAppManagementPolicy', defaultPolicyRules],
])

/** The rules of a set: its own, else what follows from its table. */
export function rulesFor(set: EntitySet): Rules {
  return rulesBySet.get(set.name) ?? plainRules(set)
}
