import { flag, guid, listOf, text } from './property.ts'

/** Microsoft Graph: appRole resource type. */
export const appRoleMembers = {
  allowedMemberTypes: listOf(text({ values: ['User', 'Application'] }), { required: true }),
  description: text(),
  displayName: text(),
  id: guid({ nullable: false, required: true }),
  // As text too: the help of the Azure CLI shows it so, and the real service takes it.
  isEnabled: flag({ nullable: false, default: true, asText: true }),
  origin: text({ access: 'echo', default: 'Application' }),
  value: text({ maxLength: 249 }),
}

/** Microsoft Graph: permissionScope resource type. */
export const permissionScopeMembers = {
  adminConsentDescription: text(),
  adminConsentDisplayName: text(),
  id: guid({ nullable: false, required: true }),
  isEnabled: flag({ nullable: false, default: true }),
  type: text({ values: ['User', 'Admin'], default: 'User' }),
  userConsentDescription: text(),
  userConsentDisplayName: text(),
  value: text({ maxLength: 249 }),
}
