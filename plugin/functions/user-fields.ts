import type { Fields } from '../schema/property.ts'
import { flagOf, textOf, textsOf } from './columns.ts'

// Names are those of azuread 6.9.1; `graph` names the member of Microsoft Graph's user resource type.

/** What `getUsers` tells of each user. */
export const USER_SUMMARY_FIELDS: Fields = {
  accountEnabled: flagOf('accountEnabled'),
  displayName: textOf('displayName'),
  employeeId: textOf('employeeId'),
  mail: textOf('mail'),
  mailNickname: textOf('mailNickname'),
  objectId: textOf('id'),
  onpremisesImmutableId: textOf('onPremisesImmutableId'),
  onpremisesSamAccountName: textOf('onPremisesSamAccountName'),
  onpremisesUserPrincipalName: textOf('onPremisesUserPrincipalName'),
  usageLocation: textOf('usageLocation'),
  userPrincipalName: textOf('userPrincipalName'),
}

/** What `getUser` tells. */
export const USER_FIELDS: Fields = {
  ...USER_SUMMARY_FIELDS,
  ageGroup: textOf('ageGroup'),
  businessPhones: textsOf('businessPhones'),
  city: textOf('city'),
  companyName: textOf('companyName'),
  consentProvidedForMinor: textOf('consentProvidedForMinor'),
  country: textOf('country'),
  creationType: textOf('creationType'),
  department: textOf('department'),
  employeeHireDate: textOf('employeeHireDate'),
  employeeType: textOf('employeeType'),
  externalUserState: textOf('externalUserState'),
  faxNumber: textOf('faxNumber'),
  givenName: textOf('givenName'),
  imAddresses: textsOf('imAddresses'),
  jobTitle: textOf('jobTitle'),
  mobilePhone: textOf('mobilePhone'),
  officeLocation: textOf('officeLocation'),
  onpremisesDistinguishedName: textOf('onPremisesDistinguishedName'),
  onpremisesDomainName: textOf('onPremisesDomainName'),
  onpremisesSecurityIdentifier: textOf('onPremisesSecurityIdentifier'),
  onpremisesSyncEnabled: flagOf('onPremisesSyncEnabled'),
  otherMails: textsOf('otherMails'),
  postalCode: textOf('postalCode'),
  preferredLanguage: textOf('preferredLanguage'),
  proxyAddresses: textsOf('proxyAddresses'),
  showInAddressList: flagOf('showInAddressList'),
  state: textOf('state'),
  streetAddress: textOf('streetAddress'),
  surname: textOf('surname'),
  userType: textOf('userType'),
}

/** What `getUser` tells of a user who has `employeeOrgData`; the official plugin leaves it out of others. */
export const EMPLOYEE_ORG_FIELDS: Fields = {
  costCenter: textOf('employeeOrgData.costCenter'),
  division: textOf('employeeOrgData.division'),
}

/** The members of Graph's entity that the table reads: without `$select` Graph leaves most of a user out. */
export function membersToSelect(fields: Fields): string[] {
  return [...new Set(Object.values(fields).map(({ graph = '' }) => graph.split('.')[0]!))].sort()
}
