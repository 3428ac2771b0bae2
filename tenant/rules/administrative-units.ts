import { type Directory, findDirectoryObject, type Located } from '../directory/directory.ts'
import { badRequest, notFound } from '../errors/graph-error.ts'
import { assignmentId } from '../lib/ids.ts'
import { scopedRoleMemberships } from '../model/administrative-units.ts'
import type { Draft } from '../model/body.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { isObject } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Add scopedRoleMember. */
export const scopedRoleMembershipRules: Rules = {
  ...plainRules(scopedRoleMemberships),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const { roleId, roleMemberInfo } = draft.data
    const role = directory.store.get('directoryRoles', String(roleId))
    if (role === undefined) throw notFound(String(roleId))
    const { set, entity } = requireMember(directory, isObject(roleMemberInfo) ? roleMemberInfo['id'] : null)
    const { displayName = null, userPrincipalName = null } = entity.data
    const isThere = directory.store
      .find(scopedRoleMemberships.name, 'administrativeUnitId', String(draft.data['administrativeUnitId']))
      .some(({ data }) => data['roleId'] === role.id && memberId(data['roleMemberInfo']) === entity.id)
    if (isThere)
      throw badRequest(
        'A conflicting object with one or more of the specified property values is present in the directory.',
      )
    const name = set.name === 'users' ? { userPrincipalName } : {}
    return {
      id: assignmentId(entity.id),
      data: { ...draft.data, roleId: role.id, roleMemberInfo: { id: entity.id, displayName, ...name } },
    }
  },
}

const memberId = (info: unknown): unknown => (isObject(info) ? info['id'] : undefined)

function requireMember(directory: Directory, id: unknown): Located {
  const located = findDirectoryObject(directory, String(id))
  if (located === undefined) throw notFound(String(id))
  return located
}
