import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify'
import { GraphError, invalidRequest } from '../errors/graph-error.ts'
import { isObject, type Json } from '../store/entity.ts'

/** Microsoft Graph: Combine multiple HTTP requests using JSON batching. */
const MAX_REQUESTS = 20

/** Bytes that the answers to reads may add up to: twenty lists of large objects took gigabytes. Not published for Graph. */
const READ_LIMIT_BYTES = 32 * 1024 * 1024

/** Serves no resource of its own, and so is not a line of the route table: what may be asked is up to each request in it. */
export const BATCH_PATH = '/$batch'

const METHODS = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE'])

/** Headers that the answer to one of the requests shows. */
const SHOWN_HEADERS = ['content-type', 'location', 'request-id', 'retry-after']

interface Step {
  readonly id: string
  readonly method: string
  /** Below the version, with a slash in front. */
  readonly url: string
  readonly headers: { readonly [name: string]: string }
  readonly body: Json | undefined
  readonly dependsOn: readonly string[]
}

interface StepAnswer {
  readonly id: string
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body?: Json
}

/**
 * Answers the requests of a `$batch`, each as if it had come alone with the caller's token: permissions, faults and the
 * record of requests treat it as any other. Those that wait for others come after them; those that wait for a failed one
 * are answered 424, and reads beyond the size of an answer 503, to be asked for again.
 *
 * @param version of the batch, and so of all its requests
 * @throws GraphError 400 for a batch that is not well formed
 */
export async function runBatch(
  server: FastifyInstance,
  version: string,
  request: FastifyRequest,
): Promise<{ readonly responses: readonly StepAnswer[] }> {
  const steps = readBatch(request.body)
  const { authorization = '' } = request.headers
  const answers = new Map<string, StepAnswer>()
  const room = { bytes: READ_LIMIT_BYTES }
  // One after the other, so that what does not fit is not read at all.
  for (const step of inOrder(steps)) {
    const held = step.dependsOn.some((id) => (answers.get(id)?.status ?? 0) >= 400)
    answers.set(
      step.id,
      held
        ? failure(step.id, 424, 'FailedDependency', 'Failed Dependency')
        : await answer(server, version, step, authorization, room),
    )
  }
  return { responses: [...answers.values()] }
}

async function answer(
  server: FastifyInstance,
  version: string,
  step: Step,
  authorization: string,
  room: { bytes: number },
): Promise<StepAnswer> {
  const options: InjectOptions = {
    method: step.method as 'GET',
    url: `/${version}${step.url}`,
    headers: { ...step.headers, authorization },
    ...(step.body === undefined ? {} : { payload: JSON.stringify(step.body) }),
  }
  try {
    const reply = room.bytes > 0 || step.method !== 'GET' ? await server.inject(options) : undefined
    room.bytes -= reply?.rawPayload.length ?? 0
    // The answer to a write is never left out.
    if (reply === undefined || (room.bytes < 0 && step.method === 'GET')) return tooLarge(step.id)
    const headers = SHOWN_HEADERS.flatMap((name) => {
      const value = reply.headers[name]
      return value === undefined ? [] : [[name, String(value)] as const]
    })
    return {
      id: step.id,
      status: reply.statusCode,
      headers: Object.fromEntries(headers),
      ...bodyOf(reply.rawPayload, String(reply.headers['content-type'])),
    }
  } catch {
    // A fault has cut this request's connection, and what is in front of it waited in vain.
    return failure(step.id, 504, 'GatewayTimeout', 'The gateway did not receive a response in time.')
  }
}

/** JSON as it is, anything else as base64. */
function bodyOf(payload: Buffer, contentType: string): { readonly body?: Json } {
  if (payload.length === 0) return {}
  const isJson = contentType.startsWith('application/json')
  return { body: isJson ? (JSON.parse(payload.toString('utf8')) as Json) : payload.toString('base64') }
}

function tooLarge(id: string): StepAnswer {
  const message = 'The answers of this batch are too large together: ask for this one again, with fewer.'
  const { headers, ...rest } = failure(id, 503, 'serviceNotAvailable', message)
  return { ...rest, headers: { ...headers, 'retry-after': '1' } }
}

function failure(id: string, status: number, code: string, message: string): StepAnswer {
  return { id, status, headers: { 'content-type': 'application/json' }, body: { error: { code, message } } }
}

function readBatch(body: unknown): readonly Step[] {
  const requests = isObject(body) ? body['requests'] : undefined
  if (!Array.isArray(requests) || requests.length === 0) throw invalidRequest('Invalid batch payload format.')
  if (requests.length > MAX_REQUESTS) {
    throw invalidRequest(`Number of batch request steps exceeds the maximum value of ${MAX_REQUESTS}.`)
  }
  const steps = (requests as readonly Json[]).map(readStep)
  if (new Set(steps.map(({ id }) => id)).size < steps.length) {
    throw invalidRequest('Request Id values should be unique.')
  }
  return steps
}

function readStep(request: Json): Step {
  if (!isObject(request)) throw invalidRequest('Invalid batch payload format.')
  const { id, method, url, headers = {}, body, dependsOn = [] } = request
  if (typeof id !== 'string' || id === '') throw invalidRequest('Request Id is mandatory.')
  if (typeof method !== 'string' || !METHODS.has(method.toUpperCase())) {
    throw invalidRequest(`Invalid batch request method specified for request Id : ${id}.`)
  }
  if (typeof url !== 'string' || url === '')
    throw invalidRequest(`Request Url is mandatory for request Id : ${id}.`)
  const below = url.startsWith('/') ? url : `/${url}`
  requireWithinVersion(below, id)
  if (!isObject(headers) || !Array.isArray(dependsOn)) throw invalidRequest('Invalid batch payload format.')
  const sent = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  if (body !== undefined && sent['content-type'] === undefined) {
    throw invalidRequest(`Write request id : ${id} does not contain Content-Type header or body.`)
  }
  return {
    id,
    method: method.toUpperCase(),
    url: below,
    headers: sent,
    body,
    dependsOn: dependsOn.map(String),
  }
}

/**
 * A request of a batch stays within the batch's version, and is no batch itself.
 *
 * @param url with a slash in front; `..` and its spellings are resolved as the server would
 */
function requireWithinVersion(url: string, id: string): void {
  const { pathname } = new URL(`https://graph/version${url}`)
  const [first, ...segments] = pathname.slice(1).replaceAll(/%24/g, '$').toLowerCase().split('/')
  if (first !== 'version') throw invalidRequest(`Invalid Url specified for request Id : ${id}.`)
  if (segments.includes(BATCH_PATH.slice(1))) {
    throw invalidRequest(`Batch requests cannot be nested, as in request Id : ${id}.`)
  }
}

/** Each step behind those that it waits for. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = []
  let waiting = [...steps]
  while (waiting.length > 0) {
    const done = new Set(ordered.map(({ id }) => id))
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => done.has(id)))
    if (ready.length === 0) {
      throw new GraphError(400, 'BadRequest', 'Invalid dependsOn: a request waits for one that never comes.')
    }
    ordered.push(...ready)
    waiting = waiting.filter((step) => !ready.includes(step))
  }
  return ordered
}
