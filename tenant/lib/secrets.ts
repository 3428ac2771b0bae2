import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~'

/** How a client secret is kept: never as it was issued. */
export interface SecretHash {
  /** 16 random bytes, base64url. */
  readonly salt: string
  /** SHA-256 over salt and secret, base64url. */
  readonly hash: string
}

/** A new client secret: 40 characters with the `8Q~` mark that secret scanners know Entra's secrets by. */
export function newSecret(): string {
  return `${randomText(3)}8Q~${randomText(34)}`
}

/**
 * One fast, salted hash is right here and would be wrong for passwords: these secrets are random and some 200 bits
 * long, so there is nothing to guess, and each token request has to check one.
 */
export function hashSecret(secret: string): SecretHash {
  const salt = randomBytes(16).toString('base64url')
  return { salt, hash: digest(salt, secret).toString('base64url') }
}

/** Whether `secret` is the one that `kept` was made from; takes the same time either way. */
export function secretMatches(secret: string, kept: SecretHash): boolean {
  return timingSafeEqual(digest(kept.salt, secret), Buffer.from(kept.hash, 'base64url'))
}

function digest(salt: string, secret: string): Buffer {
  return createHash('sha256').update(salt).update(secret).digest()
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
