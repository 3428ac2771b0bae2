import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { DEFAULT_ACCESS } from '../../microsoft/default-access.ts'
import type { AssignmentOutputs } from '../contract/outputs.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { nameWithAliases } from './aliases.ts'
import { given } from './application-plan.ts'
import type { RegistrationContext } from './context.ts'
import { formerAssignment } from './former-names.ts'
import { resourceName } from './names.ts'

/**
 * Assigns users and groups to the application.
 *
 * @param servicePrincipalId known once the app roles are in place
 * @returns who is assigned as what, for reports
 */
export function assign(
  { name, app, ids, principals, former: facts, parent }: RegistrationContext,
  servicePrincipalId: pulumi.Output<string>,
): pulumi.Output<AssignmentOutputs>[] {
  return app.assignments.map((declared) => {
    const { user, group, role } = declared
    const kind = user === undefined ? 'group' : 'user'
    const principal = user ?? group ?? ''
    const principalId = pulumi.output(principals[kind](principal))
    const roleId = role === undefined ? DEFAULT_ACCESS : (ids.appRoles[role] ?? '')
    const former = principalId.apply((id): Named => {
      const found = formerAssignment(app, { principalId: id, roleId }, facts)
      return found ? { [found.kind]: found.principal, role: found.role } : declared
    })
    const [assignment, aliases] = nameWithAliases<Named>(declared, facts ? [former] : [], (each) =>
      resourceName.assignment(name, each),
    )
    new azuread.AppRoleAssignment(
      assignment,
      { appRoleId: roleId, principalObjectId: principalId, resourceObjectId: servicePrincipalId },
      { parent, ...aliases },
    )
    return pulumi.output({ kind, principal, principalId, ...given('role', role), roleId })
  })
}

type Named = Partial<AppDeclaration['assignments'][number]>
