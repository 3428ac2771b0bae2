import {
  informationalUrlMembers,
  keyCredentials,
  passwordCredentials,
  verifiedPublisherMembers,
} from './credentials.ts'
import type { EntitySet } from './entity-set.ts'
import { appRoleMembers, permissionScopeMembers } from './permissions.ts'
import { complex, flag, guid, int32, listOf, merged, moment, text } from './property.ts'
import { stsPolicyNavigation, stsPolicyProperties } from './sts-policies.ts'

const redirectUris = listOf(text({ maxLength: 256, nullable: false }), { distinctBy: '' })

const optionalClaims = listOf(
  complex({
    additionalProperties: listOf(text()),
    essential: flag({ nullable: false, default: false }),
    name: text({ nullable: false, required: true }),
    source: text({ emptyIsNull: true }),
  }),
)

/** Microsoft Graph v1.0: application resource type. */
export const applications: EntitySet = {
  name: 'applications',
  typeName: 'application',
  resourceName: 'Application',
  directoryObject: true,
  indexes: ['appId', 'displayName', 'uniqueName'],
  namedKeys: ['appId', 'uniqueName'],
  navigation: {
    appManagementPolicies: {
      kind: 'references',
      property: 'appManagementPolicyIds',
      to: ['appManagementPolicies'],
    },
    ...stsPolicyNavigation('applications'),
    owners: { kind: 'references', property: 'ownerIds', to: ['users', 'servicePrincipals'] },
    federatedIdentityCredentials: {
      kind: 'inverse',
      set: 'federatedIdentityCredentials',
      property: 'applicationId',
      contained: true,
    },
  },
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    addIns: listOf(complex({}), { access: 'gap' }),
    api: merged({
      acceptMappedClaims: flag(),
      knownClientApplications: listOf(guid({ nullable: false }), { distinctBy: '' }),
      oauth2PermissionScopes: listOf(complex(permissionScopeMembers), { distinctBy: 'id' }),
      preAuthorizedApplications: listOf(
        complex({
          appId: guid({ nullable: false, required: true }),
          delegatedPermissionIds: listOf(guid({ nullable: false })),
        }),
        { distinctBy: 'appId' },
      ),
      requestedAccessTokenVersion: int32(),
    }),
    appId: guid({ access: 'read' }),
    appRoles: listOf(complex(appRoleMembers), { distinctBy: 'id' }),
    applicationTemplateId: guid({ access: 'read' }),
    certification: complex({}, { access: 'read' }),
    createdDateTime: moment({ access: 'read' }),
    defaultRedirectUri: text(),
    description: text({ maxLength: 1024 }),
    disabledByMicrosoftStatus: text({ access: 'read' }),
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    groupMembershipClaims: text(),
    identifierUris: listOf(text({ maxLength: 255, nullable: false }), { distinctBy: '' }),
    info: merged(informationalUrlMembers),
    isDeviceOnlyAuthSupported: flag(),
    isFallbackPublicClient: flag(),
    keyCredentials,
    nativeAuthenticationApisEnabled: text({ values: ['none', 'all'] }),
    notes: text({ maxLength: 1024 }),
    optionalClaims: complex(
      { accessToken: optionalClaims, idToken: optionalClaims, saml2Token: optionalClaims },
      { emptyIsNull: true },
    ),
    parentalControlSettings: merged(
      { countriesBlockedForMinors: listOf(text()), legalAgeGroupRule: text({ default: 'Allow' }) },
      { access: 'gap' },
    ),
    passwordCredentials: { ...passwordCredentials, access: 'create' },
    publicClient: merged({ redirectUris }),
    publisherDomain: text({ access: 'read' }),
    requestSignatureVerification: complex({}, { access: 'gap' }),
    requiredResourceAccess: listOf(
      complex({
        resourceAccess: listOf(
          complex({
            id: guid({ nullable: false, required: true }),
            type: text({ nullable: false, required: true, values: ['Role', 'Scope'] }),
          }),
        ),
        resourceAppId: guid({ nullable: false, required: true }),
      }),
      { distinctBy: 'resourceAppId' },
    ),
    samlMetadataUrl: text({ maxLength: 2048 }),
    serviceManagementReference: text(),
    servicePrincipalLockConfiguration: complex({}, { access: 'gap' }),
    signInAudience: text({
      nullable: false,
      default: 'AzureADMyOrg',
      values: [
        'AzureADMyOrg',
        'AzureADMultipleOrgs',
        'AzureADandPersonalMicrosoftAccount',
        'PersonalMicrosoftAccount',
      ],
    }),
    spa: merged({ redirectUris }),
    tags: listOf(text({ maxLength: 256, nullable: false }), { distinctBy: '' }),
    tokenEncryptionKeyId: guid(),
    uniqueName: text({ maxLength: 128 }),
    verifiedPublisher: merged(verifiedPublisherMembers, { access: 'echo' }),
    web: merged({
      homePageUrl: text({ maxLength: 256 }),
      implicitGrantSettings: merged({
        enableAccessTokenIssuance: flag({ default: false }),
        enableIdTokenIssuance: flag({ default: false }),
      }),
      logoutUrl: text({ maxLength: 255 }),
      redirectUriSettings: listOf(
        complex({ uri: text({ nullable: false, required: true }), index: int32() }),
        { distinctBy: 'uri' },
      ),
      redirectUris,
    }),
    oauth2RequirePostResponse: flag({ default: false, betaOnly: true }),
    ownerIds: listOf(guid(), { access: 'hidden' }),
    appManagementPolicyIds: listOf(guid(), { access: 'hidden' }),
    ...stsPolicyProperties('applications'),
    logo: text({ access: 'hidden' }),
    secretHashes: complex({}, { access: 'hidden', default: {} }),
    certificates: complex({}, { access: 'hidden', default: {} }),
  },
}
