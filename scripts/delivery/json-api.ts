import { isObject } from '../../lib/is-object.ts'

/** What a service answered to a request. */
export interface JsonAnswer {
  readonly status: number
  /** Empty where the body is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>>
}

/** A service answered, and not with what was asked for. */
export class RefusedError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Whether nothing was stored by a request that failed so: any other failure may have come after the write. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RefusedError && error.status >= 300 && error.status < 500
}

/**
 * Sends one request of a JSON API. It follows no redirects: they could lead credentials to another host.
 *
 * @param limit ends the request
 * @throws TypeError, TimeoutError when there was no answer
 */
export async function callJson(
  url: URL,
  limit: AbortSignal,
  { body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: JsonRequest = {},
): Promise<JsonAnswer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: limit,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: asObject(await response.text()) }
}

export interface JsonRequest {
  /** Default: POST with a body, GET without. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

function asObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
