import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { isGuid } from '../../microsoft/guid.ts'
import { registerResourceManager } from '../arm/routes.ts'
import { formatRecord, loggablePath, type RequestLog } from '../audit/request-record.ts'
import type { SignIns } from '../audit/sign-ins.ts'
import type { TenantControl } from '../control/control.ts'
import { registerControl } from '../control/routes.ts'
import type { Directory } from '../directory/directory.ts'
import { GraphError, internalError, invalidRequest, payloadTooLarge } from '../errors/graph-error.ts'
import { LoginError, malformedRequest, renderLoginError, tokenIssuanceFailed } from '../errors/login-error.ts'
import type { Faults } from '../faults/faults.ts'
import { registerFaults } from '../faults/hooks.ts'
import { ADDRESSES } from '../graph/find-route.ts'
import {
  graphErrorBody,
  isGraphUrl,
  operationOf,
  refuseUnserved,
  registerGraph,
  sendGraphError,
} from '../graph/register.ts'
import { plainUrl } from '../graph/url.ts'
import type { ServerCertificate } from '../lib/certificates.ts'
import { registerLogin, sendLoginError } from '../login/routes.ts'
import { registerPage } from '../page/routes.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { acceptBodies, BODY_LIMIT_BYTES } from './bodies.ts'

/**
 * Milliseconds that a connection may take for its handshake, for the headers of a request and for the whole request:
 * one that was opened and left alone must not hold its place for ever.
 */
const CONNECTION_LIMITS = {
  handshakeTimeout: 10_000,
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5000,
} as const

const HTTP_PAYLOAD_TOO_LARGE = 413
const HTTP_SERVER_ERROR = 500

/** Longer than clients keep idle connections (Go: 90 s), or the server closes one just as a client writes to it. */
const IDLE_CONNECTION_MS = 120_000

/** No route has a schema, so Fastify's compilers, which take a third of the time to start, are not loaded. */
const NO_SCHEMAS = { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } }

/** What Graph's answers carry besides. A browser that remembered the last would refuse http on every port of localhost. */
const GRAPH_HEADERS = {
  'odata-version': '4.0',
  'cache-control': 'no-cache',
  'strict-transport-security': 'max-age=0',
} as const

/** What the server is made of. */
export interface ServerParts {
  readonly directory: Directory
  readonly keys: SigningKeys
  readonly certificate: ServerCertificate
  readonly requests: RequestLog
  readonly signIns: SignIns
  readonly faults: Faults
  readonly control: TenantControl
  readonly controlKey: string
  readonly log: (line: string) => void
}

/** Login and Graph on one HTTPS server, not listening yet. */
export function createServer(parts: ServerParts): FastifyInstance {
  const { directory, keys, certificate } = parts
  // Fastify's type would name the TLS server as well; nothing here depends on it.
  const server: FastifyInstance = Fastify({
    https: {
      key: certificate.keyPem,
      cert: certificate.certificatePem,
      minVersion: 'TLSv1.2',
      ...CONNECTION_LIMITS,
    },
    bodyLimit: BODY_LIMIT_BYTES,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    forceCloseConnections: true,
    schemaController: NO_SCHEMAS,
    exposeHeadRoutes: false,
    routerOptions: ADDRESSES,
    frameworkErrors: (error, request, reply) => {
      // A URL that cannot be decoded never reaches the hooks.
      begin(parts, request as unknown as FastifyRequest, reply as unknown as FastifyReply)
      refuse(parts, error, request as unknown as FastifyRequest, reply as unknown as FastifyReply)
    },
    rewriteUrl: ({ url = '/' }) => plainUrl(url),
  }) as unknown as FastifyInstance
  server.decorateRequest('notes')
  acceptBodies(server)
  observe(server, parts)
  registerLogin(server, directory, keys)
  registerResourceManager(server, directory, keys)
  registerGraph(server, directory, keys)
  registerPage(server, parts)
  // For programs that wait until the tenant serves. What a seed holds is there by then.
  server.get('/_health', async () => ({ status: 'ready', tenantId: directory.tenantId }))
  registerControl(server, parts.control, parts.controlKey)
  answerTheRest(server, parts)
  return server
}

function noCompiler(): never {
  throw new Error('a route has a schema, and nothing that compiles it')
}

function observe(server: FastifyInstance, parts: ServerParts): void {
  server.addHook('onRequest', async (request, reply) => begin(parts, request, reply))
  // Ahead of the record, which has to show what the client got.
  registerFaults(server, {
    faults: parts.faults,
    operationOf,
    onDropped: (request, reply) => record(parts, request, reply),
    lostAnswer: (error, reply) => lostAnswer(parts, error, reply),
  })
  // Before the answer leaves, so that whoever has it finds the record too.
  server.addHook('onSend', async (request, reply) => record(parts, request, reply))
}

function record(parts: ServerParts, request: FastifyRequest, reply: FastifyReply): void {
  const { directory, requests, log } = parts
  const { startedAt, dropped, signIn, ...notes } = request.notes
  const record = {
    at: directory.now().toISOString(),
    method: request.method,
    path: loggablePath(request.originalUrl),
    status: dropped ? 0 : reply.statusCode,
    ...notes,
    milliseconds: Math.round((performance.now() - startedAt) * 10) / 10,
  }
  requests.add(record)
  if (signIn !== undefined) {
    parts.signIns.note({ ...signIn, requestId: String(reply.getHeader('request-id')) })
  }
  log(formatRecord(record))
}

/** The body of an error that takes the place of an answer when its headers are made already. */
function lostAnswer({ directory }: ServerParts, error: Error, reply: FastifyReply): string {
  if (error instanceof GraphError) {
    reply.status(error.status).type('application/json')
    return JSON.stringify(graphErrorBody(directory, error, reply))
  }
  reply.status((error as LoginError).status)
  const ids = { traceId: randomUUID(), correlationId: randomUUID(), now: directory.now() }
  return JSON.stringify(renderLoginError(error as LoginError, ids))
}

/** What every answer carries, and an empty sheet for the handlers' notes. */
function begin({ directory }: ServerParts, request: FastifyRequest, reply: FastifyReply): void {
  request.notes = { startedAt: performance.now() }
  const sent = request.headers['client-request-id']
  const requestId = randomUUID()
  reply.headers({
    'request-id': requestId,
    'client-request-id': typeof sent === 'string' && isGuid(sent) ? sent : requestId,
    date: directory.now().toUTCString(),
    ...(isGraphUrl(request.url) ? GRAPH_HEADERS : {}),
  })
}

function answerTheRest(server: FastifyInstance, parts: ServerParts): void {
  const { directory, keys } = parts
  server.setNotFoundHandler(async (request, reply) => {
    if (isGraphUrl(request.url)) return refuseUnserved(directory, keys, request)
    return reply
      .status(404)
      .send({ error: 'not_found', error_description: 'Nothing is served at this address.' })
  })
  server.setErrorHandler(async (error: Error, request, reply) => refuse(parts, error, request, reply))
}

/** Answers any error in the form of the service that was asked. */
function refuse(
  { directory, log }: ServerParts,
  error: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const isOurs = error instanceof LoginError || error instanceof GraphError
  // What the HTTP layer refuses by itself: a body too large, a malformed URL.
  const status = 'statusCode' in error ? Number(error.statusCode) : HTTP_SERVER_ERROR
  const isClients = status < HTTP_SERVER_ERROR
  if (!isOurs && !isClients) {
    log(`${request.method} ${loggablePath(request.originalUrl)} failed: ${error.stack}`)
  }
  if (isGraphUrl(request.url)) {
    const clients = status === HTTP_PAYLOAD_TOO_LARGE ? payloadTooLarge() : invalidRequest(error.message)
    const refusal = isOurs ? error : isClients ? clients : internalError()
    return sendGraphError(directory, refusal as GraphError, request, reply)
  }
  const refusal = isOurs ? error : isClients ? malformedRequest() : tokenIssuanceFailed()
  return sendLoginError(directory, refusal as LoginError, request, reply)
}
