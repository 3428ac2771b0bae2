import type { EntitySet } from './entity-set.ts'
import { complex, int32, int64, moment, type PropertyTable, text } from './property.ts'

const identitySet: PropertyTable = {
  user: complex({ displayName: text(), email: text(), id: text() }),
}

/** Microsoft Graph v1.0: drive resource type. */
export const drives: EntitySet = {
  name: 'drives',
  typeName: 'drive',
  resourceName: 'Drive',
  directoryObject: false,
  indexes: ['ownerId'],
  navigation: {
    root: { kind: 'inverse', set: 'driveItems', property: 'rootOfDriveId', single: true },
    items: { kind: 'inverse', set: 'driveItems', property: 'driveId' },
  },
  properties: {
    createdDateTime: moment({ access: 'read' }),
    description: text({ access: 'read', default: '' }),
    id: text({ access: 'echo', nullable: false }),
    lastModifiedDateTime: moment({ access: 'read' }),
    name: text({ access: 'read' }),
    webUrl: text({ access: 'read' }),
    driveType: text({ access: 'read', default: 'business' }),
    owner: complex(identitySet, { access: 'read' }),
    quota: complex(
      { deleted: int64(), remaining: int64(), state: text(), total: int64(), used: int64() },
      { access: 'read' },
    ),
    ownerId: text({ access: 'hidden' }),
  },
}

/** Microsoft Graph v1.0: driveItem resource type. A facet (`file`, `folder`, `root`) that does not apply is left out. */
export const driveItems: EntitySet = {
  name: 'driveItems',
  typeName: 'driveItem',
  resourceName: 'DriveItem',
  directoryObject: false,
  indexes: ['driveId', 'parentId', 'rootOfDriveId'],
  navigation: { children: { kind: 'inverse', set: 'driveItems', property: 'parentId' } },
  properties: {
    createdDateTime: moment({ access: 'read' }),
    id: text({ access: 'echo', nullable: false }),
    lastModifiedDateTime: moment({ access: 'read' }),
    name: text({ access: 'read' }),
    webUrl: text({ access: 'read' }),
    size: int64({ access: 'read', default: 0 }),
    parentReference: complex(
      { driveId: text(), driveType: text(), id: text(), path: text() },
      { access: 'read', omitNull: true },
    ),
    file: complex({ mimeType: text() }, { access: 'read', omitNull: true }),
    folder: complex({ childCount: int32() }, { access: 'read', omitNull: true }),
    root: complex({}, { access: 'read', omitNull: true }),
    driveId: text({ access: 'hidden' }),
    parentId: text({ access: 'hidden' }),
    rootOfDriveId: text({ access: 'hidden' }),
  },
}
