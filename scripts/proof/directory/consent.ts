import { type ContractCode, contractFailure } from '../catalogue/index.ts'
import { failed, passed, unreadable, warning } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import type { Grants, RoleGrant, ScopeGrant } from './grants.ts'

/** What an application declares, and whether this stack consents to it. */
export interface DeclaredConsent {
  readonly consent: 'grant' | 'request'
  /** By the API's declared name. */
  readonly permissions: Readonly<
    Record<
      string,
      {
        readonly appId: string
        readonly application: readonly string[]
        readonly delegated: readonly string[]
      }
    >
  >
  /** Where an administrator consents with one click; shown when consent is missing. */
  readonly adminConsentUrl: string
}

/** Scopes of OpenID Connect, which sign-in pages add to a consent by themselves ("Scopes and permissions"). */
const SIGN_IN_SCOPES: readonly string[] = ['openid', 'profile', 'email', 'offline_access']

/** Compares the consent in the directory with the declaration, in both directions. Pure. */
export function judgeConsent(declared: DeclaredConsent, grants: Grants): Check[] {
  return [...judgeRoleGrants(declared, grants), ...judgeScopeGrants(declared, grants)]
}

function judgeRoleGrants(declared: DeclaredConsent, { roles }: Grants): Check[] {
  const name = 'consent to application permissions'
  if (!roles.ok) return [unreadable(name, roles.failure)]
  const wanted = Object.entries(declared.permissions).flatMap(([api, { appId, application }]) =>
    application.map((role): RoleGrant => ({ apiAppId: appId, apiName: api, role })),
  )
  const same = (a: RoleGrant) => (b: RoleGrant) => a.apiAppId === b.apiAppId && a.role === b.role
  const missing = wanted.filter((grant) => !roles.value.some(same(grant)))
  const extra = roles.value.filter((grant) => !wanted.some(same(grant)))
  const checks = [
    ...missing.map(({ role, apiName }) =>
      difference(
        'GRANT_MISSING',
        `consent to ${role} on ${apiName}`,
        `declared, not granted${hint(declared)}`,
      ),
    ),
    ...extra.map(({ role, apiName, createdAt }) =>
      difference(
        'GRANT_UNDECLARED',
        `consent to ${role} on ${apiName}`,
        `granted${since(createdAt)}, not declared`,
      ),
    ),
  ]
  return checks.length > 0 ? checks : [passed(name, listed(wanted.map(({ role }) => role)))]
}

function judgeScopeGrants(declared: DeclaredConsent, { scopes }: Grants): Check[] {
  const name = 'consent to delegated permissions'
  if (!scopes.ok) return [unreadable(name, scopes.failure)]
  const apis = Object.entries(declared.permissions).map(([api, { appId, delegated }]) => ({
    api,
    appId,
    wanted: delegated,
    granted: scopes.value
      .filter((grant) => grant.apiAppId === appId && grant.forEveryone)
      .flatMap((g) => g.scopes),
  }))
  const known = new Set(apis.map(({ appId }) => appId))
  const undeclaredApis = scopes.value.filter(
    ({ apiAppId, forEveryone }) => forEveryone && !known.has(apiAppId),
  )
  const checks = [
    ...apis.flatMap(({ api, wanted, granted }) => [
      ...wanted
        .filter((scope) => !granted.includes(scope))
        .map((scope) => missingScope(declared, `consent to ${scope} (delegated) on ${api}`)),
      ...granted.filter((scope) => !wanted.includes(scope)).map((scope) => extraScope(scope, api)),
    ]),
    ...undeclaredApis.flatMap(({ scopes: found, apiName }) =>
      found.map((scope) => extraScope(scope, apiName)),
    ),
    ...forSinglePersons(scopes.value, declared),
  ]
  return checks.length > 0 ? checks : [passed(name, listed(apis.flatMap(({ wanted }) => wanted)))]
}

/** With `consent: request` each person may consent for themselves, so a missing grant for all is not a fault. */
function missingScope(declared: DeclaredConsent, name: string): Check {
  if (declared.consent === 'request') {
    return warning(
      name,
      `nobody has consented for the whole tenant; people are asked one by one${hint(declared)}`,
    )
  }
  return difference('SCOPE_MISSING', name, 'declared, not granted for the whole tenant')
}

function extraScope(scope: string, api: string): Check {
  const name = `consent to ${scope} (delegated) on ${api}`
  if (SIGN_IN_SCOPES.includes(scope))
    return warning(name, 'granted, not declared; sign-in pages add it by themselves')
  return difference('SCOPE_UNDECLARED', name, 'granted for the whole tenant, not declared')
}

/** People may consent for themselves to what is declared; anything else they were asked for by somebody else. */
function forSinglePersons(grants: readonly ScopeGrant[], { permissions }: DeclaredConsent): Check[] {
  const declared = new Map(Object.values(permissions).map(({ appId, delegated }) => [appId, delegated]))
  const foreign = grants
    .filter(({ forEveryone }) => !forEveryone)
    .flatMap(({ scopes, apiAppId, apiName }) =>
      scopes
        .filter((scope) => !declared.get(apiAppId)?.includes(scope) && !SIGN_IN_SCOPES.includes(scope))
        .map((scope) => `${scope} on ${apiName}`),
    )
  return [...new Set(foreign)].map((scope) =>
    warning(`consent to ${scope} (delegated)`, 'a person has consented to it, but it is not declared'),
  )
}

function difference(code: ContractCode, name: string, message: string): Check {
  return failed(name, contractFailure(code, message))
}

function hint({ consent, adminConsentUrl }: DeclaredConsent): string {
  return consent === 'request' ? `; an administrator consents at ${adminConsentUrl}` : ''
}

function since(createdAt: string | undefined): string {
  return createdAt ? ` on ${createdAt}` : ''
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none, as declared' : `exactly ${[...names].sort().join(', ')}`
}
