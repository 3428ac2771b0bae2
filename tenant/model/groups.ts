import type { EntitySet } from './entity-set.ts'
import { complex, flag, guid, listOf, moment, type Property, text } from './property.ts'

/** Settings of Exchange's own, which the real service reads one group at a time. */
const mailbox = (): Property => flag({ nullable: false, default: false, onlyWhenSelected: true })

/** Microsoft Graph: group resource type, v1.0 and (where marked) beta. */
export const groups: EntitySet = {
  name: 'groups',
  typeName: 'group',
  resourceName: 'Group',
  directoryObject: true,
  indexes: ['displayName', 'mailNickname', 'uniqueName'],
  navigation: {
    owners: { kind: 'references', property: 'ownerIds' },
  },
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    classification: text(),
    createdDateTime: moment({ access: 'read' }),
    creationOptions: listOf(text(), { access: 'read' }),
    description: text({ maxLength: 1024, emptyIsNull: true }),
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    expirationDateTime: moment({ access: 'read' }),
    groupTypes: listOf(text({ values: ['Unified', 'DynamicMembership'] }), { distinctBy: '' }),
    isAssignableToRole: flag({ access: 'create' }),
    mail: text({ access: 'read' }),
    mailEnabled: flag({ nullable: false, required: true }),
    mailNickname: text({ maxLength: 64, nullable: false, required: true }),
    membershipRule: text({ maxLength: 3072 }),
    membershipRuleProcessingState: text({ values: ['On', 'Paused'] }),
    onPremisesDomainName: text({ access: 'read' }),
    onPremisesLastSyncDateTime: moment({ access: 'read' }),
    onPremisesNetBiosName: text({ access: 'read' }),
    onPremisesProvisioningErrors: listOf(complex({}), { access: 'read' }),
    onPremisesSamAccountName: text({ access: 'read' }),
    onPremisesSecurityIdentifier: text({ access: 'read' }),
    onPremisesSyncEnabled: flag({ access: 'read' }),
    preferredDataLocation: text(),
    preferredLanguage: text(),
    proxyAddresses: listOf(text(), { access: 'read' }),
    renewedDateTime: moment({ access: 'read' }),
    resourceBehaviorOptions: listOf(text(), { access: 'create' }),
    resourceProvisioningOptions: listOf(text()),
    securityEnabled: flag({ nullable: false, required: true }),
    securityIdentifier: text({ access: 'read' }),
    serviceProvisioningErrors: listOf(complex({}), { access: 'read' }),
    theme: text({ values: ['Teal', 'Purple', 'Green', 'Blue', 'Pink', 'Orange', 'Red'] }),
    uniqueName: text({ maxLength: 128 }),
    visibility: text({ values: ['Private', 'Public', 'HiddenMembership'] }),
    writebackConfiguration: complex(
      { isEnabled: flag(), onPremisesGroupType: text() },
      { betaOnly: true, emptyIsNull: true },
    ),
    allowExternalSenders: mailbox(),
    autoSubscribeNewMembers: mailbox(),
    hideFromAddressLists: mailbox(),
    hideFromOutlookClients: mailbox(),
    isSubscribedByMail: flag({ nullable: false, default: true, onlyWhenSelected: true }),
    ownerIds: listOf(guid(), { access: 'hidden' }),
    memberIds: listOf(guid(), { access: 'hidden' }),
  },
}
