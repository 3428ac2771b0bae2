import type { Failure, HttpAnswer } from '../catalogue/failure.ts'
import type { Credential } from './target.ts'

/** What the engine needs from the world. Everything behind it can be replaced in a test. */
export interface ProofPorts {
  /** Requests one token with a credential object of its own. */
  readonly requestToken: (request: TokenRequest) => Promise<TokenAnswer>
  /** Sends one request to Graph with a token. */
  readonly askGraph: (request: GraphRequest) => Promise<GraphAnswer>
  /** Looks the grants of a service principal up; absent where nobody may read the directory. */
  readonly grantsOf?: (servicePrincipalId: string) => Promise<GrantsAnswer>
  /** Identifier of Graph in token scopes, and its base address. */
  readonly graphUrl: string
  readonly now: () => Date
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** From 0 to 1, exclusive. */
  readonly random: () => number
}

export interface TokenRequest {
  readonly tenantId: string
  readonly clientId: string
  readonly credential: Credential
  /** Identifier of the API: its URI or app id. */
  readonly resource: string
  readonly signal?: AbortSignal
}

/** What the tenant said about itself and the time on the way to a token. */
export interface TokenContext {
  /** How far the token endpoint's clock is ahead of ours, in milliseconds; exact to a second or so. */
  readonly clockAheadMs?: number
  /** Graph's host of the tenant's own cloud, from its OpenID Connect discovery document. */
  readonly graphHost?: string
}

export type TokenAnswer =
  | ({ readonly ok: true; readonly token: string } & TokenContext)
  | ({ readonly ok: false; readonly failure: Failure } & TokenContext)

export interface GraphRequest {
  readonly token: string
  readonly method: string
  /** Below the version: `/users?$top=1`. */
  readonly path: string
  /** Default: `v1.0`. */
  readonly version?: 'v1.0' | 'beta'
  readonly body?: unknown
  /** Whether the answer may lag behind (`ConsistencyLevel: eventual`), as counts of the directory do. */
  readonly eventual?: boolean
  readonly signal?: AbortSignal
}

/** Any HTTP answer, whatever its status, or the failure to get one. */
export type GraphAnswer =
  | { readonly ok: true; readonly answer: HttpAnswer }
  | { readonly ok: false; readonly failure: Failure }

/** App role values granted to a service principal, by app id of the API; or why they cannot be read. */
export type GrantsAnswer =
  | { readonly ok: true; readonly roles: ReadonlyMap<string, readonly string[]> }
  | { readonly ok: false; readonly failure: Failure }
