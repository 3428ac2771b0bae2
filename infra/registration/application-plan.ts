import type * as azuread from '@pulumi/azuread'
import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import type { ExposedIds } from '../declaration/derived-ids.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { arranged, claimKey, claimsList, type ListOrder, propertiesList } from './list-order.ts'

/** The part of the application that follows from the declaration alone, as the provider takes it. */
export type ApplicationPlan = Omit<
  azuread.ApplicationArgs,
  'owners' | 'requiredResourceAccesses' | 'identifierUris' | 'logoImage'
>

/** Member types in Graph's words ("appRole resource type"). */
const MEMBER_TYPES = { users: 'User', applications: 'Application' } as const

/**
 * Decides what the application object holds. What is left out gets the provider's default.
 *
 * @param listOrder of lists that were adopted in an order of their own
 */
export function planApplication(
  app: AppDeclaration,
  ids: ExposedIds,
  listOrder: ListOrder = {},
): ApplicationPlan {
  const { spa, publicClient } = app.redirectUris
  return {
    displayName: app.displayName,
    signInAudience: app.signInAudience,
    ...given('description', app.description),
    ...given('notes', app.notes),
    ...given('serviceManagementReference', app.serviceManagementReference),
    ...given('marketingUrl', app.info.marketing),
    ...given('privacyStatementUrl', app.info.privacyStatement),
    ...given('supportUrl', app.info.support),
    ...given('termsOfServiceUrl', app.info.termsOfService),
    ...(app.fallbackPublicClient && { fallbackPublicClientEnabled: true }),
    ...(app.deviceOnlyAuth && { deviceOnlyAuthEnabled: true }),
    ...(app.postResponseRequired && { oauth2PostResponseRequired: true }),
    // Always given: where tags are left out, the provider keeps those that are there.
    tags: [...app.tags].sort(),
    ...(app.claims.groups.length > 0 && { groupMembershipClaims: [...app.claims.groups].sort() }),
    ...planWeb(app),
    ...(spa.length > 0 && { singlePageApplication: { redirectUris: [...spa] } }),
    ...(publicClient.length > 0 && { publicClient: { redirectUris: [...publicClient] } }),
    ...planClaims(app, listOrder),
    ...planAppRoles(app, ids),
  }
}

/** The API side, apart from the clients it knows, whose ids may still have to be found. */
export function planApi(
  app: AppDeclaration,
  ids: ExposedIds,
): azuread.types.input.ApplicationApi | undefined {
  const scopes = Object.entries(app.scopes).map(([value, { consentBy, admin, user, enabled }]) => ({
    id: ids.scopes[value] ?? '',
    value,
    type: consentBy === 'users' ? 'User' : 'Admin',
    adminConsentDisplayName: admin.displayName,
    adminConsentDescription: admin.description,
    // Graph shows users an empty page where only the administrators' text is given.
    ...given('userConsentDisplayName', (user ?? admin).displayName),
    ...given('userConsentDescription', (user ?? admin).description),
    enabled,
  }))
  const version = app.accessTokenVersion ?? (includesPersonalAccounts(app) ? 2 : undefined)
  const { acceptMapped } = app.claims
  if (scopes.length === 0 && version === undefined && !acceptMapped) return undefined
  return {
    ...(acceptMapped && { mappedClaimsEnabled: true }),
    ...(version !== undefined && { requestedAccessTokenVersion: version }),
    ...(scopes.length > 0 && { oauth2PermissionScopes: scopes }),
  }
}

function planWeb({ redirectUris, web }: AppDeclaration): Pick<ApplicationPlan, 'web'> {
  const { homepage, logoutUrl, implicitGrant } = web
  const plan = {
    ...(redirectUris.web.length > 0 && { redirectUris: [...redirectUris.web] }),
    ...given('homepageUrl', homepage),
    ...given('logoutUrl', logoutUrl),
    ...((implicitGrant.accessTokens || implicitGrant.idTokens) && {
      implicitGrant: {
        accessTokenIssuanceEnabled: implicitGrant.accessTokens,
        idTokenIssuanceEnabled: implicitGrant.idTokens,
      },
    }),
  }
  return Object.keys(plan).length > 0 ? { web: plan } : {}
}

function planClaims(
  { claims }: AppDeclaration,
  listOrder: ListOrder,
): Pick<ApplicationPlan, 'optionalClaims'> {
  // The provider compares these lists in order, so the order in the YAML must not matter.
  const list = (kind: 'accessToken' | 'idToken' | 'saml2Token') =>
    arranged(claims[kind], claimKey, listOrder[claimsList(kind)]).map((claim) => {
      const { name, source, essential, additionalProperties: properties } = claim
      const order = listOrder[propertiesList(kind, claim)]
      return {
        name,
        ...given('source', source),
        ...(essential && { essential }),
        ...(properties.length > 0 && { additionalProperties: arranged(properties, (each) => each, order) }),
      }
    })
  const plan = {
    ...(claims.accessToken.length > 0 && { accessTokens: list('accessToken') }),
    ...(claims.idToken.length > 0 && { idTokens: list('idToken') }),
    ...(claims.saml2Token.length > 0 && { saml2Tokens: list('saml2Token') }),
  }
  return Object.keys(plan).length > 0 ? { optionalClaims: plan } : {}
}

function planAppRoles({ appRoles }: AppDeclaration, ids: ExposedIds): Pick<ApplicationPlan, 'appRoles'> {
  const roles = Object.entries(appRoles).map(([name, role]) => ({
    id: ids.appRoles[name] ?? '',
    // Left out where it is empty: the provider takes an empty text for a mistake.
    ...given('value', (role.value ?? name) || undefined),
    displayName: role.displayName,
    description: role.description,
    allowedMemberTypes: role.for.map((kind) => MEMBER_TYPES[kind]).sort(),
    enabled: role.enabled,
  }))
  return roles.length > 0 ? { appRoles: roles } : {}
}

/** The member, or nothing where there is no value: the provider takes an explicit `undefined` as one. */
export function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V })
}
