import type { EntitySet } from './entity-set.ts'
import { appRoleMembers } from './permissions.ts'
import { complex, guid, listOf, text } from './property.ts'

/** Microsoft Graph v1.0: applicationTemplate resource type. */
export const applicationTemplates: EntitySet = {
  name: 'applicationTemplates',
  typeName: 'applicationTemplate',
  resourceName: 'ApplicationTemplate',
  directoryObject: false,
  indexes: ['displayName'],
  navigation: {},
  properties: {
    id: guid({ access: 'read', nullable: false }),
    categories: listOf(text(), { access: 'read' }),
    description: text({ access: 'read' }),
    displayName: text({ access: 'read' }),
    homePageUrl: text({ access: 'read' }),
    logoUrl: text({ access: 'read' }),
    publisher: text({ access: 'read' }),
    supportedProvisioningTypes: listOf(text(), { access: 'read' }),
    supportedSingleSignOnModes: listOf(text(), { access: 'read' }),
    appRoles: listOf(complex(appRoleMembers), { access: 'hidden' }),
  },
}
