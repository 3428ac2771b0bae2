import { anyOf, entityRows, type Requirement, type RouteRow } from '../../request/route.ts'
import { membershipRows } from './people.ts'

const readDirectory = anyOf('Directory.Read.All', 'Directory.ReadWrite.All')

const readOrganization = anyOf(
  'Organization.Read.All',
  'Organization.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
  'User.Read.All',
)

const readDomains = anyOf('Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All')

const readDevices = anyOf(
  'Device.Read.All',
  'Device.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const readRoles = anyOf(
  'RoleManagement.Read.Directory',
  'RoleManagement.ReadWrite.Directory',
  'RoleManagement.Read.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

const readUnits = anyOf(
  'AdministrativeUnit.Read.All',
  'AdministrativeUnit.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** What belongs to the tenant as a whole. */
export const directoryRows: readonly RouteRow[] = [
  ['GET', '/directoryObjects/{id}', 'get', readDirectory, 'Get directoryObject'],
  ['POST', '/directoryObjects/getByIds', 'getByIds', readDirectory, 'directoryObject: getByIds'],
  ...membershipRows('/directoryObjects/{id}', readDirectory).filter(([method]) => method === 'POST'),
  ['GET', '/organization', 'list', readOrganization, 'List organizations'],
  ['GET', '/organization/{id}', 'get', readOrganization, 'Get organization'],
  ['GET', '/domains', 'list', readDomains, 'List domains'],
  ['GET', '/domains/{id}', 'get', readDomains, 'Get domain'],
  ['GET', '/devices', 'list', readDevices, 'List devices'],
]

const writeRoles = anyOf('RoleManagement.ReadWrite.Directory')

const writeUnits = anyOf('AdministrativeUnit.ReadWrite.All', 'Directory.ReadWrite.All')

const ROLE_MANAGEMENT = '/roleManagement/directory'

/** Directory roles, who holds them, and over what. */
export const roleRows: readonly RouteRow[] = [
  ...entityRows({
    address: '/directoryRoleTemplates',
    read: readRoles,
    write: [],
    resource: 'directoryRoleTemplate',
    operations: ['list', 'get'],
  }),
  ...entityRows({
    address: '/directoryRoles',
    read: readRoles,
    write: writeRoles,
    resource: 'directoryRole',
    operations: ['list', 'create', 'get'],
  }),
  ['GET', '/directoryRoles/{id}/members', 'list', readRoles, 'List members of a directory role'],
  ['POST', '/directoryRoles/{id}/members/$ref', 'addReference', writeRoles, 'Add directory role member'],
  ['GET', '/directoryRoles/{id}/members/{memberId}', 'get', readRoles, 'List members of a directory role'],
  [
    'DELETE',
    '/directoryRoles/{id}/members/{memberId}/$ref',
    'removeReference',
    writeRoles,
    'Remove directory role member',
  ],
  ...entityRows({
    address: `${ROLE_MANAGEMENT}/roleDefinitions`,
    read: readRoles,
    write: writeRoles,
    resource: 'unifiedRoleDefinition',
    plural: 'roleDefinitions',
  }),
  ...entityRows({
    address: `${ROLE_MANAGEMENT}/roleAssignments`,
    read: readRoles,
    write: writeRoles,
    resource: 'unifiedRoleAssignment',
    operations: ['list', 'create', 'get', 'delete'],
  }),
  ...entityRows({
    address: `${ROLE_MANAGEMENT}/roleEligibilityScheduleRequests`,
    read: readRoles,
    write: writeRoles,
    resource: 'roleEligibilityScheduleRequest',
    operations: ['list', 'create', 'get'],
  }),
  ...entityRows({
    address: `${ROLE_MANAGEMENT}/roleEligibilitySchedules`,
    read: readRoles,
    write: writeRoles,
    resource: 'roleEligibilitySchedule',
    operations: ['list', 'get'],
  }),
  ...entityRows({
    address: '/directory/administrativeUnits',
    read: readUnits,
    write: writeUnits,
    resource: 'administrativeUnit',
    operations: ['list', 'count', 'create', 'get', 'update', 'delete'],
  }),
  ['GET', '/directory/administrativeUnits/{id}/members', 'list', readUnits, 'List members'],
  ['GET', '/directory/administrativeUnits/{id}/members/{memberId}', 'get', readUnits, 'Get members'],
  ['POST', '/directory/administrativeUnits/{id}/members', 'createMember', writeUnits, 'Add a member'],
  ['POST', '/directory/administrativeUnits/{id}/members/$ref', 'addReference', writeUnits, 'Add a member'],
  [
    'DELETE',
    '/directory/administrativeUnits/{id}/members/{memberId}/$ref',
    'removeReference',
    writeUnits,
    'Remove a member',
  ],
  ...entityRows({
    address: '/directory/administrativeUnits/{id}/scopedRoleMembers',
    key: 'membershipId',
    read: readRoles,
    write: writeRoles,
    resource: 'scopedRoleMember',
    operations: ['list', 'create', 'get', 'delete'],
  }),
]

/** Kinds of deleted objects, with who may read, restore and purge them. */
const DELETED_KINDS: readonly (readonly [type: string, read: readonly Requirement[]])[] = [
  ['application', anyOf('Application.Read.All', 'Application.ReadWrite.All')],
  ['servicePrincipal', anyOf('Application.Read.All', 'Application.ReadWrite.All')],
  ['group', anyOf('Group.Read.All', 'Group.ReadWrite.All')],
  ['user', anyOf('User.Read.All', 'User.ReadWrite.All')],
]

const readDeleted = [...readDirectory, ...DELETED_KINDS.flatMap(([, read]) => read)]

const writeDeleted = anyOf(
  'Application.ReadWrite.All',
  'Group.ReadWrite.All',
  'User.DeleteRestore.All',
  'User.ReadWrite.All',
)

/** Deleted objects, for 30 days. */
export const deletedItemRows: readonly RouteRow[] = [
  ...DELETED_KINDS.map(
    ([type, read]): RouteRow => [
      'GET',
      `/directory/deletedItems/microsoft.graph.${type}`,
      'list',
      [...read, ...readDirectory],
      'List deletedItems',
    ],
  ),
  ['GET', '/directory/deletedItems/{id}', 'get', readDeleted, 'Get deleted item'],
  [
    'POST',
    '/directory/deletedItems/{id}/restore',
    'restore',
    writeDeleted,
    'Restore deleted directory object item',
  ],
  ['DELETE', '/directory/deletedItems/{id}', 'purge', writeDeleted, 'Permanently delete an item'],
]

const readReviews = anyOf('AccessReview.Read.All', 'AccessReview.ReadWrite.All')

const readCatalogs = anyOf('EntitlementManagement.Read.All', 'EntitlementManagement.ReadWrite.All')

const readRisk = anyOf('IdentityRiskyUser.Read.All', 'IdentityRiskyUser.ReadWrite.All')

const readAlerts = anyOf('SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All')

const readManagedDevices = anyOf(
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
)

const readTeams = anyOf(
  'Team.ReadBasic.All',
  'TeamSettings.Read.All',
  'TeamSettings.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
)

/** Workloads that a tenant has besides its directory. Here nobody uses them, so their lists are empty. */
export const workloadRows: readonly RouteRow[] = [
  ['GET', '/teams', 'list', readTeams, 'List teams'],
  ['GET', '/deviceManagement/managedDevices', 'list', readManagedDevices, 'List managedDevices'],
  ['GET', '/identityProtection/riskyUsers', 'list', readRisk, 'List riskyUsers'],
  ['GET', '/security/alerts_v2', 'list', readAlerts, 'List alerts_v2'],
  [
    'GET',
    '/identityGovernance/accessReviews/definitions',
    'list',
    readReviews,
    'List accessReviewScheduleDefinitions',
  ],
  ['GET', '/identityGovernance/entitlementManagement/catalogs', 'list', readCatalogs, 'List catalogs'],
  [
    'GET',
    '/admin/serviceAnnouncement/healthOverviews',
    'list',
    anyOf('ServiceHealth.Read.All'),
    'List healthOverviews',
  ],
  [
    'GET',
    '/admin/serviceAnnouncement/messages',
    'list',
    anyOf('ServiceMessage.Read.All'),
    'List serviceAnnouncement messages',
  ],
]
