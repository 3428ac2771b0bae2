import type { EntitySet } from './entity-set.ts'
import { complex, flag, guid, listOf, merged, moment, type PropertyTable, text } from './property.ts'

const restrictionState = text({ values: ['enabled', 'disabled'], default: 'enabled' })

/** Microsoft Graph: passwordCredentialConfiguration resource type. */
const passwordRestrictions = listOf(
  complex({
    restrictionType: text({
      required: true,
      values: [
        'passwordAddition',
        'passwordLifetime',
        'customPasswordAddition',
        'symmetricKeyAddition',
        'symmetricKeyLifetime',
      ],
    }),
    maxLifetime: text(),
    restrictForAppsCreatedAfterDateTime: moment(),
    state: restrictionState,
    excludeActors: complex({}, { access: 'gap' }),
  }),
)

/** Microsoft Graph: keyCredentialConfiguration resource type. */
const keyRestrictions = listOf(
  complex({
    restrictionType: text({
      required: true,
      values: ['asymmetricKeyLifetime', 'trustedCertificateAuthority'],
    }),
    maxLifetime: text(),
    restrictForAppsCreatedAfterDateTime: moment(),
    certificateBasedApplicationConfigurationIds: listOf(guid()),
    state: restrictionState,
    excludeActors: complex({}, { access: 'gap' }),
  }),
)

const restrictions: PropertyTable = {
  passwordCredentials: passwordRestrictions,
  keyCredentials: keyRestrictions,
}

/** Microsoft Graph v1.0: tenantAppManagementPolicy resource type. There is always one, switched off at first. */
export const defaultAppManagementPolicy: EntitySet = {
  name: 'defaultAppManagementPolicy',
  address: 'policies/defaultAppManagementPolicy',
  isSingleton: true,
  typeName: 'tenantAppManagementPolicy',
  resourceName: 'TenantAppManagementPolicy',
  directoryObject: false,
  indexes: [],
  navigation: {},
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    displayName: text(),
    description: text(),
    isEnabled: flag({ nullable: false, default: false }),
    applicationRestrictions: merged(restrictions),
    servicePrincipalRestrictions: merged(restrictions),
  },
}

/** Microsoft Graph v1.0: appManagementPolicy resource type: for the applications and service principals that have it. */
export const appManagementPolicies: EntitySet = {
  name: 'appManagementPolicies',
  address: 'policies/appManagementPolicies',
  typeName: 'appManagementPolicy',
  resourceName: 'AppManagementPolicy',
  directoryObject: true,
  indexes: [],
  navigation: {
    appliesTo: {
      kind: 'referrers',
      from: ['applications', 'servicePrincipals'],
      property: 'appManagementPolicyIds',
    },
  },
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    displayName: text({ nullable: false, required: true }),
    description: text(),
    isEnabled: flag({ nullable: false, default: false }),
    restrictions: merged(restrictions),
  },
}

/** Microsoft Graph v1.0: authorizationPolicy resource type. Of its settings one is in force here. */
export const authorizationPolicy: EntitySet = {
  name: 'authorizationPolicy',
  address: 'policies/authorizationPolicy',
  isSingleton: true,
  typeName: 'authorizationPolicy',
  resourceName: 'AuthorizationPolicy',
  directoryObject: false,
  indexes: [],
  navigation: {},
  properties: {
    id: text({ access: 'echo', nullable: false }),
    deletedDateTime: moment({ access: 'echo' }),
    displayName: text({ access: 'read' }),
    description: text({ access: 'read' }),
    allowInvitesFrom: text({ access: 'gap', default: 'everyone' }),
    allowedToSignUpEmailBasedSubscriptions: flag({ access: 'gap', default: true }),
    allowedToUseSSPR: flag({ access: 'gap', default: true }),
    allowEmailVerifiedUsersToJoinOrganization: flag({ access: 'gap', default: false }),
    blockMsolPowerShell: flag({ access: 'gap', default: false }),
    guestUserRoleId: guid({ access: 'gap', default: '10dae51f-b6af-4016-8d66-8c2a99b929b3' }),
    defaultUserRolePermissions: merged({
      allowedToCreateApps: flag({ default: true }),
      allowedToCreateSecurityGroups: flag({ access: 'gap', default: true }),
      allowedToCreateTenants: flag({ access: 'gap', default: true }),
      allowedToReadOtherUsers: flag({ access: 'gap', default: true }),
      permissionGrantPoliciesAssigned: listOf(text(), { access: 'gap' }),
    }),
  },
}
