import type { HttpAnswer } from '../../../../scripts/proof/catalogue/failure.ts'
import type {
  GraphAnswer,
  GraphRequest,
  ProofPorts,
  TokenAnswer,
  TokenRequest,
} from '../../../../scripts/proof/model/ports.ts'

/** Ports with a clock that moves only while something sleeps. */
export interface FakePorts extends ProofPorts {
  readonly tokenRequests: TokenRequest[]
  readonly graphRequests: GraphRequest[]
  readonly sleeps: number[]
}

/** An HTTP answer with a JSON body. */
export function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpAnswer {
  return { status, header: (name) => headers[name], body: JSON.stringify(body) }
}

/** A token that nobody signed, for the claims. */
export function unsigned(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.x`
}

/** @param respond decides each answer; the number of earlier requests of its kind comes along */
export function fakePorts(respond: {
  token?: (request: TokenRequest, earlier: number) => TokenAnswer
  graph?: (request: GraphRequest, earlier: number) => GraphAnswer
}): FakePorts {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const tokenRequests: TokenRequest[] = []
  const graphRequests: GraphRequest[] = []
  const sleeps: number[] = []
  return {
    tokenRequests,
    graphRequests,
    sleeps,
    graphUrl: 'https://graph.example',
    now: () => new Date(now),
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      sleeps.push(ms)
      now += ms
    },
    requestToken: async (request) => {
      const response = respond.token?.(request, tokenRequests.length)
      tokenRequests.push(request)
      if (!response) throw new Error(`no token was prepared for ${request.resource}`)
      return response
    },
    askGraph: async (request) => {
      const response = respond.graph?.(request, graphRequests.length)
      graphRequests.push(request)
      if (!response) throw new Error(`no answer was prepared for ${request.method} ${request.path}`)
      return response
    },
  }
}
