import { findDirectoryRole } from '../../../microsoft/built-in-roles.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, unreadable } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** What is known of an application's directory roles. */
export interface RoleFacts {
  readonly servicePrincipalId: string
  /** Ids by name; left out when there are none. */
  readonly directoryRoles?: Readonly<Record<string, string>> | undefined
}

/** Directory roles that are assigned to a principal itself, groups left aside. */
export function roleAssignmentsOf(principalId: string): string {
  return `/roleManagement/directory/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${principalId}'`)}`
}

/**
 * Compares the directory roles of applications with what is declared, in both directions.
 *
 * @param all also of those that declare none, which one more right is needed for
 */
export async function surveyRoles(
  apps: readonly RoleFacts[],
  reader: Pick<DirectoryReader, 'lists'>,
  all: boolean,
): Promise<Check[][]> {
  const asked = apps.filter(({ directoryRoles }) => all || directoryRoles)
  const found = await reader.lists(
    asked.map(({ servicePrincipalId }) => roleAssignmentsOf(servicePrincipalId)),
  )
  return apps.map((app) => {
    const at = asked.indexOf(app)
    return at < 0 ? [] : judgeRoles(app.directoryRoles ?? {}, found[at]!)
  })
}

/** Pure. Where none is declared, it says something only about one that is assigned. */
export function judgeRoles(
  declared: Readonly<Record<string, string>>,
  found: Read<readonly Entity[]>,
): Check[] {
  const name = 'directory roles'
  const wanted = Object.entries(declared)
  if (!found.ok) return wanted.length === 0 ? [] : [unreadable(name, found.failure, 'them')]
  const isWanted = ({ roleDefinitionId, directoryScopeId }: Entity) =>
    directoryScopeId === '/' && Object.values(declared).includes(String(roleDefinitionId))
  const held = new Set(found.value.filter(isWanted).map(({ roleDefinitionId }) => roleDefinitionId))
  const differences = [
    ...wanted
      .filter(([, id]) => !held.has(id))
      .map(([role]) =>
        failed(`directory role ${role}`, contractFailure('DIRECTORY_ROLE_MISSING', 'declared, not assigned')),
      ),
    ...found.value
      .filter((each) => !isWanted(each))
      .map(({ roleDefinitionId, directoryScopeId, appScopeId }) => {
        const role = findDirectoryRole(String(roleDefinitionId))?.name
        const scope = String(directoryScopeId ?? appScopeId)
        const over = scope === '/' ? '' : ` over ${scope}`
        return failed(
          `directory role ${role}`,
          contractFailure('DIRECTORY_ROLE_UNDECLARED', `assigned${over}, not declared`),
        )
      }),
  ]
  if (differences.length > 0) return differences
  if (wanted.length === 0) return []
  return [
    passed(
      name,
      `exactly ${wanted
        .map(([role]) => role)
        .sort()
        .join(', ')}`,
    ),
  ]
}
