import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isGuid } from '../../microsoft/guid.ts'
import { auditChanges, type Initiator } from '../audit/directory-audit.ts'
import { asSeenBy, type Directory, type ReplicaSite } from '../directory/directory.ts'
import { type GraphError, notImplemented } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { readOptions } from '../odata/query.ts'
import type { Caller, GraphReply, GraphRequest } from '../request/graph-request.ts'
import { isRead, type Operation, type Route } from '../request/route.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { allowedTo, authenticate, authorize } from './authorize.ts'
import { BATCH_PATH, runBatch } from './batch.ts'
import { type FoundRoute, findRoute, VERSIONS, type Version } from './find-route.ts'
import { operations } from './operations.ts'
import { isKey } from './url.ts'

const CONTENT_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8'

/** Serves every route of the table under both versions: who is it, may they, do it, answer. */
export function registerGraph(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  for (const version of VERSIONS) {
    server.post(`/${version}${BATCH_PATH}`, async (request, reply) => {
      const caller = await authenticate(directory, keys, request.headers.authorization)
      request.notes.callerAppId = caller.appId
      return reply.type(CONTENT_TYPE).send(JSON.stringify(await runBatch(server, version, request)))
    })
    server.all(`/${version}/*`, async (request, reply) => {
      const found = findRoute(version, request.method, request.url)
      if (found === undefined) return refuseUnserved(directory, keys, request)
      return send(await handle(directory, keys, version, found, request), reply)
    })
  }
}

/** What a request asks Graph to do, before anything of it is checked. */
export function operationOf({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): Operation | undefined {
  const version = versionOf(url)
  return version && findRoute(version, method, url)?.route.operation
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
  return versionOf(url) !== undefined
}

function versionOf(url: string): Version | undefined {
  const first = splitUrl(url)
    .path.split('/')
    .find((segment) => segment !== '')
  return VERSIONS.find((version) => version === first?.toLowerCase())
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
  version: Version,
  { route, parameters }: FoundRoute,
  request: FastifyRequest,
): Promise<GraphReply> {
  const caller = await authenticate(directory, keys, request.headers.authorization)
  request.notes.callerAppId = caller.appId
  if (!Object.values(parameters).every(isKey)) throw unserved(request)
  const allowedBy = authorize(directory, { route, caller, parameters, body: request.body })
  request.notes.allowedBy = allowedBy.allOf.join('+')
  const { path, query } = splitUrl(request.originalUrl)
  const graphRequest: GraphRequest = {
    directory: asSeenBy(directory, siteOf(route)),
    route,
    beta: version === 'beta',
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
