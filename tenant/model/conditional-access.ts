import type { EntitySet } from './entity-set.ts'
import { plainSet } from './plain-set.ts'
import { complex, flag, guid, int32, listOf, moment, text } from './property.ts'

/** Clients send null for a list that they leave empty. */
const names = listOf(text({ nullable: false }), { nullable: true })

const filter = complex({ mode: text({ values: ['include', 'exclude'] }), rule: text() })

const guests = complex({
  guestOrExternalUserTypes: text(),
  externalTenants: complex({ '@odata.type': text(), members: names, membershipKind: text() }),
})

const conditions = complex(
  {
    userRiskLevels: names,
    signInRiskLevels: names,
    servicePrincipalRiskLevels: names,
    insiderRiskLevels: text(),
    clientAppTypes: listOf(text({ nullable: false }), { nullable: true, default: ['all'] }),
    applications: complex({
      includeApplications: names,
      excludeApplications: names,
      includeUserActions: names,
      includeAuthenticationContextClassReferences: names,
      applicationFilter: filter,
    }),
    authenticationFlows: complex({ transferMethods: text() }),
    users: complex({
      includeUsers: names,
      excludeUsers: names,
      includeGroups: names,
      excludeGroups: names,
      includeRoles: names,
      excludeRoles: names,
      includeGuestsOrExternalUsers: guests,
      excludeGuestsOrExternalUsers: guests,
    }),
    clientApplications: complex({
      includeServicePrincipals: names,
      excludeServicePrincipals: names,
      servicePrincipalFilter: filter,
    }),
    devices: complex({ deviceFilter: filter }),
    locations: complex({ includeLocations: names, excludeLocations: names }),
    platforms: complex({ includePlatforms: names, excludePlatforms: names }),
  },
  { nullable: false, required: true },
)

const isEnabled = flag()

/** Microsoft Graph v1.0: conditionalAccessPolicy resource type. Kept; nobody who signs in here is held to it. */
export const conditionalAccessPolicies: EntitySet = plainSet(
  'conditionalAccessPolicies',
  'conditionalAccessPolicy',
  {
    templateId: text({ access: 'echo' }),
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    createdDateTime: moment({ access: 'read' }),
    modifiedDateTime: moment({ access: 'read' }),
    state: text({
      nullable: false,
      required: true,
      values: ['enabled', 'disabled', 'enabledForReportingButNotEnforced'],
    }),
    conditions,
    grantControls: complex({
      operator: text({ values: ['AND', 'OR'] }),
      builtInControls: names,
      customAuthenticationFactors: names,
      termsOfUse: names,
      authenticationStrength: complex({ id: guid({ nullable: false, required: true }) }),
    }),
    sessionControls: complex({
      disableResilienceDefaults: flag(),
      applicationEnforcedRestrictions: complex({ isEnabled }),
      cloudAppSecurity: complex({ cloudAppSecurityType: text(), isEnabled }),
      persistentBrowser: complex({ mode: text(), isEnabled }),
      signInFrequency: complex({
        authenticationType: text(),
        frequencyInterval: text(),
        isEnabled,
        type: text(),
        value: int32(),
      }),
    }),
  },
  { address: 'identity/conditionalAccess/policies', indexes: ['displayName'] },
)

/** Microsoft Graph v1.0: namedLocation resource type, abstract over IP ranges and countries. */
export const namedLocations: EntitySet = plainSet(
  'namedLocations',
  'namedLocation',
  {
    displayName: text({ maxLength: 256, nullable: false, required: true }),
    createdDateTime: moment({ access: 'read' }),
    modifiedDateTime: moment({ access: 'read' }),
    isTrusted: flag({ nullable: false, default: false }),
    ipRanges: listOf(
      complex({
        '@odata.type': text({
          nullable: false,
          required: true,
          values: ['#microsoft.graph.iPv4CidrRange', '#microsoft.graph.iPv6CidrRange'],
        }),
        cidrAddress: text({ nullable: false, required: true }),
      }),
    ),
    countriesAndRegions: listOf(text({ nullable: false, maxLength: 2 })),
    countryLookupMethod: text({
      values: ['clientIpAddress', 'authenticatorAppGps'],
      default: 'clientIpAddress',
    }),
    includeUnknownCountriesAndRegions: flag({ nullable: false, default: false }),
  },
  {
    address: 'identity/conditionalAccess/namedLocations',
    indexes: ['displayName'],
    kinds: {
      ipNamedLocation: ['isTrusted', 'ipRanges'],
      countryNamedLocation: [
        'countriesAndRegions',
        'countryLookupMethod',
        'includeUnknownCountriesAndRegions',
      ],
    },
  },
)

/** Microsoft Graph v1.0: authenticationStrengthPolicy resource type. */
export const authenticationStrengthPolicies: EntitySet = plainSet(
  'authenticationStrengthPolicies',
  'authenticationStrengthPolicy',
  {
    createdDateTime: moment({ access: 'read' }),
    modifiedDateTime: moment({ access: 'read' }),
    displayName: text({ maxLength: 30, nullable: false, required: true }),
    description: text(),
    policyType: text({ access: 'echo', default: 'custom' }),
    requirementsSatisfied: text({ access: 'echo', default: 'mfa' }),
    allowedCombinations: listOf(text({ nullable: false }), { access: 'create', required: true }),
  },
  { address: 'policies/authenticationStrengthPolicies', indexes: ['displayName'] },
)
