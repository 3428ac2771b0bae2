import type { EntitySet } from './entity-set.ts'
import { complex, flag, guid, listOf, moment, type Property, text } from './property.ts'

const shown = (): Property => text({ access: 'read' })
const selected = (): Property => text({ access: 'read', onlyWhenSelected: true })

/** Microsoft Graph v1.0: user resource type. Without `$select` only the members that Graph returns by default. */
export const users: EntitySet = {
  name: 'users',
  typeName: 'user',
  resourceName: 'User',
  directoryObject: true,
  indexes: ['userPrincipalName'],
  alternateKey: 'userPrincipalName',
  navigation: {
    drive: { kind: 'inverse', set: 'drives', property: 'ownerId', single: true },
    drives: { kind: 'inverse', set: 'drives', property: 'ownerId' },
  },
  properties: {
    businessPhones: listOf(text(), { access: 'read' }),
    displayName: shown(),
    givenName: shown(),
    jobTitle: shown(),
    mail: shown(),
    mobilePhone: shown(),
    officeLocation: shown(),
    preferredLanguage: shown(),
    surname: shown(),
    userPrincipalName: shown(),
    id: guid({ access: 'echo', nullable: false }),
    accountEnabled: flag({ access: 'read', default: true, onlyWhenSelected: true }),
    companyName: selected(),
    createdDateTime: moment({ access: 'read', onlyWhenSelected: true }),
    department: selected(),
    employeeId: selected(),
    mailNickname: selected(),
    onPremisesImmutableId: selected(),
    onPremisesSamAccountName: selected(),
    onPremisesUserPrincipalName: selected(),
    otherMails: listOf(text(), { access: 'read', onlyWhenSelected: true }),
    usageLocation: selected(),
    userType: text({ access: 'read', default: 'Member', onlyWhenSelected: true }),
  },
}

/** Microsoft Graph v1.0: organization resource type. */
export const organization: EntitySet = {
  name: 'organization',
  typeName: 'organization',
  resourceName: 'Organization',
  directoryObject: true,
  indexes: [],
  navigation: {},
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    businessPhones: listOf(text(), { access: 'read' }),
    city: shown(),
    country: shown(),
    countryLetterCode: shown(),
    createdDateTime: moment({ access: 'read' }),
    displayName: shown(),
    preferredLanguage: shown(),
    tenantType: text({ access: 'read', default: 'AAD' }),
    verifiedDomains: listOf(
      complex({
        capabilities: text(),
        isDefault: flag(),
        isInitial: flag(),
        name: text(),
        type: text(),
      }),
      { access: 'read' },
    ),
  },
}

/** Microsoft Graph v1.0: domain resource type; the id is the domain name. */
export const domains: EntitySet = {
  name: 'domains',
  typeName: 'domain',
  resourceName: 'Domain',
  directoryObject: false,
  indexes: [],
  navigation: {},
  properties: {
    authenticationType: text({ access: 'read', default: 'Managed' }),
    availabilityStatus: shown(),
    id: text({ access: 'echo', nullable: false }),
    isAdminManaged: flag({ access: 'read', default: true }),
    isDefault: flag({ access: 'read', default: false }),
    isInitial: flag({ access: 'read', default: false }),
    isRoot: flag({ access: 'read', default: true }),
    isVerified: flag({ access: 'read', default: false }),
    supportedServices: listOf(text(), { access: 'read' }),
  },
}
