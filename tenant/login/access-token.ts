import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Directory } from '../directory.ts'
import type { Authorisation } from './client-credentials.ts'
import type { SigningKey } from './keys.ts'

/** How long a token lasts, as the answer tells it. */
export const EXPIRES_IN_SECONDS = 3599

/** Entra dates tokens back by this much, for clients whose clocks lag. */
const BACKDATED_SECONDS = 300

const VALID_SECONDS = 3900

/** In every app-only token for Graph: stands for "no directory role". */
const NO_ROLE_WIDS = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'

/** The issuer in v1 tokens; the real one is `https://sts.windows.net/{tenant}/`. */
export function v1Issuer(directory: Directory): string {
  return `${directory.url()}/${directory.tenantId}/`
}

/** The issuer in v2 tokens and in the discovery document. */
export function v2Issuer(directory: Directory): string {
  return `${directory.url()}/${directory.tenantId}/v2.0`
}

/** Signs the access token for an authorised client: v1 or v2 claims, as the resource wants it. */
export async function issueAccessToken(
  directory: Directory,
  key: SigningKey,
  authorisation: Authorisation,
): Promise<string> {
  const { tokenVersion } = authorisation
  const header = { typ: 'JWT', alg: 'RS256', kid: key.kid, ...(tokenVersion === 1 ? { x5t: key.kid } : {}) }
  return new SignJWT(claimsFor(directory, authorisation)).setProtectedHeader(header).sign(key.privateKey)
}

function claimsFor(directory: Directory, authorisation: Authorisation): Record<string, unknown> {
  const issuedAt = Math.floor(directory.now().getTime() / 1000) - BACKDATED_SECONDS
  const issuer = authorisation.tokenVersion === 1 ? v1Issuer(directory) : v2Issuer(directory)
  const rest = {
    aio: opaque(40),
    oid: authorisation.servicePrincipalId,
    rh: `1.${opaque(42)}.`,
    sub: authorisation.servicePrincipalId,
    tid: directory.tenantId,
    uti: opaque(16),
    ver: authorisation.tokenVersion === 1 ? '1.0' : '2.0',
    ...(authorisation.roles.length > 0 ? { roles: authorisation.roles } : {}),
    ...(authorisation.tokenVersion === 1
      ? v1Claims(directory, authorisation, issuer)
      : { azp: authorisation.clientAppId, azpacr: '1' }),
  }
  return {
    aud: authorisation.audience,
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + VALID_SECONDS,
    // Entra orders all claims but the first five by name.
    ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function v1Claims(
  directory: Directory,
  authorisation: Authorisation,
  issuer: string,
): Record<string, unknown> {
  return {
    appid: authorisation.clientAppId,
    appidacr: '1',
    idp: issuer,
    ...(authorisation.isMicrosoftResource ? { idtyp: 'app' } : {}),
    ...(authorisation.isMicrosoftGraph
      ? {
          app_displayname: authorisation.clientDisplayName,
          tenant_region_scope: 'EU',
          wids: [NO_ROLE_WIDS],
          xms_tcdt: Math.floor(directory.createdAt.getTime() / 1000),
        }
      : {}),
  }
}

/** Stands in for the claims whose contents only Entra understands. */
function opaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
