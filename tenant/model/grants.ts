import type { EntitySet } from './entity-set.ts'
import { guid, moment, text } from './property.ts'

/** Microsoft Graph v1.0: appRoleAssignment resource type; the display names follow the objects they name. */
export const appRoleAssignments: EntitySet = {
  name: 'appRoleAssignments',
  typeName: 'appRoleAssignment',
  resourceName: 'AppRoleAssignment',
  directoryObject: false,
  indexes: ['principalId', 'resourceId'],
  navigation: {},
  properties: {
    id: text({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    appRoleId: guid({ access: 'create', nullable: false, required: true }),
    createdDateTime: moment({ access: 'read' }),
    principalDisplayName: text({ access: 'computed' }),
    principalId: guid({ access: 'create', nullable: false, required: true }),
    principalType: text({ access: 'computed' }),
    resourceDisplayName: text({ access: 'computed' }),
    resourceId: guid({ access: 'create', nullable: false, required: true }),
  },
}

/** Microsoft Graph v1.0: oAuth2PermissionGrant resource type. */
export const oauth2PermissionGrants: EntitySet = {
  name: 'oauth2PermissionGrants',
  typeName: 'oAuth2PermissionGrant',
  resourceName: 'OAuth2PermissionGrant',
  directoryObject: false,
  indexes: ['clientId', 'resourceId', 'principalId'],
  navigation: {},
  properties: {
    id: text({ access: 'echo', nullable: false }),
    clientId: guid({ access: 'create', nullable: false, required: true }),
    consentType: text({
      access: 'create',
      nullable: false,
      required: true,
      values: ['AllPrincipals', 'Principal'],
    }),
    principalId: guid({ access: 'create' }),
    resourceId: guid({ access: 'create', nullable: false, required: true }),
    scope: text({ maxLength: 3850 }),
  },
}
