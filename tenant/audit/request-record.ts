import type {} from 'fastify'
import type { SignIn } from './sign-ins.ts'

/** What one request was and how it ended. Never a token, a secret, a query value or a body. */
export interface RequestRecord {
  /** When the answer was ready, by the tenant's clock: RFC 3339, UTC. */
  readonly at: string
  readonly method: string
  /** Path, and the names of query options without their values. */
  readonly path: string
  /** 0 when the connection was cut instead of answering. */
  readonly status: number
  /** App id of the caller, when it proved who it is. */
  readonly callerAppId?: string
  /** The Graph permission that allowed the request (several joined by `+` when it took them together). */
  readonly allowedBy?: string
  /** A feature of the real service that the request used and this tenant has not. */
  readonly gap?: string
  /** Names (else effects) of the faults that hit it. */
  readonly faults?: readonly string[]
  readonly milliseconds: number
}

/** What handlers note down while they work on a request. */
export interface OpenRecord {
  /** By `performance.now()`. Fastify's own timing stands still without its logger. */
  readonly startedAt: number
  callerAppId?: string
  allowedBy?: string
  gap?: string
  faults?: readonly string[]
  /** Whether the connection was cut instead of answering. */
  dropped?: boolean
  /** Who a token was issued for. */
  signIn?: Omit<SignIn, 'requestId'>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for each request before its handler runs. */
    notes: OpenRecord
  }
}

/** Keeps the latest requests, up to a number, and hands each on. */
export class RequestLog {
  readonly #limit: number
  readonly #keep: (record: RequestRecord) => void
  #records: RequestRecord[] = []

  constructor(limit: number, keep: (record: RequestRecord) => void = () => {}) {
    this.#limit = limit
    this.#keep = keep
  }

  add(record: RequestRecord): void {
    this.#keep(record)
    this.#records.push(record)
    // Cut in halves, not one by one: a shift per request would copy the whole list each time.
    if (this.#records.length > this.#limit * 2) this.#records = this.#records.slice(-this.#limit)
  }

  latest(): readonly RequestRecord[] {
    return this.#records.slice(-this.#limit)
  }
}

/** Which requests to find: those that fit everything that is named. */
export interface RequestQuery {
  readonly method?: string
  /** Part of the path; case does not matter. */
  readonly path?: string
  /** A status such as 429, or a class such as `4xx`. */
  readonly status?: number | string
  /** App id of the caller. */
  readonly caller?: string
  /** RFC 3339; from this moment on, by the tenant's clock. */
  readonly since?: string
  /** The latest so many; default: all that are remembered. */
  readonly limit?: number
}

/** The records that fit, in their order. */
export function findRequests(
  records: readonly RequestRecord[],
  query: RequestQuery,
): readonly RequestRecord[] {
  const { path, caller, since, limit } = query
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since)
  const status = query.status === undefined ? undefined : String(query.status).replaceAll(/x/gi, '.')
  const found = records.filter(
    (record) =>
      (query.method === undefined || record.method === query.method.toUpperCase()) &&
      (path === undefined || record.path.toLowerCase().includes(path.toLowerCase())) &&
      (status === undefined || new RegExp(`^${status}$`).test(String(record.status))) &&
      (caller === undefined || record.callerAppId === caller.toLowerCase()) &&
      Date.parse(record.at) >= from,
  )
  return limit === undefined ? found : found.slice(-limit)
}

/** A URL as it may be logged: the names of its query options say what was asked, the values could be secrets. */
export function loggablePath(url: string): string {
  const [path = '', query] = url.split('?', 2)
  if (query === undefined) return path
  const names = [...new URLSearchParams(query).keys()]
  return `${path}?${names.join('&')}`
}

/** One line for people. */
export function formatRecord(record: RequestRecord): string {
  const caller = record.callerAppId === undefined ? '-' : record.callerAppId
  const gap = record.gap === undefined ? '' : `  gap: ${record.gap}`
  const faults = record.faults === undefined ? '' : `  fault: ${record.faults.join(', ')}`
  return `${record.method} ${record.path} ${record.status} ${caller} ${record.milliseconds}ms${gap}${faults}`
}
