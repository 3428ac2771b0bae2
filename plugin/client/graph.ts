import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { KeyedQueue } from '../../lib/keyed-queue.ts'
import { GraphError, PluginError } from '../protocol/errors.ts'
import { type Entity, entities, isEntity, type Json } from '../schema/entity.ts'
import { notRedirected, unreachable } from './configuration.ts'
import type { Session } from './session.ts'

export interface GraphOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Waits a number of milliseconds. Default: a timer. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>
  /** Tries of one request, the first included. Default 8: with doubling waits about two minutes. */
  readonly attempts?: number
  /** Ends waits, and keeps further requests from being sent; one under way is let finish, so that no write is lost. */
  readonly signal?: AbortSignal
  /** Makes ids that the client chooses. Default: random UUIDs. */
  readonly newId?: () => string
}

export interface RequestOptions {
  /** Default `v1.0`. */
  readonly version?: 'v1.0' | 'beta'
  /** Refusals that only mean "not yet", beside throttling and server errors. Default: none. */
  readonly retryWhen?: (refusal: GraphError) => boolean
}

/** What a request carries. */
interface Body {
  readonly content: string | Uint8Array<ArrayBuffer>
  /** Media type. */
  readonly type: string
}

/** A directory object was just made, and this replica does not know it yet. */
export const notYetVisible = (refusal: GraphError): boolean => refusal.status === 404

/**
 * Microsoft Graph over HTTPS: signs requests, retries what the service asks to retry, follows pages and turns error
 * bodies into {@link GraphError}.
 *
 * Retried: 408, 424, 429 and 5xx but 501 ("Microsoft Graph throttling guidance"), after the seconds that `Retry-After`
 * names, else 1, 2, 4 … 61; a lost connection only for GET, since a write may have happened.
 */
export class Graph {
  readonly session: Session
  readonly newId: () => string
  readonly #turns = new KeyedQueue()
  readonly #fetch: typeof fetch
  readonly #sleep: NonNullable<GraphOptions['sleep']>
  readonly #attempts: number
  readonly #signal: AbortSignal | undefined

  constructor(session: Session, options: GraphOptions = {}) {
    this.session = session
    this.#fetch = options.fetch ?? fetch
    this.#sleep =
      options.sleep ??
      ((milliseconds, signal) => wait(milliseconds, undefined, { ...(signal && { signal }) }))
    this.#attempts = options.attempts ?? 8
    this.newId = options.newId ?? randomUUID
    this.#signal = options.signal
  }

  async get(path: string, options: RequestOptions = {}): Promise<Entity> {
    return this.#entity('GET', path, undefined, options)
  }

  /** The entity, or undefined when there is none (404). */
  async find(path: string, options: RequestOptions = {}): Promise<Entity | undefined> {
    try {
      return await this.get(path, options)
    } catch (error) {
      if (error instanceof GraphError && error.status === 404) return undefined
      throw error
    }
  }

  /** Every entity of a collection, over all pages. */
  async list(path: string, options: RequestOptions = {}): Promise<Entity[]> {
    const found: Entity[] = []
    let next: string | undefined = this.#address(path, options)
    while (next !== undefined) {
      const page = await this.#request('GET', next, undefined, options)
      const body = isEntity(page) ? page : {}
      found.push(...entities(body['value']))
      const link = body['@odata.nextLink']
      next = typeof link === 'string' && link !== '' ? this.#sameHost(link) : undefined
    }
    return found
  }

  async post(path: string, body: Entity, options: RequestOptions = {}): Promise<Entity> {
    return this.#entity('POST', path, body, options)
  }

  async patch(path: string, body: Entity, options: RequestOptions = {}): Promise<void> {
    await this.#request('PATCH', this.#address(path, options), json(body), options)
  }

  /** Writes a file, such as an image. */
  async put(path: string, file: Body, options: RequestOptions = {}): Promise<void> {
    await this.#request('PUT', this.#address(path, options), file, options)
  }

  async remove(path: string, options: RequestOptions = {}): Promise<void> {
    await this.#request('DELETE', this.#address(path, options), undefined, options)
  }

  /** Runs what reads an object and then writes it, with nobody else of this deployment in between. */
  exclusively<T>(path: string, action: () => Promise<T>): Promise<T> {
    return this.#turns.take(path, action)
  }

  /** The address of a directory object, as `$ref` and `@odata.bind` want it. */
  reference(objectId: string): string {
    return `${this.session.graphUrl}/v1.0/directoryObjects/${objectId}`
  }

  /**
   * Reads until the answer shows what an earlier write made, since replicas lag behind.
   *
   * @param what what is awaited, for the message
   * @throws PluginError NOT_REPLICATED when it does not show in time
   */
  async until(what: string, seen: () => Promise<boolean>): Promise<void> {
    for (let attempt = 1; attempt <= this.#attempts; attempt++) {
      if (await seen()) return
      if (attempt < this.#attempts) await this.#pause(backOff(attempt))
    }
    throw new PluginError(
      'NOT_REPLICATED',
      `${what} does not show in Graph. Run \`pulumi refresh\` and try again.`,
    )
  }

  async #entity(
    method: string,
    path: string,
    body: Entity | undefined,
    options: RequestOptions,
  ): Promise<Entity> {
    const answer = await this.#request(method, this.#address(path, options), body && json(body), options)
    return isEntity(answer) ? answer : {}
  }

  async #request(
    method: string,
    url: string,
    body: Body | undefined,
    { retryWhen = () => false }: RequestOptions,
  ): Promise<Json | undefined> {
    let renewed = false
    for (let attempt = 1; ; attempt++) {
      const refusal = await this.#once(method, url, body)
      if (!('error' in refusal)) return refusal.answer
      const { error } = refusal
      if (error.status === 401 && !renewed) {
        renewed = true
        this.session.dropToken()
        continue
      }
      if (attempt >= this.#attempts || !(isTransient(error.status) || retryWhen(error))) throw error
      await this.#pause(error.retryAfter ?? backOff(attempt))
    }
  }

  async #once(
    method: string,
    url: string,
    body: Body | undefined,
  ): Promise<{ answer: Json | undefined } | { error: GraphError }> {
    const init: RequestInit = {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${await this.session.accessToken()}`,
        accept: 'application/json',
        ...(body && { 'content-type': body.type }),
      },
      ...(body && { body: body.content }),
    }
    const response = notRedirected(url, await this.#send(url, init))
    const text = await response.text()
    if (response.ok) return { answer: text === '' ? undefined : JSON.parse(text) }
    return {
      error: readRefusal(`${method} ${new URL(url).pathname}`, response.status, response.headers, text),
    }
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      if (this.#signal?.aborted) throw cancelled(this.#signal.reason)
      try {
        return await this.#fetch(url, init)
      } catch (cause) {
        if (init.method !== 'GET' || attempt >= 3) throw unreachable(new URL(url).host, cause)
        await this.#pause(backOff(attempt))
      }
    }
  }

  async #pause(seconds: number): Promise<void> {
    try {
      await this.#sleep(seconds * 1000, this.#signal)
    } catch (cause) {
      throw cancelled(cause)
    }
  }

  #address(path: string, { version = 'v1.0' }: RequestOptions): string {
    return `${this.session.graphUrl}/${version}${path}`
  }

  #sameHost(link: string): string {
    if (link.startsWith(`${this.session.graphUrl}/`)) return link
    throw new PluginError(
      'NOT_LOOPBACK',
      `Graph's next page is at "${link}", outside ${this.session.graphUrl}.`,
    )
  }
}

/**
 * `$filter` for one property, with the quotes in the value doubled as OData wants.
 *
 * @param flags further properties that must have these values. Default: none
 */
export function filterBy(
  property: string,
  value: string,
  flags: Readonly<Record<string, boolean>> = {},
): string {
  const conditions = [
    `${property} eq '${value.replaceAll("'", "''")}'`,
    ...Object.entries(flags).map(([name, flag]) => `${name} eq ${flag}`),
  ]
  return `$filter=${encodeURIComponent(conditions.join(' and '))}`
}

function json(body: Entity): Body {
  return { content: JSON.stringify(body), type: 'application/json' }
}

/** Judges an error answer; bodies that are not Graph's are shown in part. */
function readRefusal(request: string, status: number, headers: Headers, body: string): GraphError {
  let error: Json | undefined
  try {
    const json: Json = JSON.parse(body)
    error = isEntity(json) ? json['error'] : undefined
  } catch {
    error = undefined
  }
  const known = isEntity(error) ? error : {}
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return new GraphError({
    request,
    status,
    graphCode: String(known['code'] ?? 'UnknownError'),
    reason: String(known['message'] ?? body.slice(0, 200)),
    requestId: headers.get('request-id') ?? undefined,
    retryAfter: Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined,
  })
}

function isTransient(status: number): boolean {
  return status === 408 || status === 424 || status === 429 || (status >= 500 && status !== 501)
}

/** Seconds to wait after the nth try. */
function backOff(attempt: number): number {
  return Math.min(2 ** (attempt - 1), 61)
}

function cancelled(cause: unknown): PluginError {
  return new PluginError('CANCELLED', 'The operation was cancelled.', { cause })
}
