import type { EntitySet } from './entity-set.ts'
import { memberOf, ownedObjects, transitiveMemberOf } from './membership.ts'
import { complex, flag, guid, listOf, moment, type Property, text } from './property.ts'

const shown = (): Property => text({ access: 'read' })

/** A property of a person that clients may write, and that Graph shows when it is asked for. */
const selected = (options: Partial<Property> = {}): Property => text({ onlyWhenSelected: true, ...options })

/** Comes from a directory on premises, which this tenant has none of. */
const onPremises = (): Property => text({ access: 'read', onlyWhenSelected: true })

/** Microsoft Graph v1.0: user resource type. Without `$select` only the members that Graph returns by default. */
export const users: EntitySet = {
  name: 'users',
  typeName: 'user',
  resourceName: 'User',
  directoryObject: true,
  indexes: ['userPrincipalName', 'mail', 'mailNickname', 'employeeId'],
  alternateKey: 'userPrincipalName',
  namedKeys: ['userPrincipalName'],
  navigation: {
    drive: { kind: 'inverse', set: 'drives', property: 'ownerId', single: true },
    drives: { kind: 'inverse', set: 'drives', property: 'ownerId' },
    manager: { kind: 'references', property: 'managerId', to: ['users'], single: true },
    memberOf,
    transitiveMemberOf,
    ownedObjects,
    appRoleAssignments: { kind: 'inverse', set: 'appRoleAssignments', property: 'principalId' },
    oauth2PermissionGrants: { kind: 'inverse', set: 'oauth2PermissionGrants', property: 'principalId' },
  },
  properties: {
    businessPhones: listOf(text({ maxLength: 64 })),
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    givenName: text({ maxLength: 64 }),
    jobTitle: text({ maxLength: 128 }),
    mail: text({ maxLength: 256 }),
    mobilePhone: text({ maxLength: 64 }),
    officeLocation: text({ maxLength: 128 }),
    preferredLanguage: text(),
    surname: text({ maxLength: 64 }),
    userPrincipalName: text({ maxLength: 113, nullable: false, required: true }),
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo', onlyWhenSelected: true }),
    accountEnabled: flag({ nullable: false, required: true, onlyWhenSelected: true }),
    ageGroup: selected({ values: ['Minor', 'NotAdult', 'Adult'] }),
    city: selected({ maxLength: 128 }),
    companyName: selected({ maxLength: 64 }),
    consentProvidedForMinor: selected({ values: ['Granted', 'Denied', 'NotRequired'] }),
    country: selected({ maxLength: 128 }),
    createdDateTime: moment({ access: 'read', onlyWhenSelected: true }),
    creationType: onPremises(),
    department: selected({ maxLength: 64 }),
    employeeHireDate: moment({ onlyWhenSelected: true }),
    employeeId: selected({ maxLength: 16 }),
    employeeOrgData: complex({ costCenter: text(), division: text() }, { onlyWhenSelected: true }),
    employeeType: selected(),
    externalUserState: onPremises(),
    faxNumber: selected({ maxLength: 64 }),
    imAddresses: listOf(text(), { access: 'read', onlyWhenSelected: true }),
    mailNickname: text({ maxLength: 64, nullable: false, required: true, onlyWhenSelected: true }),
    onPremisesDistinguishedName: onPremises(),
    onPremisesDomainName: onPremises(),
    onPremisesImmutableId: selected(),
    onPremisesSamAccountName: onPremises(),
    onPremisesSecurityIdentifier: onPremises(),
    onPremisesSyncEnabled: flag({ access: 'read', onlyWhenSelected: true }),
    onPremisesUserPrincipalName: onPremises(),
    otherMails: listOf(text({ maxLength: 250 }), { onlyWhenSelected: true }),
    passwordPolicies: selected(),
    passwordProfile: complex(
      {
        forceChangePasswordNextSignIn: flag(),
        forceChangePasswordNextSignInWithMfa: flag(),
        password: text({ maxLength: 256 }),
      },
      { onlyWhenSelected: true },
    ),
    postalCode: selected({ maxLength: 40 }),
    proxyAddresses: listOf(text(), { access: 'read', onlyWhenSelected: true }),
    showInAddressList: flag({ onlyWhenSelected: true }),
    state: selected({ maxLength: 128 }),
    streetAddress: selected({ maxLength: 1024 }),
    usageLocation: selected({ maxLength: 2 }),
    userType: selected({ default: 'Member', values: ['Member', 'Guest'] }),
    managerId: guid({ access: 'hidden' }),
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
