import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Directory } from '../directory/directory.ts'
import { type LoginError, notServed, renderLoginError } from '../errors/login-error.ts'
import { v2Issuer } from '../tokens/issuer.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { registerAuthorize } from './authorize.ts'
import { correlationId } from './correlation.ts'
import { instanceDiscovery, metadataEndpoints, openIdConfiguration } from './discovery.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { RedeemedCodes } from './redeemed-codes.ts'
import { readTenantSegment } from './tenant-segment.ts'
import { NO_STORE, registerToken } from './token.ts'
import { registerUserInfo } from './userinfo.ts'

const DISCOVERY_HEADERS = {
  'cache-control': 'max-age=86400, private',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
} as const

/** Below a tenant of the real service, and not here. */
const ADDRESSES_NOT_SERVED = [
  '/adminconsent',
  '/v2.0/adminconsent',
  '/saml2',
  '/wsfed',
  '/federationmetadata/2007-06/federationmetadata.xml',
]

type Asked = FastifyRequest<{ Params: { tenant: string } }>

/** Serves what clients ask before and for a token: metadata, discovery, keys, sign-in, and the token endpoint. */
export function registerLogin(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  const parts = { directory, keys, issuers: new IssuerKeys(), redeemed: new RedeemedCodes() }
  registerDiscovery(server, directory, keys)
  registerAuthorize(server, parts)
  registerToken(server, parts)
  registerUserInfo(server, directory, keys)
  for (const path of ADDRESSES_NOT_SERVED) {
    server.all(`/:tenant${path}`, async ({ notes }) => {
      notes.gap = path
      throw notServed(path)
    })
  }
}

function registerDiscovery(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  server.get('/metadata/endpoints', async () => metadataEndpoints(directory))
  server.get('/common/discovery/instance', async (request, reply) => {
    const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
    return reply.headers(DISCOVERY_HEADERS).send(instanceDiscovery(directory, query))
  })
  for (const [version, isV1] of [
    ['/v2.0', false],
    ['', true],
  ] as const) {
    server.get(`/:tenant${version}/.well-known/openid-configuration`, async (request: Asked, reply) => {
      const segment = readTenantSegment(directory, request.params.tenant)
      return reply.headers(DISCOVERY_HEADERS).send(openIdConfiguration(directory, segment, isV1))
    })
    server.get(`/:tenant/discovery${version}/keys`, async (request: Asked, reply) => {
      readTenantSegment(directory, request.params.tenant)
      const issuer = isV1 ? {} : { issuer: v2Issuer(directory) }
      const jwks = keys.all.map((key) => ({ ...key.jwk, ...issuer }))
      return reply.headers(DISCOVERY_HEADERS).send({ keys: jwks })
    })
  }
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
