import { PERSONAL_AUDIENCES } from '../../microsoft/audiences.ts'
import { GROUP_CLAIMS } from '../../microsoft/optional-claims.ts'
import { at, type Codec, list, off, on, type Setting, set, text } from './setting.ts'

/** The tag by which My Apps leaves an application out ("Properties of an enterprise application"). */
const HIDDEN = 'HideApp'

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Graph writes them in one text, with commas; `None` stands for none ("application resource type"). */
const groups: Codec = {
  read: (found) => {
    const written = String(text.read(found) ?? '').split(/[,\s]+/)
    const named = written.map((each) => GROUP_CLAIMS.find((name) => same(name, each)) ?? each)
    return [...new Set(named)].filter(Boolean).sort()
  },
  write: set.write,
}

/** Where nothing is said, tokens are of version 1, and of version 2 with personal accounts ("apiApplication resource type"). */
const tokenVersion: Codec = { read: (found) => Number(found ?? 1), write: (value) => value }

const visible: Codec = {
  read: (found) => !(list.read(found) as string[]).includes(HIDDEN),
  write: (value) => (value ? [] : [HIDDEN]),
}

const visibleTags: Codec = {
  read: (found) => (set.read(found) as string[]).filter((tag) => tag !== HIDDEN),
  write: set.write,
}

const implicitGrant = { codec: off, default: false, givenWith: 'implicitGrant' } as const
const optionalText = { codec: text, default: null } as const
const switchedOff = { codec: off, default: false } as const

/** Settings of the application object. */
export const APPLICATION_SETTINGS: readonly Setting[] = [
  {
    yaml: 'displayName',
    azuread: 'displayName',
    graph: 'displayName',
    ...optionalText,
    always: true,
    apart: true,
  },
  { yaml: 'description', azuread: 'description', graph: 'description', ...optionalText },
  {
    yaml: 'signInAudience',
    azuread: 'signInAudience',
    graph: 'signInAudience',
    codec: text,
    default: 'AzureADMyOrg',
    always: true,
  },
  {
    yaml: 'redirectUris.web',
    azuread: 'web.redirectUris',
    graph: 'web.redirectUris',
    codec: list,
    default: [],
    apart: true,
  },
  {
    yaml: 'redirectUris.spa',
    azuread: 'singlePageApplication.redirectUris',
    graph: 'spa.redirectUris',
    codec: list,
    default: [],
    apart: true,
  },
  {
    yaml: 'redirectUris.publicClient',
    azuread: 'publicClient.redirectUris',
    graph: 'publicClient.redirectUris',
    codec: list,
    default: [],
    apart: true,
  },
  { yaml: 'web.homepage', azuread: 'web.homepageUrl', graph: 'web.homePageUrl', ...optionalText },
  { yaml: 'web.logoutUrl', azuread: 'web.logoutUrl', graph: 'web.logoutUrl', ...optionalText },
  {
    yaml: 'web.implicitGrant.accessTokens',
    azuread: 'web.implicitGrant.accessTokenIssuanceEnabled',
    graph: 'web.implicitGrantSettings.enableAccessTokenIssuance',
    ...implicitGrant,
  },
  {
    yaml: 'web.implicitGrant.idTokens',
    azuread: 'web.implicitGrant.idTokenIssuanceEnabled',
    graph: 'web.implicitGrantSettings.enableIdTokenIssuance',
    ...implicitGrant,
  },
  {
    yaml: 'fallbackPublicClient',
    azuread: 'fallbackPublicClientEnabled',
    graph: 'isFallbackPublicClient',
    ...switchedOff,
  },
  {
    yaml: 'deviceOnlyAuth',
    azuread: 'deviceOnlyAuthEnabled',
    graph: 'isDeviceOnlyAuthSupported',
    ...switchedOff,
  },
  {
    yaml: 'postResponseRequired',
    azuread: 'oauth2PostResponseRequired',
    graph: 'oauth2RequirePostResponse',
    ...switchedOff,
    beta: true,
  },
  { yaml: 'info.marketing', azuread: 'marketingUrl', graph: 'info.marketingUrl', ...optionalText },
  {
    yaml: 'info.privacyStatement',
    azuread: 'privacyStatementUrl',
    graph: 'info.privacyStatementUrl',
    ...optionalText,
  },
  { yaml: 'info.support', azuread: 'supportUrl', graph: 'info.supportUrl', ...optionalText },
  {
    yaml: 'info.termsOfService',
    azuread: 'termsOfServiceUrl',
    graph: 'info.termsOfServiceUrl',
    ...optionalText,
  },
  {
    yaml: 'accessTokenVersion',
    azuread: 'api.requestedAccessTokenVersion',
    graph: 'api.requestedAccessTokenVersion',
    codec: tokenVersion,
    default: 1,
    value: ({ accessTokenVersion, signInAudience }) =>
      accessTokenVersion ?? usualTokenVersion(signInAudience),
  },
  {
    yaml: 'claims.groups',
    azuread: 'groupMembershipClaims',
    graph: 'groupMembershipClaims',
    codec: groups,
    default: [],
  },
  {
    yaml: 'claims.acceptMapped',
    azuread: 'api.mappedClaimsEnabled',
    graph: 'api.acceptMappedClaims',
    ...switchedOff,
  },
  // Where tags are left out, the provider keeps those that are there.
  { yaml: 'tags', azuread: 'tags', graph: 'tags', codec: set, default: [], always: true },
  { yaml: 'notes', azuread: 'notes', graph: 'notes', ...optionalText },
  {
    yaml: 'serviceManagementReference',
    azuread: 'serviceManagementReference',
    graph: 'serviceManagementReference',
    ...optionalText,
  },
]

/** The version of access tokens where a declaration says none. */
export function usualTokenVersion(signInAudience: unknown): 1 | 2 {
  return PERSONAL_AUDIENCES.has(String(signInAudience)) ? 2 : 1
}

const principal = (yaml: string, azuread: string, rest: Omit<Setting, 'yaml' | 'azuread' | 'graph'>) => ({
  yaml: `servicePrincipal.${yaml}`,
  azuread,
  graph: azuread,
  ...rest,
})

/** Settings of the service principal. */
export const SERVICE_PRINCIPAL_SETTINGS: readonly Setting[] = [
  principal('enabled', 'accountEnabled', {
    codec: on,
    default: true,
    value: (declared) => !declared['retire'] && at(declared, 'servicePrincipal.enabled'),
  }),
  principal('assignmentRequired', 'appRoleAssignmentRequired', switchedOff),
  principal('visibleToUsers', 'tags', { codec: visible, default: true }),
  principal('description', 'description', optionalText),
  principal('notes', 'notes', optionalText),
  principal('notificationEmailAddresses', 'notificationEmailAddresses', { codec: set, default: [] }),
  principal('loginUrl', 'loginUrl', optionalText),
  principal('alternativeNames', 'alternativeNames', { codec: set, default: [] }),
  principal('singleSignOn.mode', 'preferredSingleSignOnMode', optionalText),
  {
    yaml: 'servicePrincipal.singleSignOn.relayState',
    azuread: 'samlSingleSignOn.relayState',
    graph: 'samlSingleSignOnSettings.relayState',
    ...optionalText,
  },
  // Where tags are left out, the provider keeps those that are there.
  principal('tags', 'tags', { codec: visibleTags, default: [], always: true }),
]

/** Settings that are no property of the two objects, with what they are instead. */
export const OTHER_SETTINGS: Readonly<Record<string, string>> = {
  template: 'the gallery template: an argument of azuread_application alone',
  formerly: 'names in the state',
  identifierUris: 'a resource for each: azuread_application_identifier_uri',
  preAuthorizedClients: 'a resource for each: azuread_application_pre_authorized',
  knownClients: 'knownClientApplications, ids of applications that may still have to be registered',
  owners: 'owners of both objects, found by name',
  deployerIsOwner: 'one of the owners',
  logo: 'a file, which Graph does not give back',
  'servicePrincipal.owners': 'owners of the service principal, found by name',
  'servicePrincipal.deployerIsOwner': 'one of the owners',
  'servicePrincipal.singleSignOn.signingCertificates':
    'a resource for each: azuread_service_principal_token_signing_certificate',
  'servicePrincipal.singleSignOn.activeCertificate': 'a resource of the provider entra-apps',
  'servicePrincipal.singleSignOn.claimsMapping':
    'two resources: azuread_claims_mapping_policy, azuread_service_principal_claims_mapping_policy_assignment',
  'retire.after':
    'a moment that the outputs record; while `retire` is declared, servicePrincipal.enabled is false',
  assignments: 'a resource for each: azuread_app_role_assignment',
  permissions: 'requiredResourceAccess, by ids that the tenant knows',
  consent: 'resources of the consent',
  consented: 'resources of the consent',
  sites: 'a resource for each, of the provider entra-apps',
  directoryRoles: 'a resource for each: azuread_directory_role_assignment',
  secrets: 'a resource for each generation: azuread_application_password',
  certificates: 'a resource for each generation: azuread_application_certificate',
  federatedCredentials:
    'a resource for each: azuread_application_federated_identity_credential, or azuread_application_flexible_federated_identity_credential',
  tokens: 'read by `verify`',
  verify: 'read by `verify`',
  verifyWrites: 'read by `verify --write-probes`',
  suppress: 'read by the rules',
}
