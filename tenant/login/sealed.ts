import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import type { Platform } from './redirect-uri.ts'

/** What an authorization code and a refresh token both stand for. */
export interface Sealed {
  /** Unique to each code or token. */
  readonly id: string
  readonly clientId: string
  readonly userId: string
  readonly platform: Platform
  /** The `scope` that was asked for, or, at the v1 endpoint, the resource's `/.default`. */
  readonly scope: string
  /** When it was issued, in milliseconds since 1970. */
  readonly issuedAt: number
}

/** An authorization code also remembers how it was asked for. */
export interface SealedCode extends Sealed {
  readonly redirectUri: string
  readonly nonce?: string
  readonly challenge?: { readonly value: string; readonly method: 'plain' | 'S256' }
}

/** How long an authorization code may wait to be redeemed (Microsoft identity platform: authorization code flow). */
export const CODE_LIFETIME_MS = 600_000

export type SealedKind = 'code' | 'refresh_token'

/** How opening failed: after its time, or not one of ours. */
export type SealFailure = 'expired' | 'invalid'

/**
 * Codes and refresh tokens carry their contents themselves, encrypted for this tenant alone: they survive a restart
 * and need no table that grows.
 */
export async function seal(
  key: Uint8Array,
  kind: SealedKind,
  content: Sealed | SealedCode,
  until: Date,
): Promise<string> {
  return new EncryptJWT({ content })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setSubject(kind)
    .setExpirationTime(until)
    .encrypt(key)
}

/** Reads back what `seal` made of the same kind. An expired one still tells what it was. */
export async function unseal<Content extends Sealed>(
  key: Uint8Array,
  kind: SealedKind,
  token: string,
  now: Date,
): Promise<{ readonly content: Content; readonly failure?: SealFailure } | { readonly failure: 'invalid' }> {
  const { payload, expired } = await decrypt(key, token, now)
  if (payload === undefined || payload['sub'] !== kind) return { failure: 'invalid' }
  const content = payload['content'] as Content
  return expired ? { content, failure: 'expired' } : { content }
}

async function decrypt(key: Uint8Array, token: string, now: Date) {
  try {
    return { payload: (await jwtDecrypt(token, key, { currentDate: now })).payload, expired: false }
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { payload: error.payload, expired: true }
    if (error instanceof errors.JOSEError) return { payload: undefined, expired: false }
    throw error
  }
}
