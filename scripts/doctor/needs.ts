import type { AppOutputs } from '../../infra/contract/outputs.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import { consentOf } from '../../infra/registration/permissions.ts'
import { isGuid } from '../../microsoft/guid.ts'

/** What the deployer is about to do. */
export type Purpose = 'up' | 'rotate'

/** One thing that the deployer must be allowed to do. */
export interface Need {
  /** What for, in words that end a sentence beginning "needed for". */
  readonly purpose: string
  /** The application permission on Graph that allows it and least else. */
  readonly least: string
  /** Others that include it. */
  readonly alsoEnough: readonly string[]
  /** Built-in directory roles that allow it to whoever holds them. */
  readonly directoryRoles: readonly string[]
  /** Title of the page that says so. */
  readonly reference: string
  /** Nothing fails without it; a check is skipped. */
  readonly optional: boolean
}

const APPLICATION_ADMINISTRATORS = [
  'Global Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
]

/** They may read, and consent to delegated permissions. */
const ADMINISTRATORS = [...APPLICATION_ADMINISTRATORS, 'Privileged Role Administrator']

/** Consent to Graph's application permissions is kept from application administrators. */
const CONSENTERS = ['Global Administrator', 'Privileged Role Administrator']

/** Whoever may administer applications may read people and groups, too; so may those who only read. */
const READERS = [...ADMINISTRATORS, 'Directory Readers']

/** The directory roles of which it is known here what they allow. */
export const JUDGED_ROLES: readonly string[] = READERS

const MANAGE: Need = {
  purpose:
    'registering applications, their service principals and credentials, what they offer and to whom without consent, and changing those it owns',
  least: 'Application.ReadWrite.OwnedBy',
  alsoEnough: ['Application.ReadWrite.All'],
  directoryRoles: APPLICATION_ADMINISTRATORS,
  reference: 'Create application',
  optional: false,
}

const LOOK_UP: Need = {
  purpose:
    'looking up APIs and service principals that are named in the declaration, and what was consented or assigned to',
  least: 'Application.Read.All',
  alsoEnough: ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryRoles: ADMINISTRATORS,
  reference: 'List servicePrincipals',
  optional: false,
}

const CONSENT_ROLES: Need = {
  purpose:
    'consenting to application permissions (consent: grant); it can grant any permission, so guard it well',
  least: 'AppRoleAssignment.ReadWrite.All',
  alsoEnough: [],
  directoryRoles: CONSENTERS,
  reference: 'Grant an appRoleAssignment for a service principal',
  optional: false,
}

const ASSIGN_ROLES: Need = {
  purpose: 'assigning directory roles (directoryRoles); it can assign any role, so guard it well',
  least: 'RoleManagement.ReadWrite.Directory',
  alsoEnough: [],
  directoryRoles: CONSENTERS,
  reference: 'Create unifiedRoleAssignment',
  optional: false,
}

const MAP_CLAIMS: Need = {
  purpose: 'claims mapping policies and their assignment (claimsMapping)',
  least: 'Policy.ReadWrite.ApplicationConfiguration',
  alsoEnough: [],
  directoryRoles: APPLICATION_ADMINISTRATORS,
  reference: 'Create claimsMappingPolicy',
  optional: false,
}

const GRANT_SITES: Need = {
  purpose: 'granting roles on chosen sites (sites); it reaches every site, so guard it well',
  least: 'Sites.FullControl.All',
  alsoEnough: [],
  directoryRoles: ['Global Administrator'],
  reference: 'Create permission on a site',
  optional: false,
}

/** Application administrators may assign people, but not consent to Graph's permissions. */
const ASSIGN: Need = {
  purpose: 'assigning users and groups to the applications; it can grant any permission, so guard it well',
  least: 'AppRoleAssignment.ReadWrite.All',
  alsoEnough: [],
  directoryRoles: ADMINISTRATORS,
  reference: 'Grant an appRoleAssignment for a service principal',
  optional: false,
}

const FIND_USERS: Need = {
  purpose: 'looking up owners and assigned users by user principal name; object ids need no look-up',
  least: 'User.Read.All',
  alsoEnough: ['User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryRoles: READERS,
  reference: 'Get user',
  optional: false,
}

const FIND_GROUPS: Need = {
  purpose: 'looking up assigned groups by display name; object ids need no look-up',
  least: 'GroupMember.Read.All',
  alsoEnough: ['Group.Read.All', 'Group.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  directoryRoles: READERS,
  reference: 'List groups',
  optional: false,
}

const ADD_OWNERS: Need = {
  purpose:
    'making others owners of an application that is registered already; a new one is registered with them',
  least: 'Directory.Read.All',
  alsoEnough: ['Directory.ReadWrite.All'],
  directoryRoles: APPLICATION_ADMINISTRATORS,
  reference: 'Add owner',
  optional: false,
}

const CONSENT_SCOPES: Need = {
  purpose: 'consenting to delegated permissions (consent: grant)',
  least: 'DelegatedPermissionGrant.ReadWrite.All',
  alsoEnough: ['Directory.ReadWrite.All'],
  directoryRoles: ADMINISTRATORS,
  reference: 'Create oAuth2PermissionGrant',
  optional: false,
}

const READ_POLICY: Need = {
  purpose: "reading the tenant's rules about secrets before they refuse one",
  least: 'Policy.Read.All',
  alsoEnough: [],
  directoryRoles: [],
  reference: 'Get tenantAppManagementPolicy',
  optional: true,
}

const LAST_USE: Need = {
  purpose: 'seeing whether a secret is still in use before it is retired',
  least: 'AuditLog.Read.All',
  alsoEnough: [],
  directoryRoles: [],
  reference: 'List appCredentialSignInActivities',
  optional: true,
}

/** An application as declared, and what is known of its last deployment. */
export interface Planned {
  readonly app: AppDeclaration
  /** Every name in the stack: those are looked up nowhere. */
  readonly stackApps: readonly string[]
  /** Left out before its first deployment. */
  readonly deployed?: DeployedFacts
}

/** What the rights of a deployer depend on, of the last deployment. */
type DeployedFacts = Partial<
  Pick<AppOutputs, 'owners' | 'directoryRoles' | 'sites' | 'claimsMappingPolicyId'>
>

/**
 * The declared applications with what the last deployment recorded of each.
 *
 * @param deployed outputs of the stack, by application
 */
export function planned(
  apps: Readonly<Record<string, AppDeclaration>>,
  deployed: Readonly<Record<string, DeployedFacts>> = {},
): Planned[] {
  const stackApps = Object.keys(apps)
  return Object.entries(apps).map(([name, app]) => {
    const before = [name, ...app.formerly.toReversed()].flatMap((each) => deployed[each] ?? [])[0]
    return { app, stackApps, ...(before && { deployed: before }) }
  })
}

/**
 * What a stack's declaration asks of its deployer, the least for each operation. Pure.
 *
 * @param identities what identities without a registration are granted, said as applications; default: none
 */
export function needsOf(
  registered: readonly Planned[],
  purpose: Purpose,
  identities: readonly Planned[] = [],
): Need[] {
  const optional = [READ_POLICY, LAST_USE]
  if (purpose === 'rotate') return [MANAGE, ...optional]
  const apps = [...registered, ...identities]
  const permissions = apps.flatMap(({ app }) => Object.values(app.permissions))
  const granted = apps.flatMap(({ app }) => Object.values(consentOf(app)))
  const consents = granted.some(({ application }) => application.length > 0)
  const assignments = apps.flatMap(({ app }) => app.assignments)
  const owners = apps.flatMap(ownersByName)
  const users = [...owners.filter(isUser), ...assignments.flatMap(({ user }) => user ?? [])]
  const groups = assignments.flatMap(({ group }) => group ?? [])
  const trusted = apps.flatMap(({ app }) =>
    Object.values(app.federatedCredentials).flatMap(({ managedIdentity }) => managedIdentity?.name ?? []),
  )
  const principals = [...owners.filter((owner) => !isUser(owner)), ...trusted]
  const namesOthers = identities.length > 0 || apps.some(({ app }) => app.template !== undefined)
  const wanted: readonly [boolean, Need][] = [
    [registered.length > 0, MANAGE],
    [namesOthers || permissions.length + principals.length + assignments.length > 0, LOOK_UP],
    [consents, CONSENT_ROLES],
    [apps.some(({ app, deployed }) => hasRoles(app.directoryRoles, deployed)), ASSIGN_ROLES],
    [apps.some(({ app, deployed }) => hasSites(app.sites, deployed)), GRANT_SITES],
    [apps.some(mapsClaims), MAP_CLAIMS],
    [assignments.length > 0 && !consents, ASSIGN],
    [granted.some(({ delegated }) => delegated.length > 0), CONSENT_SCOPES],
    [users.some(isName), FIND_USERS],
    [groups.some(isName), FIND_GROUPS],
    [apps.some(addsOwners), ADD_OWNERS],
  ]
  return [...wanted.flatMap(([isWanted, need]) => (isWanted ? [need] : [])), ...optional]
}

/** Whether there is a claims mapping policy, or was one, to be removed. */
function mapsClaims({ app, deployed }: Planned): boolean {
  return Boolean(app.servicePrincipal.singleSignOn.claimsMapping ?? deployed?.claimsMappingPolicyId)
}

/** The same of roles on sites. */
function hasSites(declared: object, deployed: DeployedFacts | undefined) {
  return Object.keys({ ...declared, ...deployed?.sites }).length > 0
}

/** Whether directory roles are assigned, or were, and are to be removed. */
function hasRoles(declared: readonly string[], deployed: Pick<AppOutputs, 'directoryRoles'> | undefined) {
  return declared.length + Object.keys(deployed?.directoryRoles ?? {}).length > 0
}

function ownersByName({ app, stackApps }: Planned): string[] {
  const owners = [...app.owners, ...(app.servicePrincipal.owners ?? [])]
  return owners.filter((owner) => isName(owner) && !stackApps.includes(owner))
}

/** Whether an owner is declared that the last deployment did not make one. */
function addsOwners({ app, deployed }: Planned): boolean {
  return deployed !== undefined && app.owners.some((owner) => deployed.owners?.[owner] === undefined)
}

/** User principal names have an "@"; service principals are named by what is shown. */
function isUser(owner: string): boolean {
  return owner.includes('@')
}

function isName(reference: string): boolean {
  return !isGuid(reference)
}
