import type { EntitySet, Link } from './entity-set.ts'
import { deletedDateTime, plainSet } from './plain-set.ts'
import { complex, flag, guid, listOf, text } from './property.ts'

/** Microsoft Graph v1.0: directoryRoleTemplate resource type. */
export const directoryRoleTemplates: EntitySet = plainSet('directoryRoleTemplates', 'directoryRoleTemplate', {
  deletedDateTime,
  description: text({ access: 'read' }),
  displayName: text({ access: 'read' }),
})

/** The members of a directory role are whom it is assigned to over the whole directory. */
export const roleMembers: Link = {
  set: 'roleAssignments',
  of: 'directoryRoles',
  holder: 'roleDefinitionId',
  holderKey: 'roleTemplateId',
  member: 'principalId',
  where: { directoryScopeId: '/' },
}

/** Microsoft Graph v1.0: directoryRole resource type: a built-in role that is activated, as each is by its first use. */
export const directoryRoles: EntitySet = plainSet(
  'directoryRoles',
  'directoryRole',
  {
    deletedDateTime,
    description: text({ access: 'read' }),
    displayName: text({ access: 'read' }),
    roleTemplateId: guid({ access: 'create', nullable: false, required: true }),
  },
  {
    directoryObject: true,
    indexes: ['roleTemplateId'],
    namedKeys: ['roleTemplateId'],
    navigation: { members: { kind: 'through', link: roleMembers } },
  },
)

/** Microsoft Graph v1.0: unifiedRoleDefinition resource type. */
export const roleDefinitions: EntitySet = plainSet(
  'roleDefinitions',
  'unifiedRoleDefinition',
  {
    description: text(),
    displayName: text({ nullable: false, required: true }),
    isBuiltIn: flag({ access: 'echo', default: false }),
    isEnabled: flag({ nullable: false, required: true, default: null }),
    resourceScopes: listOf(text(), { default: ['/'] }),
    templateId: text(),
    version: text(),
    rolePermissions: listOf(
      complex({
        allowedResourceActions: listOf(text()),
        condition: text(),
        excludedResourceActions: listOf(text()),
      }),
    ),
  },
  { address: 'roleManagement/directory/roleDefinitions', indexes: ['templateId'] },
)

/** Microsoft Graph v1.0: unifiedRoleAssignment resource type. */
export const roleAssignments: EntitySet = plainSet(
  'roleAssignments',
  'unifiedRoleAssignment',
  {
    id: text({ access: 'echo', nullable: false }),
    principalId: guid({ access: 'create', nullable: false, required: true }),
    directoryScopeId: text({ access: 'create' }),
    appScopeId: text({ access: 'create' }),
    roleDefinitionId: guid({ access: 'create', nullable: false, required: true }),
  },
  {
    address: 'roleManagement/directory/roleAssignments',
    indexes: ['principalId', 'roleDefinitionId'],
    navigation: {
      principal: {
        kind: 'references',
        property: 'principalId',
        to: ['users', 'servicePrincipals', 'groups'],
        single: true,
      },
      roleDefinition: {
        kind: 'references',
        property: 'roleDefinitionId',
        to: ['roleDefinitions'],
        single: true,
      },
    },
  },
)
