import type { EntitySet } from './entity-set.ts'
import { complex, moment, text } from './property.ts'

/** Microsoft Graph v1.0: site resource type. Others call the root site `root`, and the rest `{hostname}:{path}`. */
export const sites: EntitySet = {
  name: 'sites',
  typeName: 'site',
  resourceName: 'Site',
  directoryObject: false,
  indexes: ['alias'],
  alternateKey: 'alias',
  navigation: {
    drive: { kind: 'inverse', set: 'drives', property: 'ownerId', single: true },
    permissions: { kind: 'inverse', set: 'sitePermissions', property: 'siteId' },
    drives: { kind: 'inverse', set: 'drives', property: 'ownerId' },
  },
  properties: {
    createdDateTime: moment({ access: 'read' }),
    description: text({ access: 'read' }),
    id: text({ access: 'read', nullable: false }),
    lastModifiedDateTime: moment({ access: 'read' }),
    name: text({ access: 'read' }),
    webUrl: text({ access: 'read' }),
    displayName: text({ access: 'read' }),
    root: complex({}, { access: 'read', omitNull: true }),
    siteCollection: complex({ hostname: text() }, { access: 'read', omitNull: true }),
    alias: text({ access: 'hidden' }),
  },
}
