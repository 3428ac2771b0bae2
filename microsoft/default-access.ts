/** App role id of an assignment without a role: access and nothing more ("appRoleAssignment resource type"). */
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'
