import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import type { ExposedIds } from '../declaration/derived-ids.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { planServicePrincipal } from './service-principal-plan.ts'

/** The value of a setting; lists are sorted, `null` is what nobody has set. */
export type Setting = string | number | boolean | null | readonly string[]

/**
 * What a declaration makes of the single settings of an application and its service principal, by their paths in YAML:
 * what whoever looks into the directory later compares it with.
 */
export function declaredSettings(app: AppDeclaration, ids: ExposedIds): Record<string, Setting> {
  const { web, info, claims, servicePrincipal } = app
  return {
    signInAudience: app.signInAudience,
    description: app.description ?? null,
    notes: app.notes ?? null,
    serviceManagementReference: app.serviceManagementReference ?? null,
    fallbackPublicClient: app.fallbackPublicClient,
    tags: sorted(app.tags),
    'web.homepage': web.homepage ?? null,
    'web.logoutUrl': web.logoutUrl ?? null,
    'web.implicitGrant.accessTokens': web.implicitGrant.accessTokens,
    'web.implicitGrant.idTokens': web.implicitGrant.idTokens,
    'info.marketing': info.marketing ?? null,
    'info.privacyStatement': info.privacyStatement ?? null,
    'info.support': info.support ?? null,
    'info.termsOfService': info.termsOfService ?? null,
    accessTokenVersion: app.accessTokenVersion ?? (includesPersonalAccounts(app) ? 2 : 1),
    scopes: offered(app.scopes, ids.scopes),
    appRoles: offered(app.appRoles, ids.appRoles),
    'claims.groups': sorted(claims.groups),
    'claims.accessToken': sorted(claims.accessToken.map(({ name }) => name)),
    'claims.idToken': sorted(claims.idToken.map(({ name }) => name)),
    'claims.saml2Token': sorted(claims.saml2Token.map(({ name }) => name)),
    'servicePrincipal.assignmentRequired': servicePrincipal.assignmentRequired,
    'servicePrincipal.description': servicePrincipal.description ?? null,
    'servicePrincipal.notes': servicePrincipal.notes ?? null,
    'servicePrincipal.loginUrl': servicePrincipal.loginUrl || null,
    'servicePrincipal.notificationEmailAddresses': sorted(servicePrincipal.notificationEmailAddresses),
    'servicePrincipal.tags': sorted(planServicePrincipal(app).tags as string[]),
  }
}

/** Scopes or app roles, with their ids, since grants go by those. */
function offered(
  entries: Readonly<Record<string, { readonly enabled: boolean; readonly value?: string | undefined }>>,
  ids: Readonly<Record<string, string>>,
): string[] {
  return sorted(
    Object.entries(entries).map(([name, { enabled, value = name }]) =>
      describeExposed({ value, id: ids[name] ?? '', enabled }),
    ),
  )
}

/** A scope or app role in one line, the same on both sides of a comparison. */
export function describeExposed({
  value,
  id,
  enabled,
}: {
  value: string
  id: string
  enabled: boolean
}): string {
  return `${value} (${id}${enabled ? '' : ', disabled'})`
}

function sorted(list: readonly string[]): string[] {
  return [...list].sort()
}
