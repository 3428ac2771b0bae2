import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { asSeenBy, type Directory } from '../directory.ts'
import { EXPIRES_IN_SECONDS, issueAccessToken } from './access-token.ts'
import { authorise, type ClientCredentialsForm } from './client-credentials.ts'
import { instanceDiscovery, metadataEndpoints, openIdConfiguration } from './discovery.ts'
import {
  type LoginError,
  malformedRequest,
  missingParameter,
  renderLoginError,
  tenantlessGrant,
  unknownTenant,
  unsupportedGrant,
} from './errors.ts'
import type { SigningKeys } from './keys.ts'

const NO_STORE = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' } as const

const DISCOVERY_HEADERS = {
  'cache-control': 'max-age=86400, private',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
} as const

/** Path segments that stand for no tenant in particular. */
const TENANTLESS = new Set(['common', 'organizations', 'consumers'])

interface TenantParams {
  readonly tenant: string
}

/** Serves what clients ask before and for a token: metadata, discovery, keys, and the token endpoint. */
export function registerLogin(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  server.get('/metadata/endpoints', async () => metadataEndpoints(directory))
  server.get('/common/discovery/instance', async (_request, reply) =>
    reply.headers(DISCOVERY_HEADERS).send(instanceDiscovery(directory)),
  )
  for (const prefix of ['/:tenant/v2.0', '/:tenant']) {
    server.get<{ Params: TenantParams }>(
      `${prefix}/.well-known/openid-configuration`,
      async (request, reply) => {
        checkTenant(directory, request.params.tenant)
        return reply.headers(DISCOVERY_HEADERS).send(openIdConfiguration(directory))
      },
    )
  }
  server.get<{ Params: TenantParams }>('/:tenant/discovery/v2.0/keys', async (request, reply) => {
    checkTenant(directory, request.params.tenant)
    return reply.headers(DISCOVERY_HEADERS).send({ keys: keys.all.map((key) => key.jwk) })
  })
  server.post<{ Params: TenantParams }>('/:tenant/oauth2/v2.0/token', async (request, reply) => {
    const form = readForm(request.body)
    checkTenant(directory, request.params.tenant)
    const { client, grant } = readGrant(form, request.headers.authorization)
    if (grant !== 'client_credentials') throw unsupportedGrant(grant)
    if (TENANTLESS.has(request.params.tenant.toLowerCase())) throw tenantlessGrant()
    const authorisation = authorise(asSeenBy(directory, 'login'), client)
    request.notes.callerAppId = authorisation.clientAppId
    const token = await issueAccessToken(directory, keys.current, authorisation)
    return reply.headers({ ...NO_STORE, 'x-ms-request-id': randomUUID(), 'x-ms-clitelem': '1,0,0,,' }).send({
      token_type: 'Bearer',
      expires_in: EXPIRES_IN_SECONDS,
      ext_expires_in: EXPIRES_IN_SECONDS,
      access_token: token,
    })
  })
}

/** Answers a LoginError in Entra's own form. */
export function sendLoginError(
  directory: Directory,
  error: LoginError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const traceId = randomUUID()
  const body = renderLoginError(error, {
    traceId,
    correlationId: correlationId(request),
    now: directory.now(),
  })
  return reply
    .status(error.status)
    .headers({ ...NO_STORE, 'x-ms-request-id': traceId, 'x-ms-clitelem': `1,${error.code},0,,` })
    .send(body)
}

/** Whether a path segment names this tenant, by id or by domain; Entra checks it before anything else. */
function checkTenant(directory: Directory, tenant: string): void {
  const named = tenant.toLowerCase()
  const known = [directory.tenantId, directory.domain]
  if (!known.includes(named) && !TENANTLESS.has(named)) throw unknownTenant(tenant)
}

function readForm(body: unknown): URLSearchParams {
  if (body instanceof URLSearchParams) return body
  throw malformedRequest()
}

/** Client id and secret come as form fields or by HTTP Basic (RFC 6749 section 2.3.1: form-encoded within it). */
function readGrant(
  form: URLSearchParams,
  authorization: string | undefined,
): { readonly grant: string; readonly client: ClientCredentialsForm } {
  const grant = form.get('grant_type')
  if (!grant) throw missingParameter('grant_type')
  const basic = readBasic(authorization)
  return {
    grant,
    client: {
      clientId: form.get('client_id') || basic?.id,
      clientSecret: form.get('client_secret') || basic?.secret,
      hasAssertion: Boolean(form.get('client_assertion')),
      scope: form.get('scope') || undefined,
    },
  }
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) }
  } catch (error) {
    if (error instanceof URIError) throw malformedRequest()
    throw error
  }
}

/** The client's own id for the exchange, from the form (MSAL) or the header. */
function correlationId(request: FastifyRequest): string {
  const fromForm = request.body instanceof URLSearchParams ? request.body.get('client-request-id') : null
  const header = request.headers['client-request-id']
  return fromForm || (typeof header === 'string' ? header : randomUUID())
}
