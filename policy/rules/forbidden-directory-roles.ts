import { ESCALATING_DIRECTORY_ROLES, findDirectoryRole } from '../../microsoft/built-in-roles.ts'
import { type Policy, texts, violation } from '../policy.ts'

const ROLE_ASSIGNMENT = 'azuread:index/directoryRoleAssignment:DirectoryRoleAssignment'

/** By default those with which an application can make itself Global Administrator. */
export const forbiddenDirectoryRoles: Policy = {
  name: 'forbidden-directory-roles',
  description: 'No application is assigned a forbidden directory role.',
  enforcementLevel: 'mandatory',
  options: {
    forbidden: {
      type: 'array',
      items: { type: 'string' },
      default: Object.keys(ESCALATING_DIRECTORY_ROLES),
      description: 'Directory roles by the display name of a built-in one, or by id',
    },
  },
  judge: (resource, { options }) => {
    if (resource.type !== ROLE_ASSIGNMENT) return []
    const roles = texts(options['forbidden']).map((role) => ({ role, found: findDirectoryRole(role) }))
    return roles.flatMap(({ role, found }) => {
      if (!found) {
        const what = `names "${role}", which is not a built-in directory role`
        return [violation('The setting "forbidden" of this policy', what, 'correct the name, or give the id')]
      }
      if (found.id !== resource.inputs['roleId']) return []
      const what = `gives the directory role ${found.name}, which the organisation forbids`
      return [violation(`The assignment ${resource.name}`, what, 'remove it')]
    })
  },
}
