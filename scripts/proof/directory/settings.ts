import { describeExposed, type Setting } from '../../../infra/registration/settings.ts'
import type { Entity } from './reader.ts'

/**
 * The single settings of an application and its service principal as they are in the directory, by the paths that the
 * declaration has for them. Empty texts count as not set.
 */
export function liveSettings(application: Entity, principal: Entity): Record<string, Setting> {
  const web = member(application, 'web')
  const implicit = member(web, 'implicitGrantSettings')
  const info = member(application, 'info')
  const api = member(application, 'api')
  const claims = member(application, 'optionalClaims')
  return {
    signInAudience: text(application['signInAudience']),
    description: text(application['description']),
    notes: text(application['notes']),
    serviceManagementReference: text(application['serviceManagementReference']),
    fallbackPublicClient: application['isFallbackPublicClient'] === true,
    tags: texts(application['tags']),
    'web.homepage': text(web['homePageUrl']),
    'web.logoutUrl': text(web['logoutUrl']),
    'web.implicitGrant.accessTokens': implicit['enableAccessTokenIssuance'] === true,
    'web.implicitGrant.idTokens': implicit['enableIdTokenIssuance'] === true,
    'info.marketing': text(info['marketingUrl']),
    'info.privacyStatement': text(info['privacyStatementUrl']),
    'info.support': text(info['supportUrl']),
    'info.termsOfService': text(info['termsOfServiceUrl']),
    // Where nothing is said, tokens are of version 1 ("apiApplication resource type").
    accessTokenVersion: Number(api['requestedAccessTokenVersion'] ?? 1),
    scopes: offered(api['oauth2PermissionScopes']),
    appRoles: offered(application['appRoles']),
    'claims.groups': groups(application['groupMembershipClaims']),
    'claims.accessToken': names(claims['accessToken']),
    'claims.idToken': names(claims['idToken']),
    'claims.saml2Token': names(claims['saml2Token']),
    'servicePrincipal.assignmentRequired': principal['appRoleAssignmentRequired'] === true,
    'servicePrincipal.description': text(principal['description']),
    'servicePrincipal.notes': text(principal['notes']),
    'servicePrincipal.loginUrl': text(principal['loginUrl']),
    'servicePrincipal.notificationEmailAddresses': texts(principal['notificationEmailAddresses']),
    'servicePrincipal.tags': texts(principal['tags']),
  }
}

function member(entity: Entity, name: string): Entity {
  return (entity[name] ?? {}) as Entity
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String).sort() : []
}

function list(value: unknown): readonly Entity[] {
  return Array.isArray(value) ? (value as Entity[]) : []
}

function names(value: unknown): string[] {
  return texts(list(value).map(({ name }) => name))
}

function offered(value: unknown): string[] {
  return list(value)
    .map((each) =>
      describeExposed({
        value: text(each['value']) ?? '',
        id: String(each['id']),
        enabled: each['isEnabled'] !== false,
      }),
    )
    .sort()
}

/** Graph writes them in one text, with commas; `None` stands for none. */
function groups(value: unknown): string[] {
  return (text(value) ?? '')
    .split(/[, ]+/)
    .filter((group) => group !== '' && group !== 'None')
    .sort()
}
