import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import type { OfferedIds } from './derived-ids.ts'
import { slug } from './names.ts'
import type { PrincipalDirectory } from './principals.ts'

/** The role of those that are assigned without one ("appRoleAssignment resource type"). */
const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

/**
 * Assigns users and groups to the application.
 *
 * @param servicePrincipalId known once the app roles are in place
 */
export function assign(
  name: string,
  { assignments }: AppDeclaration,
  ids: OfferedIds,
  servicePrincipalId: pulumi.Output<string>,
  principals: PrincipalDirectory,
  parent: pulumi.Resource,
): void {
  for (const { user, group, role } of assignments) {
    const principal = user === undefined ? principals.group(group ?? '') : principals.user(user)
    new azuread.AppRoleAssignment(
      `${name}-${user === undefined ? 'group' : 'user'}-${slug(user ?? group ?? '')}-${role ?? 'access'}`,
      {
        appRoleId: role === undefined ? DEFAULT_ACCESS : (ids.appRoles[role] ?? ''),
        principalObjectId: pulumi.output(principal),
        resourceObjectId: servicePrincipalId,
      },
      { parent },
    )
  }
}
