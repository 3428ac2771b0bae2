import { decodeJwt, type JWTPayload } from 'jose'
import { type ContractCode, contractFailure, type Explained } from '../catalogue/index.ts'
import type { GrantsAnswer } from '../model/ports.ts'
import type { ExpectedApi } from '../model/target.ts'

/** Entra dates tokens back by five minutes; as much again for a clock that differs from ours. */
const ISSUED_AT_TOLERANCE_MS = 600_000

/** What a token must say, as a contract in both directions. */
export interface ExpectedToken {
  readonly tenantId: string
  readonly clientId: string
  /** Accepted audiences: the identifier that was asked for, or the API's app id. */
  readonly audiences: readonly string[]
  readonly api: ExpectedApi
  /** The token must not be older than this. */
  readonly changedAt?: Date
}

/** One thing that was compared. */
export type Finding =
  | { readonly name: string; readonly ok: true; readonly detail: string }
  | { readonly name: string; readonly ok: false; readonly failure: Explained }

/** Reads a token's claims. The signature is not checked: a token is a secret between issuer and API, and came by TLS. */
export function readClaims(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token)
  } catch {
    return undefined
  }
}

/**
 * Compares a token with the declaration, roles included.
 *
 * Both token versions are read: v1.0 names the client `appid`, v2.0 `azp` ("Access token claims reference").
 */
export function judgeClaims(claims: JWTPayload, expected: ExpectedToken, grants?: GrantsAnswer): Finding[] {
  const audience = typeof claims.aud === 'string' ? claims.aud : ''
  return [
    equal('tenant (tid)', 'WRONG_TENANT', claims['tid'], [expected.tenantId]),
    equal('client (appid)', 'WRONG_CLIENT', claims['appid'] ?? claims['azp'], [expected.clientId]),
    equal('audience (aud)', 'WRONG_AUDIENCE', audience, expected.audiences),
    ...judgeAge(claims, expected.changedAt),
    ...judgeRoles(rolesIn(claims), expected.api, grants),
  ]
}

/** The application permissions in a token; none granted, and the claim is absent. */
export function rolesIn(claims: JWTPayload): string[] {
  const { roles } = claims
  return Array.isArray(roles) ? roles.map(String) : []
}

function equal(name: string, code: ContractCode, found: unknown, wanted: readonly string[]): Finding {
  const same = wanted.some((value) => value.toLowerCase() === String(found).toLowerCase())
  if (same) return { name, ok: true, detail: String(found) }
  return broken(name, code, `"${String(found)}" instead of "${wanted[0]}"`)
}

function judgeAge(claims: JWTPayload, changedAt: Date | undefined): Finding[] {
  if (!changedAt || claims.iat === undefined) return []
  const name = 'issued after the change (iat)'
  const issued = new Date(claims.iat * 1000)
  const ok = issued.getTime() + ISSUED_AT_TOLERANCE_MS >= changedAt.getTime()
  const detail = `${issued.toISOString()} (Entra dates back), changed ${changedAt.toISOString()}`
  return [ok ? { name, ok, detail } : broken(name, 'STALE_TOKEN', detail)]
}

/**
 * Client credentials always return every role that is granted, so the claim is the whole truth to compare with; each
 * difference is a finding of its own. The directory, where it can be read, says which side a difference is on.
 */
function judgeRoles(found: readonly string[], api: ExpectedApi, grants: GrantsAnswer | undefined): Finding[] {
  const granted = grants?.ok ? (grants.roles.get(api.appId) ?? []) : undefined
  const missing = api.roles.filter((role) => !found.includes(role))
  const extra = found.filter((role) => !api.roles.includes(role))
  if (missing.length === 0 && extra.length === 0) {
    const detail = api.roles.length > 0 ? `exactly ${[...api.roles].sort().join(', ')}` : 'none, as declared'
    return [{ name: `permissions on ${api.name}`, ok: true, detail }]
  }
  return [
    ...missing.map((role) => difference('missing', role, api, missingCode(granted, role))),
    ...extra.map((role) => difference('extra', role, api, extraCode(granted, role))),
  ]
}

function missingCode(granted: readonly string[] | undefined, role: string): ContractCode {
  if (!granted) return 'ROLE_MISSING'
  return granted.includes(role) ? 'ROLE_NOT_IN_TOKEN' : 'ROLE_NOT_CONSENTED'
}

function extraCode(granted: readonly string[] | undefined, role: string): ContractCode {
  if (!granted) return 'ROLE_UNEXPECTED'
  return granted.includes(role) ? 'ROLE_EXTRA' : 'ROLE_NOT_YET_GONE'
}

function difference(kind: 'missing' | 'extra', role: string, api: ExpectedApi, code: ContractCode): Finding {
  return broken(`permission ${role} on ${api.name}`, code, `${kind} in the token: ${role}`)
}

/** A finding against the contract, explained from the catalogue. */
export function broken(name: string, code: ContractCode, message: string): Finding & { ok: false } {
  return { name, ok: false, failure: contractFailure(code, message) }
}

/** Hosts of Graph that are one cloud ("Microsoft Graph and Graph Explorer service root endpoints"). */
const ONE_CLOUD: readonly (readonly string[])[] = [['graph.microsoft.us', 'dod-graph.microsoft.us']]

/**
 * Compares the Graph host that the tenant's own discovery document names with the one in use: the token endpoint of
 * one cloud knows tenants of the others, and hands out tokens that nothing accepts.
 */
export function judgeCloud(graphHost: string | undefined, graphUrl: string): Finding[] {
  if (graphHost === undefined) return []
  const used = new URL(graphUrl).host
  const same =
    graphHost === used || ONE_CLOUD.some((hosts) => hosts.includes(graphHost) && hosts.includes(used))
  if (same) return []
  return [broken('cloud', 'WRONG_CLOUD', `the tenant's Graph is ${graphHost}, but ${used} is in use`)]
}
