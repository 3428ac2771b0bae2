import { PluginError } from '../protocol/errors.ts'
import { type Entity, isEntity, type Json } from '../schema/entity.ts'
import { type Configuration, loopbackUrl, notRedirected, unreachable } from './configuration.ts'

export interface SessionOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Default: the system clock. */
  readonly now?: () => number
}

interface Token {
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly renewAt: number
  /** The `oid` claim: object id of the service principal that signed in. */
  readonly objectId: string
}

/** Renewed this long before it ends, in milliseconds. */
const RENEWAL_MARGIN = 5 * 60_000

/**
 * A signed-in deployer: finds the tenant's endpoints, fetches access tokens for its Graph and renews them.
 * Endpoints come from the metadata document of Azure's clouds, `/metadata/endpoints?api-version=2022-09-01`; tokens
 * from the OAuth 2.0 client credentials grant ("Microsoft identity platform and the OAuth 2.0 client credentials flow").
 */
export class Session {
  /** Graph's base address without a trailing slash. */
  readonly graphUrl: string
  readonly configuration: Configuration
  readonly #tokenUrl: string
  readonly #fetch: typeof fetch
  readonly #now: () => number
  #token: Promise<Token> | undefined

  private constructor(configuration: Configuration, endpoints: Endpoints, options: SessionOptions) {
    this.configuration = configuration
    this.graphUrl = endpoints.graph
    this.#tokenUrl = `${endpoints.login}/${encodeURIComponent(configuration.tenantId)}/oauth2/v2.0/token`
    this.#fetch = options.fetch ?? fetch
    this.#now = options.now ?? Date.now
  }

  /**
   * Finds the endpoints and signs in once, so that a wrong setting shows before anything is planned.
   *
   * @throws PluginError TENANT_UNREACHABLE, REDIRECTED, METADATA_INVALID, NOT_LOOPBACK, SIGN_IN_REFUSED
   */
  static async open(configuration: Configuration, options: SessionOptions = {}): Promise<Session> {
    const endpoints = await discover(configuration.metadataHost, options)
    const session = new Session(configuration, endpoints, options)
    await session.accessToken()
    return session
  }

  async accessToken(): Promise<string> {
    return (await this.#current()).value
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#now()
  }

  /** Object id of the deployer's own service principal. */
  async objectId(): Promise<string> {
    return (await this.#current()).objectId
  }

  /** Forgets the token, after the service refused it. */
  dropToken(): void {
    this.#token = undefined
  }

  async #current(): Promise<Token> {
    const pending = this.#token
    if (pending === undefined) return this.#renew(pending)
    const known = await pending
    return this.#now() < known.renewAt ? known : this.#renew(pending)
  }

  /** One request for all who find the same token stale; a failed one is forgotten. */
  #renew(stale: Promise<Token> | undefined): Promise<Token> {
    if (this.#token !== stale && this.#token !== undefined) return this.#token
    const fresh = this.#request()
    this.#token = fresh
    fresh.catch(() => {
      if (this.#token === fresh) this.#token = undefined
    })
    return fresh
  }

  async #request(): Promise<Token> {
    const { clientId, clientSecret } = this.configuration
    const form = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope: `${this.graphUrl}/.default`,
    })
    const response = await send(this.#fetch, this.#tokenUrl, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
    })
    return readToken(response.status, parse(await response.text()), this.configuration, this.#now())
  }
}

interface Endpoints {
  readonly login: string
  readonly graph: string
}

async function discover(metadataHost: string, options: SessionOptions): Promise<Endpoints> {
  const url = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`
  const response = await send(options.fetch ?? fetch, url)
  return readEndpoints(url, response.status, parse(await response.text()))
}

/** Judges the metadata document. */
export function readEndpoints(url: string, status: number, body: Json | undefined): Endpoints {
  const document = isEntity(body) ? body : {}
  const { authentication, microsoftGraphResourceId: graph } = document
  const login = isEntity(authentication) ? authentication['loginEndpoint'] : undefined
  if (status !== 200 || typeof graph !== 'string' || typeof login !== 'string') {
    throw new PluginError(
      'METADATA_INVALID',
      `GET ${url} answered ${status} without microsoftGraphResourceId and authentication.loginEndpoint. ` +
        'azuread:metadataHost (or ARM_METADATA_HOSTNAME) must name the local tenant.',
    )
  }
  for (const [what, address] of [['Login endpoint', login] as const, ['Graph endpoint', graph] as const]) {
    loopbackUrl(address, what)
  }
  return { login: login.replace(/\/+$/, ''), graph: graph.replace(/\/+$/, '') }
}

function readToken(
  status: number,
  body: Json | undefined,
  { tenantId, clientId }: Configuration,
  now: number,
): Token {
  const answer = isEntity(body) ? body : {}
  const { access_token: value, expires_in: lifetime } = answer
  if (status !== 200 || typeof value !== 'string') throw refusal(status, answer, tenantId, clientId)
  const claims = parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())
  const objectId = isEntity(claims) ? claims['oid'] : undefined
  if (typeof objectId !== 'string') {
    throw new PluginError(
      'SIGN_IN_REFUSED',
      'The access token has no "oid" claim, so the deployer is unknown.',
    )
  }
  return { value, objectId, renewAt: now + Number(lifetime ?? 0) * 1000 - RENEWAL_MARGIN }
}

function refusal(status: number, answer: Entity, tenantId: string, clientId: string): PluginError {
  const said = String(answer['error_description'] ?? answer['error'] ?? 'no reason given').split('\r\n')[0]
  return new PluginError(
    'SIGN_IN_REFUSED',
    `The tenant refused to sign in client ${clientId} to tenant ${tenantId} (${status}): ${said} ` +
      'Check azuread:tenantId, azuread:clientId and azuread:clientSecret (or ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET); ' +
      'each local tenant has its own, printed by `npm run -s tenant:env`.',
  )
}

async function send(fetcher: typeof fetch, url: string, init?: RequestInit): Promise<Response> {
  try {
    return notRedirected(url, await fetcher(url, { ...init, redirect: 'manual' }))
  } catch (cause) {
    throw cause instanceof PluginError ? cause : unreachable(new URL(url).host, cause)
  }
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
