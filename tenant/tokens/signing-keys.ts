import { createHash, createPublicKey, randomBytes, X509Certificate } from 'node:crypto'
import { type CryptoKey, importPKCS8, importX509 } from 'jose'
import { createTokenSigningMaterial, type TokenSigningMaterial } from '../lib/certificates.ts'
import type { Json } from '../store/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'

const META_NAME = 'token-signing-keys'

const SEALING_META_NAME = 'token-sealing-key'

/** 256 bits, for A256GCM. */
const SEALING_KEY_BYTES = 32

/** Tokens live for an hour or so: what ten keys ago signed is long over. */
const KEPT_KEYS = 10

/** A key that signs tokens, or once did. */
export interface SigningKey {
  /** SHA-1 thumbprint of its certificate, base64url: `kid` and `x5t` alike, as Entra does it. */
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** The public half as the keys endpoint lists it. */
  readonly jwk: { readonly [member: string]: Json }
}

/** The tenant's signing keys: all of them verify, the last one signs. They belong to the data directory. */
export class SigningKeys {
  readonly #store: EntityStore
  #keys: readonly [SigningKey, ...SigningKey[]]
  /** Encrypts what only this tenant reads: authorization codes and refresh tokens. */
  readonly sealingKey: Uint8Array

  private constructor(
    store: EntityStore,
    keys: readonly [SigningKey, ...SigningKey[]],
    sealingKey: Uint8Array,
  ) {
    this.#store = store
    this.#keys = keys
    this.sealingKey = sealingKey
  }

  /**
   * Begins to make the first key of a new data directory, which takes a while on another thread.
   *
   * @returns reads the keys of the data directory, or keeps the one that was made
   */
  static prepare(store: EntityStore): () => Promise<SigningKeys> {
    const making = Promise.resolve(
      storedMaterial(store) ?? createTokenSigningMaterial().then((made) => [made]),
    )
    // Whoever waits for it is told of a failure.
    making.catch(() => {})
    return async () => {
      const material = await making
      keepMaterial(store, material)
      const [first, ...more] = await Promise.all(material.map(toSigningKey))
      if (first === undefined) throw new Error('the data directory holds an empty list of signing keys')
      return new SigningKeys(store, [first, ...more], sealingKey(store))
    }
  }

  /** The key that signs from now on. */
  get current(): SigningKey {
    return this.#keys.at(-1) ?? this.#keys[0]
  }

  /** Every key that verifies, oldest first. */
  get all(): readonly SigningKey[] {
    return this.#keys
  }

  /** Makes a new key that signs from now on; the older ones keep verifying, so tokens in use stay good. */
  async rotate(): Promise<SigningKey> {
    const made = await createTokenSigningMaterial()
    const key = await toSigningKey(made)
    keepMaterial(this.#store, [...(storedMaterial(this.#store) ?? []), made].slice(-KEPT_KEYS))
    const [first = key, ...more] = [...this.#keys, key].slice(-KEPT_KEYS)
    this.#keys = [first, ...more]
    return key
  }
}

function storedMaterial(store: EntityStore): readonly TokenSigningMaterial[] | undefined {
  const stored = store.meta(META_NAME)
  return stored === undefined ? undefined : (JSON.parse(stored) as readonly TokenSigningMaterial[])
}

function keepMaterial(store: EntityStore, material: readonly TokenSigningMaterial[]): void {
  store.setMeta(META_NAME, JSON.stringify(material))
}

function sealingKey(store: EntityStore): Uint8Array {
  const stored = store.meta(SEALING_META_NAME)
  if (stored !== undefined) return Buffer.from(stored, 'base64url')
  const made = randomBytes(SEALING_KEY_BYTES)
  store.setMeta(SEALING_META_NAME, made.toString('base64url'))
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
