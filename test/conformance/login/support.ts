import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { claimsOf, expectStatus, type Response, type TestTenant } from '../tenant/client.ts'

/** Makes this process trust further certificate authorities, as clients that use the default ones need it. */
export function trust(...authorities: readonly string[]): void {
  setDefaultCACertificates([...getCACertificates('default'), ...authorities])
}

/** The AADSTS number of a refusal; undefined for an answer that is none. */
export function codeOf(answer: Response): number | undefined {
  return answer.json?.error_codes?.[0]
}

/** The form of a client credentials request with an assertion. */
export function withAssertion(at: TestTenant, clientId: string, assertion: string): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
    scope: `${at.tenant.graphUrl}/.default`,
  }
}

/** Has the client sign in with an assertion and checks whom the token is for. */
export async function expectToken(at: TestTenant, clientId: string, assertion: string) {
  const answer = await at.requestToken(withAssertion(at, clientId, assertion))
  const claims = claimsOf(expectStatus(answer, 200).access_token)
  if (claims.appid !== clientId) throw new Error(`the token is for ${claims.appid}, not ${clientId}`)
  return claims
}
