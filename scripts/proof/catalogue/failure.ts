import { isObject } from '../../../lib/is-object.ts'

/** Who said no: the token endpoint, Graph, the way to them, or our own comparison of what they said. */
export type FailureSource = 'login' | 'graph' | 'network' | 'contract'

/** What Microsoft's support asks for. Kept with every refusal; none of it is secret. */
export interface SupportIds {
  readonly requestId?: string
  readonly correlationId?: string
  readonly traceId?: string
  /** As the service wrote it. */
  readonly timestamp?: string
}

/** A refusal, reduced to what can be judged and shown. */
export interface Failure {
  readonly source: FailureSource
  /** `AADSTS7000215`, `Authorization_RequestDenied`, `ENOTFOUND`, …: the key into the catalogue. */
  readonly code: string
  /** HTTP status, when there was an answer. */
  readonly status?: number
  /** The service's own sentence, without the trace lines that follow it. */
  readonly message: string
  /** OAuth 2.0 error code (RFC 6749 section 5.2) of a refusal of the token endpoint. */
  readonly oauthError?: string
  /** How long the service asked to be left alone, in milliseconds. */
  readonly retryAfterMs?: number
  readonly support: SupportIds
}

/** An HTTP answer as far as refusals need it. Header names are lower-case. */
export interface HttpAnswer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  /** The body as text; it may be no JSON at all when a proxy answered. */
  readonly body: string
}

/** The token endpoint's refusal ("Microsoft identity platform and the OAuth 2.0 client credentials flow"). */
export function loginFailure(answer: HttpAnswer, now: Date): Failure {
  const body = object(objectIn(answer.body))
  const number =
    firstNumber(body['error_codes']) ?? /AADSTS(\d+)/.exec(text(body['error_description']) ?? '')?.[1]
  const oauthError = text(body['error'])
  return {
    source: 'login',
    code: number !== undefined ? `AADSTS${number}` : (oauthError ?? `HTTP ${answer.status}`),
    status: answer.status,
    message: firstLine(text(body['error_description']) ?? httpMessage(answer)),
    ...optional('oauthError', oauthError),
    ...retryAfter(answer, now),
    support: {
      ...optional('requestId', answer.header('x-ms-request-id')),
      ...optional('correlationId', text(body['correlation_id']) ?? answer.header('client-request-id')),
      ...optional('traceId', text(body['trace_id'])),
      ...optional('timestamp', text(body['timestamp']) ?? answer.header('date')),
    },
  }
}

/** Graph's refusal ("Microsoft Graph error responses and resource types"). */
export function graphFailure(answer: HttpAnswer, now: Date): Failure {
  const error = object(object(objectIn(answer.body))['error'])
  const inner = object(error['innerError'] ?? error['innererror'])
  return {
    source: 'graph',
    code: text(error['code']) || `HTTP ${answer.status}`,
    status: answer.status,
    message: firstLine(text(error['message']) || httpMessage(answer)),
    ...retryAfter(answer, now),
    support: {
      ...optional('requestId', text(inner['request-id']) ?? answer.header('request-id')),
      ...optional('correlationId', text(inner['client-request-id']) ?? answer.header('client-request-id')),
      ...optional('timestamp', text(inner['date']) ?? answer.header('date')),
    },
  }
}

/** A request that got no answer: the deepest error code in the chain says why. */
export function networkFailure(error: unknown, url: string): Failure {
  const chain = causes(error)
  const coded = chain.findLast(
    (link) => typeof link.code === 'string' && !link.code.startsWith('UND_ERR_ABORTED'),
  )
  const timedOut = chain.some(({ name }) => name === 'TimeoutError' || name === 'AbortError')
  const last = chain.at(-1)
  return {
    source: 'network',
    code: typeof coded?.code === 'string' ? coded.code : timedOut ? 'ETIMEDOUT' : 'NETWORK',
    message: `${new URL(url).host}: ${firstLine(coded?.message || last?.message || String(error))}`,
    support: {},
  }
}

interface Link {
  readonly code?: unknown
  readonly name: string
  readonly message: string
}

function causes(error: unknown): Link[] {
  const chain: Link[] = []
  const pending = [error]
  while (pending.length > 0 && chain.length < 20) {
    const next = pending.shift()
    if (!(next instanceof Error)) continue
    chain.push(next)
    // Happy Eyeballs reports one error for each address it tried.
    pending.push(next.cause, ...(next instanceof AggregateError ? next.errors : []))
  }
  return chain
}

/** `Retry-After` is a number of seconds or an HTTP date (RFC 9110 section 10.2.3). */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (!value) return undefined
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Math.ceil(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}

function retryAfter(answer: HttpAnswer, now: Date): { retryAfterMs?: number } {
  return optional('retryAfterMs', parseRetryAfter(answer.header('retry-after'), now))
}

/** The service repeats trace id, correlation id and time after its sentence; they are kept apart. */
function firstLine(message: string): string {
  return (message.split(/\r?\n| Trace ID:/)[0] ?? '').trim().slice(0, 500)
}

function httpMessage({ status, body }: HttpAnswer): string {
  const shown = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return `HTTP ${status}${shown ? `: ${shown.slice(0, 200)}` : ''}`
}

/** The JSON object in a body; undefined when it is anything else, such as a proxy's page. */
export function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function object(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function firstNumber(value: unknown): number | undefined {
  return Array.isArray(value) && typeof value[0] === 'number' ? value[0] : undefined
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }
}
