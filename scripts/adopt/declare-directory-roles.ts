import { resourceName } from '../../infra/registration/names.ts'
import { findDirectoryRole } from '../../microsoft/built-in-roles.ts'
import { text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, withoutEmpty } from './adoptable.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration } from './registration.ts'

/** Directory roles over the whole directory; what is assigned over less is left alone. */
export function declareDirectoryRoles(name: string, found: ExistingRegistration): Adoptable {
  const all = found.roleAssignments ?? []
  const whole = all.filter(({ directoryScopeId }) => directoryScopeId === '/')
  return {
    declaration: withoutEmpty({ directoryRoles: whole.map(roleName).sort() }),
    objects: whole.map((each) => ({
      type: IMPORTED_TYPES.directoryRole,
      name: resourceName.directoryRole(name, roleName(each)),
      id: importId.directoryRole(text(each, 'id')),
    })),
    leftAlone: all
      .filter((each) => !whole.includes(each))
      .map((each) => {
        const scope = text(each, 'directoryScopeId') || text(each, 'appScopeId')
        return `the directory role ${roleName(each)} over ${scope}: declarations assign roles over the whole directory`
      }),
  }
}

function roleName(assignment: Entity): string {
  const id = text(assignment, 'roleDefinitionId')
  return findDirectoryRole(id)?.name ?? id
}
