import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import type { Directory } from '../directory/directory.ts'
import { v1Issuer, v2Issuer } from '../tokens/issuer.ts'
import type { SigningKey } from '../tokens/signing-keys.ts'
import type { Proof } from './client.ts'
import type { AppOnlyGrant } from './client-credentials.ts'
import type { DelegatedGrant } from './delegated-grant.ts'
import { pairwiseSubject } from './subject.ts'

/** How long a token lasts, as the answer tells it. */
export const EXPIRES_IN_SECONDS = 3599

/** Entra dates tokens back by this much, for clients whose clocks lag. */
const BACKDATED_SECONDS = 300

const VALID_SECONDS = 3900

/** In every token for Graph of an application or an ordinary user: stands for "no directory role". */
const NO_ROLE_WIDS = {
  application: '0997a1d0-0d1d-4acb-b408-d5ca73121e90',
  user: 'b79fbf4d-3ef9-4689-8143-76b194e85509',
} as const

type Claims = Record<string, unknown>

/** Signs the access token for a grant: v1 or v2 claims, as the resource wants it. */
export async function issueAccessToken(
  directory: Directory,
  key: SigningKey,
  grant: AppOnlyGrant | DelegatedGrant,
): Promise<string> {
  const isV1 = grant.resource.tokenVersion === 1
  const issuer = isV1 ? v1Issuer(directory) : v2Issuer(directory)
  const claims = {
    ...commonClaims(directory, grant),
    ...(isV1 ? v1Claims(directory, grant, issuer) : v2Claims(grant)),
    ...('user' in grant ? userClaims(grant) : {}),
  }
  return sign(directory, key, { audience: grant.resource.audience, issuer, isV1, claims })
}

/** Signs the id token of a sign-in (Microsoft identity platform: ID token claims reference). */
export async function issueIdToken(
  directory: Directory,
  key: SigningKey,
  grant: DelegatedGrant,
  isV1: boolean,
): Promise<string> {
  const issuer = isV1 ? v1Issuer(directory) : v2Issuer(directory)
  const { data } = grant.user
  const upn = String(data['userPrincipalName'])
  const claims = {
    aio: opaque(40),
    name: data['displayName'],
    oid: grant.user.id,
    rh: `1.${opaque(42)}.`,
    sub: pairwiseSubject(grant.user.id, grant.client.appId),
    tid: directory.tenantId,
    uti: opaque(16),
    ver: isV1 ? '1.0' : '2.0',
    ...(isV1 ? { unique_name: upn, upn } : { preferred_username: upn }),
    ...(grant.oidc.includes('email') && data['mail'] ? { email: data['mail'] } : {}),
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
    ...(grant.clientRoles.length > 0 ? { roles: grant.clientRoles } : {}),
  }
  return sign(directory, key, { audience: grant.client.appId, issuer, isV1, claims })
}

async function sign(
  directory: Directory,
  key: SigningKey,
  token: { audience: string; issuer: string; isV1: boolean; claims: Claims },
): Promise<string> {
  const issuedAt = Math.floor(directory.now().getTime() / 1000) - BACKDATED_SECONDS
  const payload = {
    aud: token.audience,
    iss: token.issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + VALID_SECONDS,
    // Entra orders all claims but the first five by name.
    ...Object.fromEntries(Object.entries(token.claims).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
  const header = { typ: 'JWT', alg: 'RS256', kid: key.kid, ...(token.isV1 ? { x5t: key.kid } : {}) }
  return new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey)
}

function commonClaims(directory: Directory, grant: AppOnlyGrant | DelegatedGrant): Claims {
  const subject =
    'user' in grant
      ? { oid: grant.user.id, sub: pairwiseSubject(grant.user.id, grant.resource.appId) }
      : { oid: grant.principal.id, sub: grant.principal.id }
  return {
    aio: opaque(40),
    ...subject,
    rh: `1.${opaque(42)}.`,
    tid: directory.tenantId,
    uti: opaque(16),
    ver: grant.resource.tokenVersion === 1 ? '1.0' : '2.0',
    ...(grant.roles.length > 0 ? { roles: grant.roles } : {}),
  }
}

function v1Claims(directory: Directory, grant: AppOnlyGrant | DelegatedGrant, issuer: string): Claims {
  const { client, resource } = grant
  const kind = 'user' in grant ? 'user' : 'application'
  return {
    appid: client.appId,
    appidacr: authenticationContext(grant.proof),
    // Users of this tenant come from no other identity provider, and then the claim is absent.
    ...(kind === 'application' ? { idp: issuer } : {}),
    ...(resource.isMicrosofts ? { idtyp: kind === 'user' ? 'user' : 'app' } : {}),
    ...(resource.isMicrosoftGraph
      ? {
          app_displayname: client.displayName,
          tenant_region_scope: 'EU',
          wids: [NO_ROLE_WIDS[kind]],
          xms_tcdt: Math.floor(directory.createdAt.getTime() / 1000),
        }
      : {}),
  }
}

function v2Claims({ client, proof }: AppOnlyGrant | DelegatedGrant): Claims {
  return { azp: client.appId, azpacr: authenticationContext(proof) }
}

function userClaims({ user, scopes, oidc, resource }: DelegatedGrant): Claims {
  const { data } = user
  const upn = String(data['userPrincipalName'])
  const scp = [...scopes, ...oidc.filter((name) => name !== 'offline_access')]
  return {
    scp: [...new Set(scp)].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' })).join(' '),
    name: data['displayName'],
    ...(resource.tokenVersion === 2
      ? { preferred_username: upn }
      : {
          acct: 0,
          acr: '1',
          amr: ['pwd'],
          family_name: data['surname'],
          given_name: data['givenName'],
          ipaddr: '127.0.0.1',
          unique_name: upn,
          upn,
        }),
  }
}

/** How the client proved itself: not at all, by a shared secret, or by a key (access token claims reference). */
function authenticationContext(proof: Proof | undefined): '0' | '1' | '2' {
  if (proof === undefined) return '0'
  return proof.kind === 'secret' ? '1' : '2'
}

/** Stands in for the claims whose contents only Entra understands. */
function opaque(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
