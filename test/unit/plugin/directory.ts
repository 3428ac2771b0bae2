import type { ProviderOptions } from '../../../plugin/provider.ts'

export const HOST = 'localhost:8443'
export const CALLER = '11111111-1111-4111-8111-111111111111'
export const ENV = {
  ARM_METADATA_HOSTNAME: HOST,
  ARM_TENANT_ID: '33333333-3333-4333-8333-333333333333',
  ARM_CLIENT_ID: '44444444-4444-4444-8444-444444444444',
  ARM_CLIENT_SECRET: 'the-deployer-secret',
}

export interface Answer {
  readonly status?: number
  readonly json?: unknown
  readonly headers?: Record<string, string>
  /** The connection breaks instead. */
  readonly lost?: true
}

/** A scripted directory: endpoints and sign-in answer by themselves, Graph requests in the order given. */
export class ScriptedDirectory {
  /** Requests to Graph, such as `GET /v1.0/users`. */
  readonly requests: string[] = []
  readonly bodies: unknown[] = []
  /** Waits asked for, in milliseconds. */
  readonly waits: number[] = []
  tokens = 0
  readonly #answers: Answer[]
  readonly options: Required<Pick<ProviderOptions, 'fetch' | 'sleep'>> & { env: typeof ENV }

  constructor(...answers: Answer[]) {
    this.#answers = answers
    this.options = {
      env: ENV,
      fetch: async (input, init) => this.#answer(new URL(String(input)), init),
      sleep: async (milliseconds) => this.waits.push(milliseconds),
    }
  }

  /** Answers that nobody asked for. */
  get left(): number {
    return this.#answers.length
  }

  #answer(url: URL, init: RequestInit | undefined): Response {
    if (url.pathname === '/metadata/endpoints') return respond({ json: METADATA })
    if (url.pathname.endsWith('/oauth2/v2.0/token')) {
      this.tokens++
      return respond({ json: { access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' } })
    }
    this.requests.push(`${init?.method ?? 'GET'} ${url.pathname}${decodeURIComponent(url.search)}`)
    this.bodies.push(typeof init?.body === 'string' ? JSON.parse(init.body) : undefined)
    const answer = this.#answers.shift()
    if (answer === undefined) throw new Error(`No answer is scripted for ${this.requests.at(-1)}`)
    if (answer.lost) throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
    return respond(answer)
  }
}

export function refused(status: number, code: string, message = code): Answer {
  return { status, json: { error: { code, message } }, headers: { 'request-id': 'r-1' } }
}

const METADATA = {
  microsoftGraphResourceId: `https://${HOST}/`,
  authentication: { loginEndpoint: `https://${HOST}/` },
}
const TOKEN = `e30.${Buffer.from(JSON.stringify({ oid: CALLER })).toString('base64url')}.e30`

function respond({ status = 200, json, headers = {} }: Answer): Response {
  const empty = status === 204 || json === undefined
  return new Response(empty ? null : JSON.stringify(json), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}
