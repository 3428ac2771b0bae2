import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { malformedAssertion } from './refusals/client.ts'

/** A client assertion taken apart; nothing in it is checked yet. */
export interface Assertion {
  readonly jwt: string
  readonly header: ProtectedHeaderParameters
  readonly claims: JWTPayload
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
  readonly from: Date
  readonly to: Date
}

/**
 * Takes a client assertion apart.
 *
 * @throws LoginError AADSTS50027 for what is none
 */
export function readAssertion(jwt: string): Assertion {
  const { header, claims } = decode(jwt)
  const { iss, sub, aud, nbf, iat, exp } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string')
    throw malformedAssertion('It has no issuer or subject.')
  if (typeof exp !== 'number') throw malformedAssertion('It has no expiry time.')
  const from = new Date((typeof nbf === 'number' ? nbf : typeof iat === 'number' ? iat : 0) * 1000)
  const to = new Date(exp * 1000)
  if (Number.isNaN(from.getTime() + to.getTime())) throw malformedAssertion('Its times are not dates.')
  return {
    jwt,
    header,
    claims,
    issuer: iss,
    subject: sub,
    audiences: [aud ?? []].flat().map(String),
    from,
    to,
  }
}

function decode(jwt: string): { header: ProtectedHeaderParameters; claims: JWTPayload } {
  try {
    return { header: decodeProtectedHeader(jwt), claims: decodeJwt(jwt) }
  } catch {
    throw malformedAssertion('It is not a signed JWT.')
  }
}
