import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { type CryptoKey, importPKCS8, importX509 } from 'jose'
import { createTokenSigningMaterial, type TokenSigningMaterial } from '../certificates.ts'
import type { Json } from '../store/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'

const META_NAME = 'token-signing-keys'

/** A key that signs tokens, or once did. */
export interface SigningKey {
  /** SHA-1 thumbprint of its certificate, base64url: `kid` and `x5t` alike, as Entra does it. */
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** The public half as the keys endpoint lists it. */
  readonly jwk: { readonly [member: string]: Json }
}

/** The tenant's signing keys: all of them verify, the last one signs. */
export interface SigningKeys {
  readonly current: SigningKey
  readonly all: readonly SigningKey[]
}

/** Reads the keys that belong to the data directory, making the first one when there is none. */
export async function loadSigningKeys(store: EntityStore): Promise<SigningKeys> {
  const all = await Promise.all((await storedMaterial(store)).map(toSigningKey))
  const current = all.at(-1)
  if (current === undefined) throw new Error('the data directory holds an empty list of signing keys')
  return { current, all }
}

async function storedMaterial(store: EntityStore): Promise<readonly TokenSigningMaterial[]> {
  const stored = store.meta(META_NAME)
  if (stored !== undefined) return JSON.parse(stored) as readonly TokenSigningMaterial[]
  const made = [await createTokenSigningMaterial()]
  store.setMeta(META_NAME, JSON.stringify(made))
  return made
}

async function toSigningKey(material: TokenSigningMaterial): Promise<SigningKey> {
  const certificate = new X509Certificate(material.certificatePem)
  const kid = createHash('sha1').update(certificate.raw).digest('base64url')
  const { n = '', e = '' } = createPublicKey(material.certificatePem).export({ format: 'jwk' })
  return {
    kid,
    privateKey: await importPKCS8(material.privateKeyPem, 'RS256'),
    publicKey: await importX509(material.certificatePem, 'RS256'),
    jwk: { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c: [certificate.raw.toString('base64')] },
  }
}
