import type { EntitySet } from './entity-set.ts'
import { deletedDateTime, plainSet } from './plain-set.ts'
import { complex, flag, guid, listOf, text } from './property.ts'

/** Microsoft Graph v1.0: administrativeUnit resource type. */
export const administrativeUnits: EntitySet = plainSet(
  'administrativeUnits',
  'administrativeUnit',
  {
    deletedDateTime,
    description: text(),
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    isMemberManagementRestricted: flag({ access: 'create' }),
    membershipRule: text(),
    membershipRuleProcessingState: text(),
    membershipType: text(),
    visibility: text({ values: ['Public', 'HiddenMembership'] }),
    memberIds: listOf(guid(), { access: 'hidden' }),
  },
  {
    address: 'directory/administrativeUnits',
    directoryObject: true,
    indexes: ['displayName'],
    navigation: {
      members: { kind: 'references', property: 'memberIds', to: ['users', 'groups'] },
      scopedRoleMembers: {
        kind: 'inverse',
        set: 'scopedRoleMemberships',
        property: 'administrativeUnitId',
        contained: true,
      },
    },
  },
)

/** Microsoft Graph v1.0: scopedRoleMembership resource type: who holds a directory role over an administrative unit. */
export const scopedRoleMemberships: EntitySet = plainSet(
  'scopedRoleMemberships',
  'scopedRoleMembership',
  {
    administrativeUnitId: guid({ access: 'echo' }),
    roleId: guid({ nullable: false, required: true }),
    roleMemberInfo: complex(
      {
        id: guid({ nullable: false, required: true }),
        displayName: text(),
        userPrincipalName: text({ omitNull: true }),
      },
      { nullable: false, required: true },
    ),
  },
  { indexes: ['administrativeUnitId'] },
)
