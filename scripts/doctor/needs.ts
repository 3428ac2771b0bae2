import type { AppDeclaration } from '../../infra/declaration.ts'

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
  /** Directory roles that allow it to whoever holds them, by template id. */
  readonly directoryRoles: readonly string[]
  /** Title of the page that says so. */
  readonly reference: string
  /** Nothing fails without it; a check is skipped. */
  readonly optional: boolean
}

/** "Microsoft Entra built-in roles": template ids. */
export const DIRECTORY_ROLES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
}

const roleIds = (...names: readonly string[]): string[] =>
  Object.entries(DIRECTORY_ROLES).flatMap(([id, name]) => (names.includes(name) ? [id] : []))

/** Both kinds of application administrator may register and read, and consent to delegated permissions. */
const ADMINISTRATORS = roleIds(
  'Global Administrator',
  'Privileged Role Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
)

/** Consent to Graph's application permissions is kept from application administrators. */
const CONSENTERS = roleIds('Global Administrator', 'Privileged Role Administrator')

/** App role ids of the permissions below, the same in every tenant ("Microsoft Graph permissions reference"). */
export const PERMISSION_IDS: Readonly<Record<string, string>> = {
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'DelegatedPermissionGrant.ReadWrite.All': '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
  'Policy.Read.All': '246dd0d5-5bd0-4def-940b-0421030a5b68',
  'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
}

const MANAGE: Need = {
  purpose: 'registering applications, their service principals and secrets, and changing those it owns',
  least: 'Application.ReadWrite.OwnedBy',
  alsoEnough: ['Application.ReadWrite.All'],
  directoryRoles: roleIds(
    'Global Administrator',
    'Application Administrator',
    'Cloud Application Administrator',
  ),
  reference: 'Create application',
  optional: false,
}

const LOOK_UP: Need = {
  purpose: 'looking up the APIs whose permissions are declared, and the consent that was given',
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

/** What a stack's declaration asks of its deployer, the least for each operation. Pure. */
export function needsOf(apps: readonly AppDeclaration[], purpose: Purpose): Need[] {
  const optional = [READ_POLICY, LAST_USE]
  if (purpose === 'rotate') return [MANAGE, ...optional]
  const granted = apps
    .filter(({ consent }) => consent === 'grant')
    .flatMap((app) => Object.values(app.permissions))
  const declared = apps.some((app) => Object.keys(app.permissions).length > 0)
  return [
    MANAGE,
    ...(declared ? [LOOK_UP] : []),
    ...(granted.some(({ application }) => application.length > 0) ? [CONSENT_ROLES] : []),
    ...(granted.some(({ delegated }) => delegated.length > 0) ? [CONSENT_SCOPES] : []),
    ...optional,
  ]
}
