import type { EntitySet } from './entity-set.ts'
import { plainSet } from './plain-set.ts'
import { complex, guid, moment, type PropertyTable, text } from './property.ts'

/** Who could hold which directory role, over what, and when. */
const eligibility: PropertyTable = {
  principalId: guid({ nullable: false, required: true }),
  roleDefinitionId: guid({ nullable: false, required: true }),
  directoryScopeId: text({ nullable: false, required: true }),
  appScopeId: text(),
  createdDateTime: moment({ access: 'read' }),
  status: text({ access: 'read', default: 'Provisioned' }),
  scheduleInfo: complex({
    startDateTime: moment(),
    expiration: complex({ type: text(), endDateTime: moment(), duration: text() }),
  }),
}

/** Microsoft Graph v1.0: unifiedRoleEligibilityScheduleRequest resource type. */
export const roleEligibilityScheduleRequests: EntitySet = plainSet(
  'roleEligibilityScheduleRequests',
  'unifiedRoleEligibilityScheduleRequest',
  {
    ...eligibility,
    action: text({ nullable: false, required: true, values: ['adminAssign', 'adminRemove'] }),
    justification: text(),
    targetScheduleId: text({ access: 'read' }),
  },
  { address: 'roleManagement/directory/roleEligibilityScheduleRequests', indexes: ['principalId'] },
)

/** Microsoft Graph v1.0: unifiedRoleEligibilitySchedule resource type. */
export const roleEligibilitySchedules: EntitySet = plainSet(
  'roleEligibilitySchedules',
  'unifiedRoleEligibilitySchedule',
  eligibility,
  { address: 'roleManagement/directory/roleEligibilitySchedules', indexes: ['principalId'] },
)
