import { Client, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client'
import { networkFailure } from '../catalogue/failure.ts'
import type { GraphAnswer, GraphRequest } from '../model/ports.ts'

/** Longest wait for one answer of Graph. */
const TIMEOUT_MS = 30_000

export interface GraphSenderOptions {
  readonly fetch?: typeof globalThis.fetch
  /** Told of each request that goes out. */
  readonly onRequest?: (url: string) => void
}

/**
 * Sends single requests through Microsoft's Graph client. Its own retries are left out of the chain: waiting is the
 * engine's business, which knows the deadline and says what it waits for.
 *
 * @param graphUrl Graph's base address without version
 */
export function graphSender(
  graphUrl: string,
  { fetch = globalThis.fetch, onRequest }: GraphSenderOptions = {},
): (request: GraphRequest) => Promise<GraphAnswer> {
  return async (request) => {
    const sender = new Sender(request, fetch, onRequest)
    const client = Client.initWithMiddleware({
      baseUrl: graphUrl,
      defaultVersion: request.version ?? 'v1.0',
      middleware: sender,
    })
    const call = client.api(request.path).responseType(ResponseType.RAW)
    try {
      const response = (await send(call, request)) as Response
      const body = await response.text()
      const header = (name: string) => response.headers.get(name) ?? undefined
      return { ok: true, answer: { status: response.status, header, body } }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { ok: false, failure: networkFailure(sender.networkError ?? error, graphUrl) }
    }
  }
}

function send(call: ReturnType<Client['api']>, { method, body }: GraphRequest): Promise<unknown> {
  switch (method) {
    case 'GET':
      return call.get()
    case 'POST':
      return call.post(body)
    case 'PATCH':
      return call.patch(body)
    case 'PUT':
      return call.put(body)
    case 'DELETE':
      return call.delete()
    default:
      throw new RangeError(`Graph has no method "${method}"`)
  }
}

/** The end of the client's chain: the token, the time limit, and the error as it was before the client wraps it. */
class Sender implements Middleware {
  readonly #request: GraphRequest
  readonly #fetch: typeof globalThis.fetch
  readonly #onRequest: ((url: string) => void) | undefined
  networkError: unknown

  constructor(
    request: GraphRequest,
    fetch: typeof globalThis.fetch,
    onRequest: ((url: string) => void) | undefined,
  ) {
    this.#request = request
    this.#fetch = fetch
    this.#onRequest = onRequest
  }

  async execute(context: Context): Promise<void> {
    const { token, signal } = this.#request
    const headers = new Headers(context.options?.headers as Record<string, string> | undefined)
    headers.set('authorization', `Bearer ${token}`)
    const limit = AbortSignal.timeout(TIMEOUT_MS)
    this.#onRequest?.(String(context.request))
    try {
      context.response = await this.#fetch(context.request as string, {
        ...(context.options as RequestInit),
        headers,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
    } catch (error) {
      this.networkError = error
      throw error
    }
  }
}
