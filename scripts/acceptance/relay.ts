import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { certificateAuthority, serverCertificate } from '../../tenant/lib/certificates.ts'
import type { Endpoints } from '../proof/index.ts'
import { Fence } from './fence.ts'
import type { Names } from './names.ts'
import { type Exchange, exchangesOf } from './recording.ts'

/** An address on this computer that stands before a tenant's login and Graph. */
export interface Relay {
  /** `https://localhost:PORT`, for `ARM_METADATA_HOSTNAME` and as the address of Graph. */
  readonly origin: string
  readonly caFile: string
  readonly caPem: string
  /** What was asked so far, in order of the answers. */
  readonly exchanges: readonly Exchange[]
  close(): Promise<void>
}

export interface RelayOptions {
  /** Where the tenant is. */
  readonly upstream: Pick<Endpoints, 'loginUrl' | 'graphUrl'>
  /** Directory for the certificates. */
  readonly dir: string
  readonly names: Names
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
}

const GRAPH_PATH = /^\/(?:v1\.0|beta)(\/.*)$/
/** Of one connection, or of a body that is read and written anew here. */
const OWN_HEADERS = [
  'host',
  'connection',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
]

/**
 * Starts a relay that records every exchange and lets no write through that would touch what acceptance runs did not
 * make. Clients find it as they find a local tenant, by its metadata.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { upstream, dir, names, fetch = globalThis.fetch } = options
  const authority = await certificateAuthority(dir)
  const { certificatePem, keyPem } = await serverCertificate(authority)
  const exchanges: Exchange[] = []
  const fence = new Fence()
  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '/'
    if (path.startsWith('/metadata/endpoints')) return answerJson(response, 200, metadata(origin()))
    const graphPath = GRAPH_PATH.exec(path)?.[1]
    const { method = 'GET', headers } = request
    const text = await readText(request)
    const sent = parsed(text, headers['content-type'])
    const problem =
      graphPath === undefined ? undefined : fence.judge(method, decodeURIComponent(graphPath), sent)
    if (problem !== undefined) {
      return answerJson(response, 403, { error: { code: 'OutsideAcceptanceRun', message: problem } })
    }
    const api = graphPath === undefined ? 'login' : 'graph'
    const base = api === 'graph' ? upstream.graphUrl : upstream.loginUrl
    const answered = await fetch(`${base}${path}`, {
      method,
      headers: forwarded(Object.entries(headers)),
      redirect: 'manual',
      ...(text !== '' && {
        body: api === 'graph' ? text.replaceAll(origin(), base) : toGraph(text, origin()),
      }),
    })
    const raw = await answered.text()
    const answer = parsed(raw, answered.headers.get('content-type'))
    if (api === 'graph') fence.learn(answer)
    exchanges.push(
      ...exchangesOf(
        {
          api,
          method,
          path,
          token: /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1],
          consistencyLevel: headers['consistencylevel'] as string | undefined,
          body: withoutOrigin(sent, origin()),
          status: answered.status,
          answer,
        },
        names,
      ),
    )
    response.writeHead(answered.status, forwarded([...answered.headers]))
    response.end(toOrigin(raw, api, upstream, origin()))
  }
  const server = createServer({ cert: certificatePem, key: keyPem }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      const message = `The tenant cannot be reached: ${error instanceof Error ? error.message : String(error)}`
      answerJson(response, 502, { error: { code: 'RelayFailed', message } })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: origin(),
    caFile: authority.file,
    caPem: authority.pem,
    exchanges,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What the azuread provider reads of an Azure Resource Manager's metadata. */
function metadata(origin: string) {
  return {
    microsoftGraphResourceId: `${origin}/`,
    graphAudience: `${origin}/`,
    authentication: {
      loginEndpoint: origin,
      tenant: 'common',
      identityProvider: 'AAD',
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    },
    suffixes: {},
  }
}

function forwarded(
  headers: Iterable<readonly [string, string | string[] | undefined]>,
): Record<string, string> {
  const kept = [...headers].filter(
    ([name, value]) => value !== undefined && !OWN_HEADERS.includes(name.toLowerCase()),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}

/** A form that asks for a token for the relay asks for Graph, by its app id, which every cloud knows. */
function toGraph(text: string, origin: string): string {
  const form = new URLSearchParams(text)
  for (const member of ['scope', 'resource']) {
    const value = form.get(member)
    if (value !== null) form.set(member, value.replaceAll(origin, MICROSOFT_GRAPH_APP_ID))
  }
  return form.toString()
}

/** Links and discovery documents lead back here. */
function toOrigin(
  text: string,
  api: Exchange['api'],
  { loginUrl, graphUrl }: RelayOptions['upstream'],
  origin: string,
): string {
  if (api === 'login') {
    return text.replaceAll(loginUrl, origin).replaceAll(new URL(graphUrl).host, new URL(origin).host)
  }
  return text
    .replaceAll(`${graphUrl}/v1.0`, `${origin}/v1.0`)
    .replaceAll(`${graphUrl}/beta`, `${origin}/beta`)
}

/** JSON, or the members of a form; undefined for anything else. */
function parsed(text: string, type: string | null | undefined): unknown {
  if (text === '') return undefined
  if (type?.includes('form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function withoutOrigin(sent: unknown, origin: string): unknown {
  return sent === undefined ? undefined : JSON.parse(JSON.stringify(sent).replaceAll(origin, '{graph}'))
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
