import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import type { AssignmentOutputs } from '../outputs.ts'
import { given } from './application-plan.ts'
import type { OfferedIds } from './derived-ids.ts'
import { resourceName } from './names.ts'
import type { PrincipalDirectory } from './principals.ts'

/** The role of those that are assigned without one ("appRoleAssignment resource type"). */
const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

/**
 * Assigns users and groups to the application.
 *
 * @param servicePrincipalId known once the app roles are in place
 * @returns who is assigned as what, for reports
 */
export function assign(
  name: string,
  { assignments }: AppDeclaration,
  ids: OfferedIds,
  servicePrincipalId: pulumi.Output<string>,
  principals: PrincipalDirectory,
  parent: pulumi.Resource,
): pulumi.Output<AssignmentOutputs>[] {
  return assignments.map((assignment) => {
    const { user, group, role } = assignment
    const principal = user ?? group ?? ''
    const principalId = user === undefined ? principals.group(principal) : principals.user(principal)
    const roleId = role === undefined ? DEFAULT_ACCESS : (ids.appRoles[role] ?? '')
    new azuread.AppRoleAssignment(
      resourceName.assignment(name, assignment),
      {
        appRoleId: roleId,
        principalObjectId: pulumi.output(principalId),
        resourceObjectId: servicePrincipalId,
      },
      { parent },
    )
    return pulumi.output({ principal, principalId, ...given('role', role), roleId })
  })
}
