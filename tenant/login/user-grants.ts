import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { missingParameter } from '../errors/login-error.ts'
import {
  type Client,
  findClient,
  type Proof,
  type ProofContext,
  requireAudience,
  requirePrincipal,
} from './client.ts'
import type { ClientForm } from './client-form.ts'
import { type DelegatedGrant, grantForUser } from './delegated-grant.ts'
import type { LoginParts } from './parts.ts'
import { proveClient } from './prove-client.ts'
import type { Platform } from './redirect-uri.ts'
import { publicClientWithCredential } from './refusals/client.ts'
import {
  codeExpired,
  codeRedeemed,
  crossOriginNotAllowed,
  crossOriginRequired,
  grantNotValid,
  otherRedirectUri,
  refreshTokenExpired,
  spaRefreshTokenExpired,
  verifierMismatch,
} from './refusals/user.ts'
import { v1Scope } from './scopes.ts'
import { CODE_LIFETIME_MS, type Sealed, type SealedCode, seal, unseal } from './sealed.ts'
import type { TenantSegment } from './tenant-segment.ts'

/** Microsoft identity platform: refresh tokens last 90 days unused, and one day for single-page applications. */
const REFRESH_LIFETIME_MS = { web: 7_776_000_000, publicClient: 7_776_000_000, spa: 86_400_000 } as const

/** A token request as the grants of users read it. */
export interface UserGrantRequest {
  readonly form: URLSearchParams
  readonly clientForm: ClientForm
  /** The `Origin` header, which browsers send and nobody else does. */
  readonly origin: string | undefined
  readonly isV1: boolean
  readonly segment: TenantSegment
}

/** What a user's grant answers beside the access token. */
export interface UserGrant {
  readonly grant: DelegatedGrant
  readonly refreshToken: string | undefined
}

/**
 * The authorization code grant.
 *
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export async function redeemCode(
  parts: LoginParts,
  context: ProofContext,
  request: UserGrantRequest,
): Promise<UserGrant> {
  const { form, clientForm } = request
  const code = form.get('code')
  if (!code) throw missingParameter('code')
  const now = parts.directory.now()
  const client = findClient(parts.directory, clientForm.clientId)
  requireAudience(client, request.segment)
  const opened = await unseal<SealedCode>(parts.keys.sealingKey, 'code', code, now)
  if (opened.failure === 'expired') throw codeExpired()
  if (opened.failure !== undefined || opened.content.clientId !== client.appId) throw grantNotValid('code')
  const { content } = opened
  const proof = await checkPlatform(context, client, content.platform, request)
  const redirectUri = form.get('redirect_uri') || content.redirectUri
  if (redirectUri !== content.redirectUri) throw otherRedirectUri(redirectUri, content.redirectUri)
  checkVerifier(content, form.get('code_verifier'))
  requirePrincipal(parts.directory, client)
  const scope = asksForApi(form, request.isV1) ?? content.scope
  const { nonce, userId } = content
  const grant = grantForUser(parts.directory, { client, proof, userId, scope, nonce })
  if (!parts.redeemed.redeem(content.id, new Date(content.issuedAt + CODE_LIFETIME_MS), now))
    throw codeRedeemed()
  // A refresh token is for what was agreed to at sign-in, whatever this request narrows it to.
  const lasting = `${content.scope} ${scope}`.includes('offline_access')
  return {
    grant,
    refreshToken: lasting ? await issueRefreshToken(parts, content, content.issuedAt) : undefined,
  }
}

/**
 * The refresh token grant. Consent, user and client are judged anew; the old token stays good.
 *
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export async function redeemRefreshToken(
  parts: LoginParts,
  context: ProofContext,
  request: UserGrantRequest,
): Promise<UserGrant> {
  const { form, clientForm } = request
  const token = form.get('refresh_token')
  if (!token) throw missingParameter('refresh_token')
  const client = findClient(parts.directory, clientForm.clientId)
  requireAudience(client, request.segment)
  const opened = await unseal<Sealed>(parts.keys.sealingKey, 'refresh_token', token, parts.directory.now())
  if (!('content' in opened) || opened.content.clientId !== client.appId) throw grantNotValid('refresh_token')
  const { content } = opened
  if (opened.failure !== undefined) throw expiredRefreshToken(content)
  const proof = await checkPlatform(context, client, content.platform, request)
  requirePrincipal(parts.directory, client)
  const scope = asksForApi(form, request.isV1) ?? content.scope
  const grant = grantForUser(parts.directory, { client, proof, userId: content.userId, scope })
  // For single-page applications the day counts from the sign-in, however often the token is renewed.
  const from = content.platform === 'spa' ? content.issuedAt : parts.directory.now().getTime()
  return { grant, refreshToken: await issueRefreshToken(parts, content, from) }
}

/** The scope of this request, when it names an API of its own; else what the user signed in for counts. */
function asksForApi(form: URLSearchParams, isV1: boolean): string | undefined {
  if (isV1) return form.get('resource') ? v1Scope(form) : undefined
  return form.get('scope') || undefined
}

/** Where the redirect URI is registered decides who may redeem, and with what. */
async function checkPlatform(
  context: ProofContext,
  client: Client,
  platform: Platform,
  { clientForm, origin }: UserGrantRequest,
): Promise<Proof | undefined> {
  if (platform === 'spa' && origin === undefined) throw crossOriginRequired()
  if (platform !== 'spa' && origin !== undefined) throw crossOriginNotAllowed(origin)
  if (platform === 'web') return proveClient(context, client, clientForm)
  if (clientForm.clientSecret !== undefined || clientForm.assertion !== undefined) {
    throw publicClientWithCredential()
  }
  return undefined
}

/** RFC 7636 section 4.6. A verifier without a challenge is as wrong as the other way round. */
function checkVerifier({ challenge }: SealedCode, verifier: string | null): void {
  if (challenge === undefined && !verifier) return
  if (challenge === undefined || !verifier) throw verifierMismatch()
  const made =
    challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  const [given, wanted] = [Buffer.from(made), Buffer.from(challenge.value)]
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw verifierMismatch()
}

async function issueRefreshToken(parts: LoginParts, from: Sealed, issuedAt: number): Promise<string> {
  const { clientId, userId, platform, scope } = from
  const content: Sealed = { id: randomUUID(), clientId, userId, platform, scope, issuedAt }
  const until = new Date(issuedAt + REFRESH_LIFETIME_MS[platform])
  return seal(parts.keys.sealingKey, 'refresh_token', content, until)
}

function expiredRefreshToken({ platform, issuedAt }: Sealed): Error {
  return platform === 'spa'
    ? spaRefreshTokenExpired(new Date(issuedAt))
    : refreshTokenExpired(new Date(issuedAt), '90.00:00:00')
}
