import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose'
import { isObject } from '../store/entity.ts'
import { issuerUnreachable } from './refusals/client.ts'

export interface IssuerKeysOptions {
  /** Fetches discovery documents and keys; default: the global `fetch`, which trusts what the process trusts. */
  readonly fetch?: FetchImplementation
  /** How long a discovery document is good for, in milliseconds; default ten minutes. */
  readonly maxAge?: number
  /** How long an unknown key id leads to no new request after the last one, in milliseconds; default half a minute. */
  readonly cooldown?: number
  /** How long to wait for an issuer, in milliseconds; default five seconds. */
  readonly timeout?: number
}

interface KnownIssuer {
  readonly keyOf: JWTVerifyGetKey
  readonly until: number
}

const DISCOVERY_PATH = '/.well-known/openid-configuration'

/** More issuers than any application may trust; what comes beyond pushes out the oldest. */
const KNOWN_ISSUERS = 100

/**
 * The published keys of foreign issuers: their discovery document (OpenID Connect Discovery 1.0) leads to the keys.
 * Both are cached; a key id that the cached keys do not have makes them be fetched anew, at most every half minute.
 */
export class IssuerKeys {
  readonly #fetch: FetchImplementation
  readonly #maxAge: number
  readonly #cooldown: number
  readonly #timeout: number
  readonly #known = new Map<string, KnownIssuer>()

  constructor(options: IssuerKeysOptions = {}) {
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init))
    this.#maxAge = options.maxAge ?? 600_000
    this.#cooldown = options.cooldown ?? 30_000
    this.#timeout = options.timeout ?? 5_000
  }

  /**
   * Finds the key for a token of `issuer`, to hand to `jwtVerify`.
   *
   * @throws LoginError AADSTS50166 when the issuer cannot be asked or answers something else; the function it returns
   *   throws that too, and jose's JWKSNoMatchingKey for a key that is not published
   */
  async of(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#known.get(issuer)
    if (known !== undefined && Date.now() < known.until) return known.keyOf
    const keys = createRemoteJWKSet(await this.#keysAddress(issuer), {
      [customFetch]: this.#fetch,
      timeoutDuration: this.#timeout,
      cooldownDuration: this.#cooldown,
    })
    const keyOf: JWTVerifyGetKey = async (header, token) => {
      try {
        return await keys(header, token)
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) throw error
        throw unreachable(error)
      }
    }
    const [oldest] = this.#known.keys()
    if (this.#known.size >= KNOWN_ISSUERS && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(issuer, { keyOf, until: Date.now() + this.#maxAge })
    return keyOf
  }

  async #keysAddress(issuer: string): Promise<URL> {
    const document = await this.#document(`${issuer.replace(/\/$/, '')}${DISCOVERY_PATH}`)
    if (!isObject(document) || document['issuer'] !== issuer) {
      throw issuerUnreachable(`The discovery document of ${issuer} names another issuer.`, undefined)
    }
    const address = URL.parse(String(document['jwks_uri']))
    if (address === null)
      throw issuerUnreachable(`The discovery document of ${issuer} names no keys.`, undefined)
    return address
  }

  async #document(address: string): Promise<unknown> {
    try {
      const answer = await this.#fetch(address, {
        headers: new Headers({ accept: 'application/json' }),
        method: 'GET',
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeout),
      })
      if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}`)
      return await answer.json()
    } catch (error) {
      throw unreachable(error)
    }
  }
}

function unreachable(error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error)
  const because = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return issuerUnreachable(`${reason}${because}.`, error)
}
