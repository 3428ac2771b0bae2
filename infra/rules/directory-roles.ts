import { suggest } from '../../lib/nearest.ts'
import {
  BUILT_IN_ROLES,
  ESCALATING_DIRECTORY_ROLES,
  findDirectoryRole,
} from '../../microsoft/built-in-roles.ts'
import { type Rule, repeated } from './rule.ts'

const ROLES = 'Microsoft Entra built-in roles'

/** Rules about the directory roles that are assigned to the application. */
export const directoryRoleRules: readonly Rule[] = [
  {
    code: 'EA614',
    name: 'directory-role-known',
    severity: 'error',
    summary: 'A directory role is named as a built-in one, or given by its id.',
    fix: 'write the display name of a built-in role, or the id of any role',
    source: ROLES,
    check: ({ directoryRoles }) =>
      directoryRoles.flatMap((role, i) =>
        findDirectoryRole(role)
          ? []
          : [
              {
                path: ['directoryRoles', i],
                message: `"${role}" is not a built-in directory role`,
                fix: suggest(
                  role,
                  Object.keys(BUILT_IN_ROLES),
                  'write the display name as in the portal; a custom role, or a newer one, by its id',
                ),
                found: role,
              },
            ],
      ),
  },
  {
    code: 'EA615',
    name: 'directory-role-twice',
    severity: 'error',
    summary: 'A directory role is listed once.',
    fix: 'keep one of the two',
    source: 'unifiedRoleAssignment resource type',
    check: ({ directoryRoles }) =>
      repeated(
        directoryRoles.map((role, i) => ({ role, i })),
        ({ role }) => findDirectoryRole(role)?.id ?? role,
      ).map(([{ role, i }, first]) => ({
        path: ['directoryRoles', i],
        message:
          role === first.role
            ? `"${role}" is listed twice`
            : `"${role}" and "${first.role}" are the same directory role`,
        found: role,
      })),
  },
  {
    code: 'EA616',
    name: 'directory-role-escalates',
    severity: 'warning',
    summary: 'No directory role lets the application become Global Administrator.',
    fix: 'assign a narrower one, or suppress this with the reason',
    source: 'Privileged roles and permissions in Microsoft Entra ID',
    check: ({ directoryRoles }) =>
      directoryRoles.flatMap((role, i) => {
        const name = findDirectoryRole(role)?.name ?? ''
        if (!Object.hasOwn(ESCALATING_DIRECTORY_ROLES, name)) return []
        const message = `as ${name}, ${ESCALATING_DIRECTORY_ROLES[name]}`
        return [{ path: ['directoryRoles', i], message, found: role }]
      }),
  },
]
