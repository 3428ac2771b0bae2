import {
  informationalUrlMembers,
  keyCredentials,
  passwordCredentials,
  verifiedPublisherMembers,
} from './credentials.ts'
import type { EntitySet } from './entity-set.ts'
import { memberOf, ownedObjects, transitiveMemberOf } from './membership.ts'
import { appRoleMembers, permissionScopeMembers } from './permissions.ts'
import { complex, flag, guid, listOf, moment, text } from './property.ts'
import { stsPolicyNavigation, stsPolicyProperties } from './sts-policies.ts'

/**
 * Microsoft Graph v1.0: servicePrincipal resource type. The `computed` properties mirror the application that backs
 * it: one of this tenant, or one of Microsoft's own. A managed identity has none, and a name of its own.
 */
export const servicePrincipals: EntitySet = {
  name: 'servicePrincipals',
  typeName: 'servicePrincipal',
  resourceName: 'ServicePrincipal',
  directoryObject: true,
  indexes: ['appId'],
  namedKeys: ['appId'],
  navigation: {
    appManagementPolicies: {
      kind: 'references',
      property: 'appManagementPolicyIds',
      to: ['appManagementPolicies'],
    },
    ...stsPolicyNavigation('servicePrincipals'),
    owners: { kind: 'references', property: 'ownerIds', to: ['users', 'servicePrincipals'] },
    appRoleAssignedTo: { kind: 'inverse', set: 'appRoleAssignments', property: 'resourceId' },
    appRoleAssignments: { kind: 'inverse', set: 'appRoleAssignments', property: 'principalId' },
    memberOf,
    transitiveMemberOf,
    ownedObjects,
    oauth2PermissionGrants: { kind: 'inverse', set: 'oauth2PermissionGrants', property: 'clientId' },
  },
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    accountEnabled: flag({ default: true }),
    addIns: listOf(complex({}), { access: 'gap' }),
    alternativeNames: listOf(text({ nullable: false })),
    appDescription: text({ access: 'computed' }),
    appDisplayName: text({ access: 'computed' }),
    appId: guid({ access: 'create', nullable: false, required: true }),
    appOwnerOrganizationId: guid({ access: 'computed' }),
    appRoleAssignmentRequired: flag({ nullable: false, default: false }),
    appRoles: listOf(complex(appRoleMembers), { access: 'computed' }),
    applicationTemplateId: guid({ access: 'computed' }),
    createdDateTime: moment({ access: 'read' }),
    description: text({ maxLength: 1024 }),
    disabledByMicrosoftStatus: text({ access: 'read' }),
    displayName: text({ access: 'computed' }),
    homepage: text({ access: 'computed' }),
    info: complex(informationalUrlMembers, { access: 'computed' }),
    keyCredentials,
    loginUrl: text({ maxLength: 2048 }),
    logoutUrl: text({ access: 'computed' }),
    notes: text({ maxLength: 1024 }),
    notificationEmailAddresses: listOf(text({ nullable: false })),
    oauth2PermissionScopes: listOf(complex(permissionScopeMembers), { access: 'computed' }),
    passwordCredentials,
    preferredSingleSignOnMode: text({ values: ['password', 'saml', 'notSupported', 'oidc', ''] }),
    preferredTokenSigningKeyThumbprint: text(),
    replyUrls: listOf(text(), { access: 'computed' }),
    resourceSpecificApplicationPermissions: listOf(complex({}), { access: 'read' }),
    samlSingleSignOnSettings: complex({ relayState: text() }, { emptyIsNull: true }),
    servicePrincipalNames: listOf(text(), { access: 'computed' }),
    servicePrincipalType: text({ access: 'read', default: 'Application' }),
    signInAudience: text({ access: 'computed' }),
    tags: listOf(text({ maxLength: 256, nullable: false }), { distinctBy: '' }),
    tokenEncryptionKeyId: guid(),
    verifiedPublisher: complex(verifiedPublisherMembers, { access: 'computed' }),
    samlMetadataUrl: text({ access: 'read', betaOnly: true }),
    ownerIds: listOf(guid(), { access: 'hidden' }),
    appManagementPolicyIds: listOf(guid(), { access: 'hidden' }),
    ...stsPolicyProperties('servicePrincipals'),
    managedIdentityName: text({ access: 'hidden' }),
    secretHashes: complex({}, { access: 'hidden', default: {} }),
    certificates: complex({}, { access: 'hidden', default: {} }),
  },
}
