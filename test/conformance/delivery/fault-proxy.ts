import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, request as httpsRequest, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * What befalls requests: a write is refused, its answer is lost after it was stored, no answer ever comes, or what was
 * stored cannot be read afterwards.
 */
export type Fault = 'refused' | 'lost-answer' | 'no-answer' | 'no-read-back'

/** Stands between a target and its server, whoever wrote that, and spoils what passes. */
export interface FaultProxy {
  readonly url: string
  /** Writes that the server has carried out. */
  writes(): number
  fail(how: Fault | undefined): void
  close(): Promise<void>
}

/** @param tls for clients that send nothing without TLS. Default: HTTP. */
export async function openFaultProxy(
  upstream: string,
  tls?: Pick<ServerOptions, 'cert' | 'key'>,
): Promise<FaultProxy> {
  let writes = 0
  let fault: Fault | undefined
  let stored = false

  const pass: RequestListener = async (request, response) => {
    const writing = request.method !== 'GET'
    if ((writing && fault === 'refused') || (stored && fault === 'no-read-back')) {
      await buffer(request)
      return response
        .writeHead(403, { 'content-type': 'application/json' })
        .end('{"errors":["as asked for"],"message":"as asked for"}')
    }
    if (writing && fault === 'no-answer') return
    const answer = await forward(request)
    const body = await buffer(answer)
    const isOk = (answer.statusCode ?? 500) < 300
    if (writing && isOk) {
      writes++
      stored = true
    }
    if (writing && fault === 'lost-answer') return response.destroy()
    return response.writeHead(answer.statusCode ?? 500, answer.headers).end(body)
  }
  const server = (tls ? createHttpsServer(tls, pass) : createServer(pass)).listen(0, '127.0.0.1')

  async function forward(request: IncomingMessage): Promise<IncomingMessage> {
    const target = new URL(request.url ?? '/', upstream)
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    const { method, headers } = request
    // The certificate of a server that a test has just started itself.
    const passed = send(target, {
      method,
      headers: { ...headers, host: target.host },
      rejectUnauthorized: false,
    })
    passed.end(await buffer(request))
    const [answer] = await once(passed, 'response')
    return answer
  }

  await once(server, 'listening')
  return {
    url: `${tls ? 'https' : 'http'}://localhost:${(server.address() as AddressInfo).port}`,
    writes: () => writes,
    fail: (how) => {
      fault = how
      stored = false
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
