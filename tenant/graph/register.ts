import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isGuid } from '../../microsoft/guid.ts'
import { auditChanges, type Initiator } from '../audit/directory-audit.ts'
import { asSeenBy, type Directory, type ReplicaSite } from '../directory/directory.ts'
import { type GraphError, notImplemented } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { readOptions } from '../odata/query.ts'
import type { Caller, GraphReply, GraphRequest } from '../request/graph-request.ts'
import { isRead, type Route } from '../request/route.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { allowedTo, authenticate, authorize } from './authorize.ts'
import { BATCH_PATH, runBatch } from './batch.ts'
import { operations } from './operations.ts'
import { routes } from './routes.ts'
import { isKey } from './url.ts'

/** The versions of Graph, over one store. */
export const VERSIONS = ['v1.0', 'beta'] as const

const CONTENT_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

/** The routes that a version serves. */
export function routesOf(version: (typeof VERSIONS)[number]): readonly Route[] {
  return version === 'beta' ? routes : routes.filter(({ betaOnly }) => !betaOnly)
}

/** Serves every route of the table under both versions: who is it, may they, do it, answer. */
export function registerGraph(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  for (const version of VERSIONS) {
    server.post(`/${version}${BATCH_PATH}`, async (request, reply) => {
      const caller = await authenticate(directory, keys, request.headers.authorization)
      request.notes.callerAppId = caller.appId
      return reply.type(CONTENT_TYPE).send(JSON.stringify(await runBatch(server, version, request)))
    })
    for (const route of routesOf(version)) {
      server.route({
        method: route.method,
        url: `/${version}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        config: { operation: route.operation },
        handler: async (request, reply) => {
          const answer = await handle(directory, keys, route, version === 'beta', request)
          return send(answer, reply)
        },
      })
    }
  }
}

/**
 * Answers a Graph request that no route serves. Who calls is asked first, as the real service does.
 *
 * @throws GraphError 401, or 501 naming what is missing
 */
export async function refuseUnserved(
  directory: Directory,
  keys: SigningKeys,
  request: FastifyRequest,
): Promise<never> {
  const caller = await authenticate(directory, keys, request.headers.authorization)
  request.notes.callerAppId = caller.appId
  throw unserved(request)
}

function unserved(request: FastifyRequest): GraphError {
  return notImplemented(`${request.method} ${splitUrl(request.url).path}`)
}

/** Whether a URL is Graph's, and not the login endpoints'. */
export function isGraphUrl(url: string): boolean {
  const first = splitUrl(url)
    .path.split('/')
    .find((segment) => segment !== '')
  return VERSIONS.some((version) => version === first?.toLowerCase())
}

/** The body that Graph answers an error with. */
export function graphErrorBody(directory: Directory, error: GraphError, reply: FastifyReply): object {
  const innerError = {
    date: isoSecond(directory.now()).slice(0, -1),
    'request-id': String(reply.getHeader('request-id') ?? randomUUID()),
    'client-request-id': String(reply.getHeader('client-request-id') ?? randomUUID()),
  }
  const details = error.details.length === 0 ? {} : { details: error.details }
  return { error: { code: error.code, message: error.message, ...details, innerError } }
}

/** Answers a GraphError in Graph's own form. */
export function sendGraphError(
  directory: Directory,
  error: GraphError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.status === 501) request.notes.gap = error.message
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="", error="invalid_token"')
  return reply
    .status(error.status)
    .type('application/json')
    .send(graphErrorBody(directory, error, reply))
}

async function handle(
  directory: Directory,
  keys: SigningKeys,
  route: Route,
  beta: boolean,
  request: FastifyRequest,
): Promise<GraphReply> {
  const caller = await authenticate(directory, keys, request.headers.authorization)
  request.notes.callerAppId = caller.appId
  const parameters = request.params as Record<string, string>
  if (!Object.values(parameters).every(isKey)) throw unserved(request)
  const allowedBy = authorize(directory, { route, caller, parameters, body: request.body })
  request.notes.allowedBy = allowedBy.allOf.join('+')
  const { path, query } = splitUrl(request.originalUrl)
  const graphRequest: GraphRequest = {
    directory: asSeenBy(directory, siteOf(route)),
    route,
    beta,
    caller,
    allowedBy,
    allows: allowedTo(directory, { route, caller, parameters, body: request.body }),
    parameters,
    options: route.method === 'GET' ? readOptions(query) : new Map(),
    isEventual: /^eventual$/i.test(String(request.headers['consistencylevel'] ?? '')),
    createsMissing: /(^|[,;\s])create-if-missing($|[,;\s])/i.test(String(request.headers['prefer'] ?? '')),
    path,
    body: request.body,
  }
  const operate = operations[route.operation]
  return isRead(route)
    ? operate(graphRequest)
    : directory.store.transaction(() => {
        const reply = operate(graphRequest)
        auditChanges(directory, initiatorOf(request, caller))
        return reply
      })
}

function initiatorOf({ headers }: FastifyRequest, caller: Caller): Initiator {
  const sent = headers['client-request-id']
  const correlationId = typeof sent === 'string' && isGuid(sent) ? sent : randomUUID()
  return { caller, correlationId, userAgent: headers['user-agent'] }
}

function siteOf(route: Route): ReplicaSite {
  if (!isRead(route)) return 'write'
  return route.operation === 'list' || route.operation === 'count' ? 'list' : 'object'
}

function send(answer: GraphReply, reply: FastifyReply): FastifyReply {
  reply.status(answer.status)
  if (answer.location !== undefined) reply.header('location', answer.location)
  if (answer.content !== undefined) return reply.type(answer.content.type).send(answer.content.bytes)
  if (answer.body === undefined) return reply.send()
  return reply.type(CONTENT_TYPE).send(JSON.stringify(answer.body))
}

function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}
