/** The cheapest read that needs a permission, and the reference page that says so. */
interface DefaultProbe {
  readonly path: string
  readonly reference: string
}

const USERS: DefaultProbe = { path: '/users?$top=1&$select=id', reference: 'List users' }
const GROUPS: DefaultProbe = { path: '/groups?$top=1&$select=id', reference: 'List groups' }
const APPLICATIONS: DefaultProbe = { path: '/applications?$top=1&$select=id', reference: 'List applications' }
const DRIVE: DefaultProbe = { path: '/sites/root/drive?$select=id', reference: 'Get Drive' }
const SITE: DefaultProbe = { path: '/sites/root?$select=id', reference: 'Get a site resource' }
const ORGANIZATION: DefaultProbe = { path: '/organization?$select=id', reference: 'List organizations' }
const DOMAINS: DefaultProbe = { path: '/domains?$select=id', reference: 'List domains' }
const DEVICES: DefaultProbe = { path: '/devices?$top=1&$select=id', reference: 'List devices' }
const POLICY: DefaultProbe = { path: '/policies/authorizationPolicy', reference: 'Get authorizationPolicy' }
const GRANTS: DefaultProbe = {
  path: '/oauth2PermissionGrants?$top=1',
  reference: 'List oauth2PermissionGrants',
}
const ROLES: DefaultProbe = {
  path: '/roleManagement/directory/roleDefinitions?$top=1&$select=id',
  reference: 'List roleDefinitions',
}
const UNITS: DefaultProbe = {
  path: '/directory/administrativeUnits?$top=1&$select=id',
  reference: 'List administrativeUnits',
}
const HEALTH: DefaultProbe = {
  path: '/admin/serviceAnnouncement/healthOverviews?$top=1',
  reference: 'List healthOverviews',
}
const MESSAGES: DefaultProbe = {
  path: '/admin/serviceAnnouncement/messages?$top=1',
  reference: 'List serviceAnnouncement messages',
}
const TEAMS: DefaultProbe = { path: '/teams?$top=1', reference: 'List teams' }
const INTUNE_DEVICES: DefaultProbe = {
  path: '/deviceManagement/managedDevices?$top=1&$select=id',
  reference: 'List managedDevices',
}
const RISKY_USERS: DefaultProbe = {
  path: '/identityProtection/riskyUsers?$top=1',
  reference: 'List riskyUsers',
}
const ALERTS: DefaultProbe = { path: '/security/alerts_v2?$top=1', reference: 'List alerts_v2' }
const ACCESS_REVIEWS: DefaultProbe = {
  path: '/identityGovernance/accessReviews/definitions?$top=1',
  reference: 'List accessReviewScheduleDefinitions',
}
const CATALOGS: DefaultProbe = {
  path: '/identityGovernance/entitlementManagement/catalogs?$top=1',
  reference: 'List catalogs',
}

/**
 * Application permissions of Graph with a read that succeeds by this permission alone, needs no id, and asks for as
 * little as the API allows; each pair is in Microsoft's own map of permissions and paths (microsoft-graph-devx-content,
 * permissions/new/permissions.json, August 2026). Permissions that only reach a person's mail or calendar are not here: there is no call for
 * them without naming somebody, and whom to read is the declaration's choice.
 */
export const DEFAULT_PROBES: Readonly<Record<string, DefaultProbe>> = {
  'AccessReview.Read.All': ACCESS_REVIEWS,
  'AccessReview.ReadWrite.All': ACCESS_REVIEWS,
  'AdministrativeUnit.Read.All': UNITS,
  'AdministrativeUnit.ReadWrite.All': UNITS,
  'Application.Read.All': APPLICATIONS,
  'Application.ReadWrite.All': APPLICATIONS,
  'DelegatedPermissionGrant.ReadWrite.All': GRANTS,
  'Device.Read.All': DEVICES,
  'Device.ReadWrite.All': DEVICES,
  'DeviceManagementManagedDevices.Read.All': INTUNE_DEVICES,
  'DeviceManagementManagedDevices.ReadWrite.All': INTUNE_DEVICES,
  'Directory.Read.All': USERS,
  'Directory.ReadWrite.All': USERS,
  'Domain.Read.All': DOMAINS,
  'Domain.ReadWrite.All': DOMAINS,
  'EntitlementManagement.Read.All': CATALOGS,
  'EntitlementManagement.ReadWrite.All': CATALOGS,
  'Files.Read.All': DRIVE,
  'Files.ReadWrite.All': DRIVE,
  'Group.Read.All': GROUPS,
  'Group.ReadWrite.All': GROUPS,
  'GroupMember.Read.All': GROUPS,
  'IdentityRiskyUser.Read.All': RISKY_USERS,
  'Organization.Read.All': ORGANIZATION,
  'Organization.ReadWrite.All': ORGANIZATION,
  'Policy.Read.All': POLICY,
  'RoleManagement.Read.Directory': ROLES,
  'RoleManagement.ReadWrite.Directory': ROLES,
  'SecurityAlert.Read.All': ALERTS,
  'SecurityAlert.ReadWrite.All': ALERTS,
  'ServiceHealth.Read.All': HEALTH,
  'ServiceMessage.Read.All': MESSAGES,
  'Sites.Read.All': SITE,
  'Sites.ReadWrite.All': SITE,
  'Team.ReadBasic.All': TEAMS,
  'User.Read.All': USERS,
  'User.ReadBasic.All': USERS,
  'User.ReadWrite.All': USERS,
}

/** One probe for each declared Graph permission that has a default; the same read only once. */
export function defaultProbes(roles: readonly string[]): string[] {
  const paths = roles.flatMap((role) =>
    Object.hasOwn(DEFAULT_PROBES, role) ? [DEFAULT_PROBES[role]!.path] : [],
  )
  return [...new Set(paths)].map((path) => `GET ${path}`)
}
