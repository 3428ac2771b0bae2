import type { Fields } from '../schema/property.ts'
import { maxLength, notEmpty, oneOf, uuid, webUrl } from '../schema/rules.ts'
import { APP_ROLE_FIELDS, PERMISSION_SCOPE_FIELDS } from './application-fields.ts'
import { featureProperty } from './feature-tags.ts'

/** Names and defaults of azuread 6.9.1; `graph` names the member of Microsoft Graph's servicePrincipal resource type. */
export const SERVICE_PRINCIPAL_FIELDS: Fields = {
  clientId: { type: 'string', graph: 'appId', required: true, forceNew: true, rule: uuid },
  accountEnabled: { type: 'boolean', graph: 'accountEnabled', default: true },
  alternativeNames: {
    type: 'set',
    graph: 'alternativeNames',
    element: { type: 'string', rule: notEmpty },
  },
  appRoleAssignmentRequired: { type: 'boolean', graph: 'appRoleAssignmentRequired' },
  description: { type: 'string', graph: 'description', rule: maxLength(1024) },
  featureTags: featureProperty('featureTags', ['features', 'tags']),
  features: featureProperty('features', ['featureTags', 'tags']),
  loginUrl: { type: 'string', graph: 'loginUrl', rule: webUrl },
  notes: { type: 'string', graph: 'notes', rule: maxLength(1024) },
  notificationEmailAddresses: {
    type: 'set',
    graph: 'notificationEmailAddresses',
    element: { type: 'string', rule: notEmpty },
  },
  owners: { type: 'set', element: { type: 'string', rule: uuid } },
  preferredSingleSignOnMode: {
    type: 'string',
    graph: 'preferredSingleSignOnMode',
    rule: oneOf('', 'notSupported', 'oidc', 'password', 'saml'),
  },
  samlSingleSignOn: {
    type: 'block',
    graph: 'samlSingleSignOnSettings',
    absentIs: 'defaults',
    fields: { relayState: { type: 'string', graph: 'relayState', blank: 'omit', rule: notEmpty } },
  },
  tags: {
    type: 'set',
    graph: 'tags',
    computed: 'optional',
    conflictsWith: ['featureTags', 'features'],
    element: { type: 'string' },
  },
  useExisting: { type: 'boolean' },
  appRoleIds: { type: 'map', computed: 'always' },
  appRoles: {
    type: 'list',
    graph: 'appRoles',
    computed: 'always',
    element: { type: 'block', fields: APP_ROLE_FIELDS },
  },
  applicationTenantId: { type: 'string', graph: 'appOwnerOrganizationId', computed: 'always' },
  displayName: { type: 'string', graph: 'displayName', computed: 'always' },
  homepageUrl: { type: 'string', graph: 'homepage', computed: 'always' },
  logoutUrl: { type: 'string', graph: 'logoutUrl', computed: 'always' },
  oauth2PermissionScopeIds: { type: 'map', computed: 'always' },
  oauth2PermissionScopes: {
    type: 'list',
    graph: 'oauth2PermissionScopes',
    computed: 'always',
    element: { type: 'block', fields: PERMISSION_SCOPE_FIELDS },
  },
  objectId: { type: 'string', graph: 'id', computed: 'always' },
  redirectUris: { type: 'list', graph: 'replyUrls', computed: 'always', element: { type: 'string' } },
  samlMetadataUrl: { type: 'string', computed: 'always' },
  servicePrincipalNames: {
    type: 'list',
    graph: 'servicePrincipalNames',
    computed: 'always',
    element: { type: 'string' },
  },
  signInAudience: { type: 'string', graph: 'signInAudience', computed: 'always' },
  type: { type: 'string', graph: 'servicePrincipalType', computed: 'always' },
}
