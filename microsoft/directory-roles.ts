/** A built-in directory role, as far as it matters to applications. */
export interface DirectoryRole {
  readonly displayName: string
  readonly description: string
  /** Permissions of Microsoft Graph whose operations its holders may call; `all` for every one of them. */
  readonly permissions: readonly string[] | 'all'
  /** Whether its holders may not assign app roles of Microsoft Graph itself. */
  readonly exceptGraph?: true
}

const READ_DIRECTORY = ['Directory.Read.All', 'Application.Read.All', 'User.Read.All', 'Group.Read.All']

const MANAGE_APPLICATIONS = [
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Policy.Read.All',
  'Policy.ReadWrite.ApplicationConfiguration',
  ...READ_DIRECTORY,
]

const WRITE_USERS = ['User.ReadWrite.All', 'User.DeleteRestore.All', 'User.Invite.All', ...READ_DIRECTORY]

const WRITE_GROUPS = ['Group.ReadWrite.All', ...READ_DIRECTORY]

/**
 * Built-in directory roles by template id (Microsoft Entra built-in roles). What a role allows is given as the permissions
 * that allow the same.
 */
export const DIRECTORY_ROLES: { readonly [templateId: string]: DirectoryRole } = {
  '62e90394-69f5-4237-9190-012177145e10': role(
    'Global Administrator',
    'all aspects of Microsoft Entra ID',
    'all',
  ),
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': {
    displayName: 'Global Reader',
    description: 'Can read everything that a Global Administrator can, but not update anything.',
    permissions: [
      ...READ_DIRECTORY,
      'AdministrativeUnit.Read.All',
      'AuditLog.Read.All',
      'DelegatedPermissionGrant.Read.All',
      'Domain.Read.All',
      'Organization.Read.All',
      'Policy.Read.All',
      'RoleManagement.Read.Directory',
    ],
  },
  'e8611ab8-c189-46e8-94e1-60213ab1f814': role(
    'Privileged Role Administrator',
    'role assignments in Microsoft Entra ID',
    [
      'RoleManagement.ReadWrite.Directory',
      'AdministrativeUnit.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      ...READ_DIRECTORY,
    ],
  ),
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': {
    ...role(
      'Application Administrator',
      'all aspects of app registrations and enterprise apps',
      MANAGE_APPLICATIONS,
    ),
    exceptGraph: true,
  },
  '158c047a-c907-4556-b7ef-446551a6b5f7': {
    ...role('Cloud Application Administrator', 'app registrations and enterprise apps', MANAGE_APPLICATIONS),
    exceptGraph: true,
  },
  'cf1c38e5-3621-4004-a7cb-879624dced7c': {
    displayName: 'Application Developer',
    description:
      "Can create application registrations independent of the 'Users can register applications' setting.",
    permissions: ['Application.ReadWrite.OwnedBy', ...READ_DIRECTORY],
  },
  'fe930be7-5e62-47db-91af-98c3a49a38b1': role('User Administrator', 'all aspects of users and groups', [
    ...WRITE_USERS,
    'Group.ReadWrite.All',
  ]),
  'fdd7a751-b60b-444a-984c-02652fe8fa1c': role('Groups Administrator', 'all aspects of groups', WRITE_GROUPS),
  '95e79109-95c0-4d8e-aee3-d01accf2d47b': {
    displayName: 'Guest Inviter',
    description: "Can invite guest users independent of the 'members can invite guests' setting.",
    permissions: ['User.Invite.All', ...READ_DIRECTORY],
  },
  '88d8e3e3-8f55-4a1e-953a-9b9898b8876b': {
    displayName: 'Directory Readers',
    description: 'Can read basic directory information.',
    permissions: READ_DIRECTORY,
  },
  '9360feb5-f418-4baa-8175-e2a00bac4301': {
    displayName: 'Directory Writers',
    description: 'Can read and write basic directory information.',
    permissions: WRITE_GROUPS,
  },
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': role('Conditional Access Administrator', 'Conditional Access', [
    'Policy.Read.All',
    'Policy.ReadWrite.ConditionalAccess',
    ...READ_DIRECTORY,
  ]),
  '194ae4cb-b126-40b2-bd5b-6091b380977d': role('Security Administrator', 'security information and reports', [
    'Policy.Read.All',
    'Policy.ReadWrite.ConditionalAccess',
    ...READ_DIRECTORY,
  ]),
  '5d6b6bb7-de71-4623-b4af-96380a352509': {
    displayName: 'Security Reader',
    description: 'Can read security information and reports.',
    permissions: ['Policy.Read.All', ...READ_DIRECTORY],
  },
  '0526716b-113d-4c15-b2c8-68e3c22b9f80': role(
    'Authentication Policy Administrator',
    'authentication policies',
    ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationMethod'],
  ),
  '4a5d8f65-41da-4de4-8968-e035b65339cf': {
    displayName: 'Reports Reader',
    description: 'Can read sign-in and audit reports.',
    permissions: ['AuditLog.Read.All'],
  },
  '8329153b-31d0-4727-b945-745eb3bc5f31': role('Domain Name Administrator', 'domain names', [
    'Domain.ReadWrite.All',
  ]),
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c': role('SharePoint Administrator', 'all aspects of SharePoint', [
    'Sites.FullControl.All',
  ]),
  '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e': role('Identity Governance Administrator', 'access', [
    'EntitlementManagement.ReadWrite.All',
    ...READ_DIRECTORY,
  ]),
  // Roles of other services: they allow nothing here.
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': role(
    'Privileged Authentication Administrator',
    'authentication of anyone',
  ),
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': role(
    'Authentication Administrator',
    'authentication of non-administrators',
  ),
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': role('Helpdesk Administrator', 'passwords of non-administrators'),
  '5f2222b1-57c3-48ba-8ad5-d4759f1fde6f': role('Security Operator', 'security events'),
  '29232cdf-9323-42fd-ade2-1d097af3e4de': role('Exchange Administrator', 'all aspects of Exchange'),
  '69091246-20e8-4a56-aa4d-066075b2a7a8': role('Teams Administrator', 'the Microsoft Teams service'),
  '644ef478-e28f-4e28-b9dc-3fdde9aa0b1f': role('Printer Administrator', 'all aspects of printers'),
  'b0f54661-2d74-4c50-afa3-1ec803f12efe': role('Billing Administrator', 'billing'),
  '3a2c62db-5318-420d-8d74-23affee5d9d5': role('Intune Administrator', 'all aspects of Intune'),
  'a9ea8996-122f-4c74-9520-8edcd192826c': role('Fabric Administrator', 'all aspects of Fabric and Power BI'),
  '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2': role(
    'Hybrid Identity Administrator',
    'provisioning and hybrid identity',
  ),
}

function role(
  displayName: string,
  what: string,
  permissions: DirectoryRole['permissions'] = [],
): DirectoryRole {
  return { displayName, description: `Can manage ${what}.`, permissions }
}
