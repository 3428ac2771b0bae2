import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Directory } from '../directory/directory.ts'
import { unauthenticated } from '../errors/graph-error.ts'
import { v1Issuer } from './issuer.ts'
import type { SigningKeys } from './signing-keys.ts'

/**
 * The claims of the v1 access token in an `Authorization` header, when this tenant signed it for one of `audiences` and
 * it is valid now.
 *
 * @throws GraphError 401 with Graph's own message
 */
export async function verifyAccessToken(
  directory: Directory,
  keys: SigningKeys,
  authorization: string | undefined,
  audiences: readonly string[],
): Promise<JWTPayload> {
  const token = /^bearer\s+(.*)$/i.exec(authorization ?? '')?.[1]?.trim()
  if (!token) throw unauthenticated('Access token is empty.')
  const key = keys.all.find((each) => each.kid === keyId(token))
  if (key === undefined) throw unauthenticated('Invalid x5t claim.')
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['RS256'],
      currentDate: directory.now(),
      audience: [...audiences],
      issuer: v1Issuer(directory),
    })
    return payload
  } catch (error) {
    throw refusal(error)
  }
}

function keyId(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid
  } catch {
    throw unauthenticated('CompactToken parsing failed with error code: 80049217')
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return unauthenticated('Lifetime validation failed, the token is expired.')
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(
      error.claim === 'aud'
        ? 'Access token validation failure. Invalid audience.'
        : `Access token validation failure. Invalid claim '${error.claim}'.`,
    )
  }
  if (error instanceof errors.JOSEError) {
    return unauthenticated('Access token validation failure. Invalid signature.')
  }
  return error
}
