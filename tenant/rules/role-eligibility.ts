import { randomUUID } from 'node:crypto'
import { type Directory, findDirectoryObject } from '../directory/directory.ts'
import { badRequest, GraphError } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import type { Draft } from '../model/body.ts'
import { defaultsOf } from '../model/property.ts'
import { roleEligibilityScheduleRequests, roleEligibilitySchedules } from '../model/role-eligibility.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Data, Entity } from '../store/entity.ts'
import { plainRules } from './plain.ts'
import type { Made, Rules } from './rules.ts'

/** Microsoft Graph: Create roleEligibilityScheduleRequest. It is carried out at once: a schedule of the same id comes or goes. */
export const roleEligibilityRequestRules: Rules = {
  ...plainRules(roleEligibilityScheduleRequests),
  create(draft: Draft, { directory }: GraphRequest): Made {
    const principal = findDirectoryObject(directory, String(draft.data['principalId']))
    if (principal === undefined) throw new GraphError(404, 'SubjectNotFound', 'The subject is not found.')
    if (directory.store.get('roleDefinitions', String(draft.data['roleDefinitionId'])) === undefined) {
      throw new GraphError(404, 'RoleNotFound', 'The role is not found.')
    }
    const existing = scheduleFor(directory, principal.entity.id, draft.data)
    const createdDateTime = isoSecond(directory.now())
    const data = { ...draft.data, principalId: principal.entity.id, createdDateTime }
    if (draft.data['action'] === 'adminRemove') {
      if (existing === undefined) {
        throw badRequest('The role assignment does not exist.', [
          { code: 'RoleAssignmentDoesNotExist', message: 'There is no such eligibility.' },
        ])
      }
      directory.store.remove(roleEligibilitySchedules.name, existing.id)
      return { id: randomUUID(), data: { ...data, status: 'Revoked', targetScheduleId: existing.id } }
    }
    if (existing !== undefined)
      throw new GraphError(400, 'RoleAssignmentExists', 'The role assignment already exists.')
    const id = randomUUID()
    const shared = Object.entries(data).filter(([name]) => name in roleEligibilitySchedules.properties)
    directory.store.insert(roleEligibilitySchedules.name, id, {
      ...defaultsOf(roleEligibilitySchedules.properties),
      ...Object.fromEntries(shared),
      id,
    })
    return { id, data: { ...data, targetScheduleId: id } }
  },
}

function scheduleFor(directory: Directory, principalId: string, wanted: Data): Entity | undefined {
  return directory.store
    .find(roleEligibilitySchedules.name, 'principalId', principalId)
    .find(
      ({ data }) =>
        String(data['roleDefinitionId']).toLowerCase() === String(wanted['roleDefinitionId']).toLowerCase() &&
        data['directoryScopeId'] === wanted['directoryScopeId'],
    )
}
