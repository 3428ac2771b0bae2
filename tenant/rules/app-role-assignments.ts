import { type Directory, findDirectoryObject, type Located } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { badRequest, invalidValue } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { assignmentId, EMPTY_GUID } from '../lib/ids.ts'
import type { Draft } from '../model/body.ts'
import { appRoleAssignments } from '../model/grants.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import { type Data, type Entity, objects, strings } from '../store/entity.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Grant an appRoleAssignment for a service principal. */
export const appRoleAssignmentRules: Rules = {
  create(draft: Draft, { directory }: GraphRequest): Made {
    const principal = requireParty(directory, draft.data, 'principalId', [
      'servicePrincipals',
      'users',
      'groups',
    ])
    const resource = requireParty(directory, draft.data, 'resourceId', ['servicePrincipals'])
    const appRoleId = String(draft.data['appRoleId'])
    requireRole(directory, principal, resource, appRoleId)
    refuseSecond(directory, principal, resource, appRoleId)
    return {
      id: assignmentId(principal.entity.id),
      data: {
        ...draft.data,
        principalId: principal.entity.id,
        resourceId: resource.entity.id,
        createdDateTime: isoSecond(directory.now()),
      },
    }
  },

  update(_current: Entity, draft: Draft): Data {
    return draft.data
  },

  remove(entity: Entity, { directory }: GraphRequest): void {
    directory.store.remove(appRoleAssignments.name, entity.id)
  },
}

function requireParty(directory: Directory, data: Data, property: string, sets: readonly string[]): Located {
  const id = String(data[property])
  const located = findDirectoryObject(directory, id)
  if (located !== undefined && sets.includes(located.set.name)) return located
  throw invalidValue(appRoleAssignments.resourceName, property, `'${id}' is none of: ${sets.join(', ')}.`)
}

/** The all-zero role stands for access without any role in particular, and every resource has it. */
function requireRole(directory: Directory, principal: Located, resource: Located, appRoleId: string): void {
  if (appRoleId === EMPTY_GUID) return
  const resourceView = viewOf(directory, resource.set, resource.entity)
  const role = objects(resourceView['appRoles']).find(
    (each) => String(each['id']).toLowerCase() === appRoleId.toLowerCase(),
  )
  const memberType = principal.set.name === 'servicePrincipals' ? 'Application' : 'User'
  if (role !== undefined && strings(role['allowedMemberTypes']).includes(memberType)) return
  throw badRequest(
    `Permission being assigned was not found on application '${String(resource.entity.data['appId'])}'.`,
  )
}

function refuseSecond(directory: Directory, principal: Located, resource: Located, appRoleId: string): void {
  const exists = directory.store
    .find(appRoleAssignments.name, 'principalId', principal.entity.id)
    .some(
      ({ data }) =>
        data['resourceId'] === resource.entity.id &&
        String(data['appRoleId']).toLowerCase() === appRoleId.toLowerCase(),
    )
  if (exists) throw badRequest('Permission being assigned already exists on the object')
}
