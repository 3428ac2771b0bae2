import { readFile } from 'node:fs/promises'
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  type ClientSecretCredentialOptions,
  DefaultAzureCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity'
import { type Failure, type HttpAnswer, loginFailure, networkFailure } from '../catalogue/failure.ts'
import type { TokenAnswer, TokenContext, TokenRequest } from '../model/ports.ts'
import type { Endpoints } from './endpoints.ts'

type Policy = NonNullable<ClientSecretCredentialOptions['additionalPolicies']>[number]['policy']
type PipelineResponse = Awaited<ReturnType<Policy['sendRequest']>>

/** Longest wait for one answer of the token endpoint. */
const TIMEOUT_MS = 30_000

const DISCOVERY = /\/\.well-known\/openid-configuration(\?|$)/

export interface TokenRequesterOptions {
  readonly now?: () => Date
  /** Told of each request that goes out, the discovery document included. */
  readonly onRequest?: (url: string) => void
}

/**
 * Requests app-only tokens through `@azure/identity`, each with a credential object of its own: MSAL keeps tokens, and
 * one obtained with an earlier secret would prove nothing about this one.
 *
 * The tenant's discovery document, which MSAL fetches for every new object, is fetched once and shared: it holds
 * nothing of a credential.
 */
export function tokenRequester(
  endpoints: Endpoints,
  { now = () => new Date(), onRequest }: TokenRequesterOptions = {},
): (request: TokenRequest) => Promise<TokenAnswer> {
  const discovered = new Map<string, Promise<PipelineResponse>>()
  return async (request) => {
    const watch = new Watch(discovered, { now, onRequest, signal: request.signal })
    try {
      const credential = credentialFor(request, endpoints, watch.policy)
      const scope = `${request.resource.replace(/\/+$/, '')}/.default`
      const options = request.signal ? { abortSignal: request.signal } : {}
      const issued = await credential.getToken(scope, options)
      if (!issued) throw new Error('the credential yielded no token')
      return { ok: true, token: issued.token, ...watch.context }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { ok: false, failure: watch.failure(error, endpoints), ...watch.context }
    }
  }
}

function credentialFor(
  { tenantId, clientId, credential }: TokenRequest,
  endpoints: Endpoints,
  policy: Policy,
): Pick<TokenCredential, 'getToken'> {
  const options = {
    authorityHost: endpoints.loginUrl,
    disableInstanceDiscovery: !endpoints.wellKnown,
    // Waiting is the engine's business: it knows the deadline and says what it waits for.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy, position: 'perRetry' as const }],
  }
  switch (credential.kind) {
    case 'secret':
      return new ClientSecretCredential(tenantId, clientId, credential.value, options)
    case 'certificate': {
      const { password } = credential
      const extra = password === undefined ? {} : { certificatePassword: password }
      return 'path' in credential
        ? new ClientCertificateCredential(
            tenantId,
            clientId,
            { certificatePath: credential.path, ...extra },
            options,
          )
        : new ClientCertificateCredential(
            tenantId,
            clientId,
            { certificate: credential.pem, ...extra },
            options,
          )
    }
    case 'federated': {
      const { tokenFile } = credential
      const assertion = async () => (await readFile(tokenFile, 'utf8')).trim()
      return new ClientAssertionCredential(tenantId, clientId, assertion, options)
    }
    case 'assertion':
      return new ClientAssertionCredential(tenantId, clientId, credential.request, options)
    case 'managedIdentity':
      return new ManagedIdentityCredential({
        ...options,
        ...(credential.clientId && { clientId: credential.clientId }),
      })
    case 'ambient':
      return new DefaultAzureCredential({ ...options, tenantId })
  }
}

interface WatchOptions {
  readonly now: () => Date
  readonly onRequest: ((url: string) => void) | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * Watches what one credential object sends: MSAL's errors keep neither status nor headers, and those tell a throttled
 * request from a refused one, and one clock from the other.
 */
class Watch {
  #last: HttpAnswer | undefined
  #networkError: unknown
  #url: string | undefined
  #context: TokenContext = {}
  readonly #now: () => Date
  readonly policy: Policy

  constructor(discovered: Map<string, Promise<PipelineResponse>>, { now, onRequest, signal }: WatchOptions) {
    this.#now = now
    this.policy = {
      name: 'entra-apps-watch',
      sendRequest: async (request, next) => {
        request.timeout = TIMEOUT_MS
        if (signal) request.abortSignal = signal
        const send = () => {
          onRequest?.(request.url)
          return next(request)
        }
        this.#url = request.url
        try {
          const response = await (DISCOVERY.test(request.url) ? share(discovered, request.url, send) : send())
          this.#saw(response)
          return { ...response, request }
        } catch (error) {
          this.#networkError = error
          throw error
        }
      },
    }
  }

  get context(): TokenContext {
    return this.#context
  }

  #saw(response: PipelineResponse): void {
    const header = (name: string) => response.headers.get(name)
    this.#last = { status: response.status, header, body: response.bodyAsText ?? '' }
    if (DISCOVERY.test(this.#url ?? '')) {
      const graphHost = graphHostIn(this.#last)
      if (graphHost) this.#context = { ...this.#context, graphHost }
      return
    }
    const date = Date.parse(header('date') ?? '')
    if (Number.isNaN(date)) return
    this.#context = { ...this.#context, clockAheadMs: date - this.#now().getTime() }
  }

  /** The refusal behind an error of the library: what the wire said, if it said anything. */
  failure(error: unknown, endpoints: Endpoints): Failure {
    if (this.#networkError) return networkFailure(this.#networkError, this.#url ?? endpoints.loginUrl)
    if (this.#last && this.#last.status >= 400) return loginFailure(this.#last, this.#now())
    const message = error instanceof Error ? error.message : String(error)
    return {
      source: 'login',
      code: 'CREDENTIAL_UNUSABLE',
      message: message.split('\n')[0] ?? '',
      support: {},
    }
  }
}

/** One request for all who ask at the same time; a refusal is not kept. */
function share(
  discovered: Map<string, Promise<PipelineResponse>>,
  url: string,
  send: () => Promise<PipelineResponse>,
): Promise<PipelineResponse> {
  const known = discovered.get(url)
  if (known) return known
  const asked = send()
  discovered.set(url, asked)
  const forget = () => discovered.delete(url)
  asked.then((response) => response.status !== 200 && forget(), forget)
  return asked
}

function graphHostIn({ status, body }: HttpAnswer): string | undefined {
  if (status !== 200) return undefined
  try {
    const { msgraph_host: host } = JSON.parse(body) as { msgraph_host?: unknown }
    return typeof host === 'string' ? host : undefined
  } catch {
    return undefined
  }
}
