import * as azuread from '@pulumi/azuread'
import type * as pulumi from '@pulumi/pulumi'
import { findDirectoryRole, type NamedDirectoryRole } from '../../microsoft/built-in-roles.ts'
import { nameWithAliases } from './aliases.ts'
import { resourceName } from './names.ts'

/** Whom directory roles are assigned to, and what is known of the last deployment. */
export interface RoleHolder {
  /** Name in the declaration. */
  readonly name: string
  readonly app: { readonly directoryRoles: readonly string[] }
  /** Ids that roles had the last time, by their names. */
  readonly former?: { readonly directoryRoles?: Readonly<Record<string, string>> | undefined } | undefined
  readonly parent: pulumi.Resource
}

/** Each declared role by its one name. The rules have refused names that no role has. */
export function namedRoles(directoryRoles: readonly string[]): NamedDirectoryRole[] {
  return directoryRoles.map((role) => findDirectoryRole(role) ?? { name: role, id: role })
}

/** Ids of the declared roles by name, for outputs. */
export function roleIdsByName(directoryRoles: readonly string[]): Record<string, string> {
  return Object.fromEntries(namedRoles(directoryRoles).map(({ name, id }) => [name, id]))
}

/**
 * Assigns directory roles over the whole directory. A role that Microsoft has renamed keeps its assignment: Entra refuses
 * a second one.
 *
 * @param servicePrincipalId object id
 */
export function assignDirectoryRoles(
  { name, app, former, parent }: RoleHolder,
  servicePrincipalId: pulumi.Input<string>,
): void {
  for (const { name: role, id } of namedRoles(app.directoryRoles)) {
    const renamed = Object.entries(former?.directoryRoles ?? {}).filter(
      ([known, knownId]) => knownId === id && known !== role,
    )
    const [assignment, aliases] = nameWithAliases(
      role,
      renamed.map(([known]) => known),
      (each) => resourceName.directoryRole(name, each),
    )
    new azuread.DirectoryRoleAssignment(
      assignment,
      { roleId: id, principalObjectId: servicePrincipalId },
      { parent, ...aliases },
    )
  }
}
