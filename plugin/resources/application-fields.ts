import { OPTIONAL_CLAIM_PROPERTIES } from '../../microsoft/optional-claims.ts'
import type { CollectionProperty, Fields, Rule, StringProperty } from '../schema/property.ts'
import {
  claimValue,
  logoutUrl,
  maxLength,
  notEmpty,
  oneOf,
  publicRedirectUri,
  spaRedirectUri,
  uuid,
  webRedirectUri,
  webUrl,
} from '../schema/rules.ts'
import { logoImage } from './application-logo.ts'
import { featureProperty } from './feature-tags.ts'

// Names and defaults are those of azuread 6.9.1; `graph` names the member of Microsoft Graph's application resource type.

const REDIRECT_URI_LIMIT = 256

function redirectUris(rule: Rule): CollectionProperty {
  return {
    type: 'set',
    graph: 'redirectUris',
    maxItems: REDIRECT_URI_LIMIT,
    element: { type: 'string', rule },
  }
}

const url = (graph: string): StringProperty => ({ type: 'string', graph })

export const APP_ROLE_FIELDS: Fields = {
  id: { type: 'string', graph: 'id', required: true, rule: uuid },
  allowedMemberTypes: {
    type: 'set',
    graph: 'allowedMemberTypes',
    required: true,
    minItems: 1,
    element: { type: 'string', rule: oneOf('Application', 'User') },
  },
  description: { type: 'string', graph: 'description', required: true, rule: notEmpty },
  displayName: { type: 'string', graph: 'displayName', required: true, rule: notEmpty },
  enabled: { type: 'boolean', graph: 'isEnabled', default: true },
  value: { type: 'string', graph: 'value', blank: 'keep', rule: claimValue },
}

export const PERMISSION_SCOPE_FIELDS: Fields = {
  id: { type: 'string', graph: 'id', required: true, rule: uuid },
  adminConsentDescription: {
    type: 'string',
    graph: 'adminConsentDescription',
    blank: 'keep',
    rule: notEmpty,
  },
  adminConsentDisplayName: {
    type: 'string',
    graph: 'adminConsentDisplayName',
    blank: 'keep',
    rule: notEmpty,
  },
  enabled: { type: 'boolean', graph: 'isEnabled', default: true },
  type: { type: 'string', graph: 'type', default: 'User', rule: oneOf('Admin', 'User') },
  userConsentDescription: { type: 'string', graph: 'userConsentDescription', blank: 'keep', rule: notEmpty },
  userConsentDisplayName: { type: 'string', graph: 'userConsentDisplayName', blank: 'keep', rule: notEmpty },
  value: { type: 'string', graph: 'value', blank: 'keep', rule: claimValue },
}

export const PERMISSION_SCOPE_SET: CollectionProperty = {
  type: 'set',
  graph: 'oauth2PermissionScopes',
  element: { type: 'block', fields: PERMISSION_SCOPE_FIELDS },
}

const optionalClaims = (graph: string): CollectionProperty => ({
  type: 'list',
  graph,
  element: {
    type: 'block',
    fields: {
      name: { type: 'string', graph: 'name', required: true },
      source: { type: 'string', graph: 'source', blank: 'omit', rule: oneOf('user') },
      essential: { type: 'boolean', graph: 'essential' },
      additionalProperties: {
        type: 'list',
        graph: 'additionalProperties',
        element: { type: 'string', rule: oneOf(...OPTIONAL_CLAIM_PROPERTIES) },
      },
    },
  },
})

export const APPLICATION_FIELDS: Fields = {
  displayName: { type: 'string', graph: 'displayName', required: true, rule: notEmpty },
  api: {
    type: 'block',
    graph: 'api',
    absentIs: 'defaults',
    fields: {
      knownClientApplications: {
        type: 'set',
        graph: 'knownClientApplications',
        element: { type: 'string', rule: uuid },
      },
      mappedClaimsEnabled: { type: 'boolean', graph: 'acceptMappedClaims' },
      oauth2PermissionScopes: PERMISSION_SCOPE_SET,
      requestedAccessTokenVersion: {
        type: 'integer',
        graph: 'requestedAccessTokenVersion',
        default: 1,
        rule: oneOf('1', '2'),
      },
    },
  },
  appRoles: {
    type: 'set',
    graph: 'appRoles',
    write: 'changed',
    element: { type: 'block', fields: APP_ROLE_FIELDS },
  },
  description: { type: 'string', graph: 'description', rule: maxLength(1024) },
  deviceOnlyAuthEnabled: { type: 'boolean', graph: 'isDeviceOnlyAuthSupported' },
  fallbackPublicClientEnabled: { type: 'boolean', graph: 'isFallbackPublicClient' },
  featureTags: featureProperty('featureTags', ['tags']),
  groupMembershipClaims: {
    type: 'set',
    graph: 'groupMembershipClaims',
    separator: ',',
    element: {
      type: 'string',
      rule: oneOf('All', 'None', 'ApplicationGroup', 'DirectoryRole', 'SecurityGroup'),
    },
  },
  identifierUris: {
    type: 'set',
    graph: 'identifierUris',
    write: 'changed',
    element: { type: 'string', rule: notEmpty },
  },
  logoImage: { type: 'string', rule: logoImage },
  marketingUrl: url('info.marketingUrl'),
  notes: { type: 'string', graph: 'notes', rule: notEmpty },
  oauth2PostResponseRequired: { type: 'boolean' },
  optionalClaims: {
    type: 'block',
    graph: 'optionalClaims',
    write: 'changed',
    absentIs: 'defaults',
    fields: {
      accessTokens: optionalClaims('accessToken'),
      idTokens: optionalClaims('idToken'),
      saml2Tokens: optionalClaims('saml2Token'),
    },
  },
  owners: { type: 'set', maxItems: 100, element: { type: 'string', rule: uuid } },
  password: {
    type: 'block',
    secret: true,
    fields: {},
    notServed: 'is not served by the local azuread plugin; use azuread.ApplicationPassword',
  },
  preventDuplicateNames: { type: 'boolean' },
  privacyStatementUrl: url('info.privacyStatementUrl'),
  publicClient: {
    type: 'block',
    graph: 'publicClient',
    absentIs: 'defaults',
    fields: { redirectUris: redirectUris(publicRedirectUri) },
  },
  requiredResourceAccesses: {
    type: 'set',
    graph: 'requiredResourceAccess',
    write: 'changed',
    element: {
      type: 'block',
      fields: {
        resourceAccesses: {
          type: 'list',
          graph: 'resourceAccess',
          required: true,
          element: {
            type: 'block',
            fields: {
              id: { type: 'string', graph: 'id', required: true, rule: uuid },
              type: { type: 'string', graph: 'type', required: true, rule: oneOf('Role', 'Scope') },
            },
          },
        },
        resourceAppId: { type: 'string', graph: 'resourceAppId', required: true },
      },
    },
  },
  serviceManagementReference: { type: 'string', graph: 'serviceManagementReference' },
  signInAudience: {
    type: 'string',
    graph: 'signInAudience',
    default: 'AzureADMyOrg',
    rule: oneOf(
      'AzureADMyOrg',
      'AzureADMultipleOrgs',
      'AzureADandPersonalMicrosoftAccount',
      'PersonalMicrosoftAccount',
    ),
  },
  singlePageApplication: {
    type: 'block',
    graph: 'spa',
    absentIs: 'defaults',
    fields: { redirectUris: redirectUris(spaRedirectUri) },
  },
  supportUrl: url('info.supportUrl'),
  tags: {
    type: 'set',
    graph: 'tags',
    computed: 'optional',
    conflictsWith: ['featureTags'],
    element: { type: 'string' },
  },
  templateId: {
    type: 'string',
    computed: 'optional',
    graph: 'applicationTemplateId',
    forceNew: true,
    blank: 'omit',
    rule: uuid,
  },
  termsOfServiceUrl: url('info.termsOfServiceUrl'),
  web: {
    type: 'block',
    graph: 'web',
    absentIs: 'defaults',
    fields: {
      homepageUrl: { type: 'string', graph: 'homePageUrl', rule: webUrl },
      implicitGrant: {
        type: 'block',
        graph: 'implicitGrantSettings',
        absentIs: 'defaults',
        fields: {
          accessTokenIssuanceEnabled: { type: 'boolean', graph: 'enableAccessTokenIssuance' },
          idTokenIssuanceEnabled: { type: 'boolean', graph: 'enableIdTokenIssuance' },
        },
      },
      logoutUrl: { type: 'string', graph: 'logoutUrl', rule: logoutUrl },
      redirectUris: redirectUris(webRedirectUri),
    },
  },
  appRoleIds: { type: 'map', computed: 'always' },
  clientId: { type: 'string', computed: 'always', graph: 'appId' },
  disabledByMicrosoft: { type: 'string', computed: 'always', graph: 'disabledByMicrosoftStatus' },
  logoUrl: { type: 'string', computed: 'always', graph: 'info.logoUrl' },
  oauth2PermissionScopeIds: { type: 'map', computed: 'always' },
  objectId: { type: 'string', computed: 'always', graph: 'id' },
  publisherDomain: { type: 'string', computed: 'always', graph: 'publisherDomain' },
}
