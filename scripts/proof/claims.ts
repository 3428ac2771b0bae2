import type { JWTPayload } from 'jose'

/** What a token must say, as a contract in both directions. */
export interface ExpectedToken {
  readonly tenantId: string
  readonly clientId: string
  /** Accepted audiences: the identifier that was asked for, or the API's app id. */
  readonly audiences: readonly string[]
  /** The declared application permissions of this API: neither more nor less. */
  readonly roles: readonly string[]
}

/** One thing that was checked. */
export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found, in a few words; for a failure also what it means. */
  readonly detail: string
}

/**
 * Compares a token's claims with the declaration.
 *
 * Both token versions are read: v1.0 names the client `appid`, v2.0 `azp` ("Access token claims reference").
 */
export function judgeClaims(claims: JWTPayload, expected: ExpectedToken): Check[] {
  const client = claims['appid'] ?? claims['azp']
  const audience = typeof claims.aud === 'string' ? claims.aud : ''
  return [
    equal('tenant (tid)', claims['tid'], expected.tenantId),
    equal('client (appid)', client, expected.clientId),
    {
      name: 'audience (aud)',
      ok: expected.audiences.includes(audience),
      detail: expected.audiences.includes(audience)
        ? audience
        : `"${audience}" instead of "${expected.audiences[0]}"`,
    },
    judgeRoles(claims['roles'], expected.roles),
  ]
}

function equal(name: string, found: unknown, wanted: string): Check {
  const ok = found === wanted
  return { name, ok, detail: ok ? wanted : `"${found}" instead of "${wanted}"` }
}

function judgeRoles(claim: unknown, declared: readonly string[]): Check {
  const found = Array.isArray(claim) ? claim.map(String) : []
  const missing = declared.filter((role) => !found.includes(role))
  const extra = found.filter((role) => !declared.includes(role))
  const name = 'permissions (roles)'
  if (missing.length === 0 && extra.length === 0) {
    return {
      name,
      ok: true,
      detail: declared.length > 0 ? `exactly ${[...declared].sort().join(', ')}` : 'none, as declared',
    }
  }
  const parts = [
    missing.length > 0 &&
      `missing ${missing.join(', ')}: declared, but not consented to (or not yet replicated)`,
    extra.length > 0 && `extra ${extra.join(', ')}: consented to, but not declared`,
  ]
  return { name, ok: false, detail: parts.filter(Boolean).join('; ') }
}
