import { boundedText } from '../../lib/bounded-text.ts'
import { networkFailure } from '../catalogue/failure.ts'
import type { GraphAnswer, GraphRequest } from '../model/ports.ts'

/** Longest wait for one answer of Graph. */
const TIMEOUT_MS = 30_000

/** More redirects than this lead nowhere. */
const MAX_REDIRECTS = 5

export interface GraphSenderOptions {
  readonly fetch?: typeof globalThis.fetch
  /** Told of each request that goes out. */
  readonly onRequest?: (url: string) => void
}

/**
 * Sends single requests to Graph, and a token to nobody else. Nothing is sent again here: waiting is the engine's
 * business, which knows the deadline and says what it waits for.
 *
 * Microsoft's Graph client is not used: it takes `https://` anywhere in a path, a filter's text included, for another
 * host, and sends the token there.
 *
 * @param graphUrl Graph's base address without version
 */
export function graphSender(
  graphUrl: string,
  { fetch = globalThis.fetch, onRequest }: GraphSenderOptions = {},
): (request: GraphRequest) => Promise<GraphAnswer> {
  return async (request) => {
    const limit = AbortSignal.timeout(TIMEOUT_MS)
    const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit
    try {
      const url = graphAddress(graphUrl, request)
      const response = await send(url, request, (target, init) => {
        onRequest?.(target.href)
        return fetch(target, { ...init, redirect: 'manual', signal })
      })
      const body = await boundedText(response)
      const header = (name: string) => response.headers.get(name) ?? undefined
      return { ok: true, answer: { status: response.status, header, body } }
    } catch (error) {
      request.signal?.throwIfAborted()
      return { ok: false, failure: networkFailure(error, graphUrl) }
    }
  }
}

/**
 * The address of a request. `#` has no meaning to Graph and would cut off what follows it, in a filter's text for one.
 *
 * @throws RequestRefused for a path that does not stay below Graph's address
 */
export function graphAddress(
  graphUrl: string,
  { path, version = 'v1.0' }: Pick<GraphRequest, 'path' | 'version'>,
): URL {
  const base = `${graphUrl.replace(/\/+$/, '')}/${version}/`
  const text = `${base}${path.replace(/^\/+/, '')}`.replaceAll('#', '%23')
  if (URL.canParse(text)) {
    const url = new URL(text)
    if (url.href.startsWith(new URL(base).href)) return url
  }
  throw new RequestRefused('PATH_OUTSIDE_GRAPH', `"${path}" is not a path below ${base}`)
}

/** A request that is not sent, or not sent on, because it would leave Graph. */
class RequestRefused extends Error {
  readonly code: 'PATH_OUTSIDE_GRAPH' | 'REDIRECT_REFUSED'

  constructor(code: RequestRefused['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Follows redirects of reads. Graph sends the reader of a file's content to a download address, which needs no token
 * and gets none ("Download driveItem content").
 */
async function send(
  address: URL,
  { token, method, body, eventual }: GraphRequest,
  fetchOnce: (url: URL, init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const content = method === 'GET' || body === undefined ? undefined : JSON.stringify(body)
  let url = address
  let isGraph = true
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(isGraph && { authorization: `Bearer ${token}` }),
        ...(eventual && { consistencylevel: 'eventual' }),
        ...(content !== undefined && { 'content-type': 'application/json' }),
      },
      ...(content !== undefined && { body: content }),
    })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    url = redirectTarget(location, url, method)
    // Whoever sent the request elsewhere does not get it back with a token.
    isGraph &&= url.origin === address.origin
  }
  throw new RequestRefused('REDIRECT_REFUSED', `more than ${MAX_REDIRECTS} redirects in a row`)
}

function redirectTarget(location: string, from: URL, method: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (target?.protocol === 'https:' && method === 'GET') return target
  const where = target?.origin ?? 'an address that cannot be read'
  throw new RequestRefused(
    'REDIRECT_REFUSED',
    `${method} was answered with a redirect to ${where}, which is not followed`,
  )
}
