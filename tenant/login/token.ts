import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Directory } from '../directory/directory.ts'
import {
  type LoginError,
  malformedRequest,
  missingParameter,
  notServed,
  tenantlessGrant,
  unsupportedGrant,
} from '../errors/login-error.ts'
import { v1Issuer, v2Issuer } from '../tokens/issuer.ts'
import type { Client, Proof, ProofContext } from './client.ts'
import { grantToApplication, resourceOfDefaultScope } from './client-credentials.ts'
import { readClientForm } from './client-form.ts'
import { atLogin, type LoginParts } from './parts.ts'
import type { Resource } from './resource.ts'
import { readTenantSegment } from './tenant-segment.ts'
import { answerApplication, answerUser } from './token-answer.ts'
import { redeemCode, redeemRefreshToken, type UserGrantRequest } from './user-grants.ts'

/** Headers of everything that may hold a token, refusals included. */
export const NO_STORE = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' } as const

type Asked = FastifyRequest<{ Params: { tenant: string } }>

interface TokenRequest extends UserGrantRequest {
  readonly notes: FastifyRequest['notes']
}

type Answer = Record<string, string | number | undefined>

const grants: {
  readonly [type: string]: (parts: LoginParts, context: ProofContext, asked: TokenRequest) => Promise<Answer>
} = {
  async client_credentials(parts, context, { form, clientForm, isV1, segment, notes }) {
    if (segment !== 'own') throw tenantlessGrant()
    // Entra reads the form before it looks for the client.
    if (clientForm.clientId === undefined) throw missingParameter('client_id')
    const resource = isV1 ? v1Resource(form) : resourceOfDefaultScope(form.get('scope') || undefined)
    const grant = await grantToApplication(context, clientForm, resource)
    noteClient(notes, grant, false)
    return answerApplication(parts.directory, parts.keys.current, grant, isV1)
  },

  async authorization_code(parts, context, asked) {
    return toUser(parts, asked, await redeemCode(parts, context, asked))
  },

  async refresh_token(parts, context, asked) {
    return toUser(parts, asked, await redeemRefreshToken(parts, context, asked))
  },
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:'

/** Flows of the real service that this tenant has not, by their grant types. */
const FLOWS_NOT_SERVED: { readonly [type: string]: string } = {
  password: 'the password flow (ROPC)',
  [`${GRANT_TYPE}device_code`]: 'the device code flow (device_code)',
  [`${GRANT_TYPE}jwt-bearer`]: 'the on-behalf-of flow (jwt-bearer)',
  [`${GRANT_TYPE}saml1_1-bearer`]: 'SAML bearer assertions (saml1_1-bearer)',
  [`${GRANT_TYPE}saml2-bearer`]: 'SAML bearer assertions (saml2-bearer)',
}

function refusedGrant(type: string, notes: FastifyRequest['notes']): LoginError {
  const flow = Object.hasOwn(FLOWS_NOT_SERVED, type) ? FLOWS_NOT_SERVED[type] : undefined
  if (flow === undefined) return unsupportedGrant(type)
  notes.gap = flow
  return notServed(flow)
}

/** Serves the token endpoint at its v1 and its v2 address, to servers and to browsers of any origin. */
export function registerToken(server: FastifyInstance, parts: LoginParts): void {
  for (const [version, isV1] of [
    ['/v2.0', false],
    ['', true],
  ] as const) {
    server.options(`/:tenant/oauth2${version}/token`, async (request: Asked, reply) =>
      allowOrigin(request, reply)
        .headers({
          'access-control-allow-methods': 'POST, OPTIONS',
          'access-control-allow-headers': 'content-type, client-request-id, x-client-sku, x-client-ver',
          'access-control-max-age': '86400',
        })
        .status(204)
        .send(),
    )
    // Clients know this address without discovery, which does not name it: the flow is not served.
    server.post(`/:tenant/oauth2${version}/devicecode`, async ({ notes }) => {
      throw refusedGrant(`${GRANT_TYPE}device_code`, notes)
    })
    server.post(`/:tenant/oauth2${version}/token`, async (request: Asked, reply) => {
      allowOrigin(request, reply)
      const answer = await answerToken(parts, request, isV1)
      return reply
        .headers({ ...NO_STORE, 'x-ms-request-id': randomUUID(), 'x-ms-clitelem': '1,0,0,,' })
        .send(answer)
    })
  }
}

async function answerToken(all: LoginParts, request: Asked, isV1: boolean): Promise<Answer> {
  if (!(request.body instanceof URLSearchParams)) throw malformedRequest()
  const parts = atLogin(all)
  const { directory, issuers } = parts
  const form = request.body
  const segment = readTenantSegment(directory, request.params.tenant)
  const type = form.get('grant_type')
  if (!type) throw missingParameter('grant_type')
  const redeem = Object.hasOwn(grants, type) ? grants[type] : undefined
  if (redeem === undefined) throw refusedGrant(type, request.notes)
  const clientForm = readClientForm(form, request.headers.authorization)
  const context = { directory, issuers, audiences: assertionAudiences(directory, request) }
  const { origin } = request.headers
  return redeem(parts, context, { form, clientForm, origin, isV1, segment, notes: request.notes })
}

async function toUser(
  { directory, keys }: LoginParts,
  { form, isV1, notes }: TokenRequest,
  granted: Awaited<ReturnType<typeof redeemCode>>,
): Promise<Answer> {
  noteClient(notes, granted.grant, true)
  const options = { isV1, clientInfo: form.has('client_info') }
  return answerUser(directory, keys.current, granted, options)
}

/** For the record of requests, and for the reports on which credentials and applications are in use. */
function noteClient(
  notes: FastifyRequest['notes'],
  { client, proof, resource }: { client: Client; proof: Proof | undefined; resource: Resource },
  isDelegated: boolean,
): void {
  const { appId, application, principal } = client
  notes.callerAppId = appId
  // The report on credentials knows secrets and certificates only.
  const isReported = proof !== undefined && proof.kind !== 'federated' && principal !== undefined
  notes.signIn = {
    appId,
    resourceAppId: resource.appId,
    isDelegated,
    credential: isReported
      ? {
          keyId: proof.credentialId,
          application,
          servicePrincipal: principal,
          resourceId: resource.principal.id,
        }
      : undefined,
  }
}

function v1Resource(form: URLSearchParams): string {
  const resource = form.get('resource')
  if (!resource) throw missingParameter('resource')
  return resource
}

/**
 * What a client may write into the `aud` of its own assertion: this tenant's token endpoints and issuers, under the
 * host the client called.
 */
function assertionAudiences(directory: Directory, request: FastifyRequest): readonly string[] {
  const origins = [directory.url(), `https://${request.host}`]
  const endpoints = origins.flatMap((origin) =>
    [directory.tenantId, directory.domain].flatMap((tenant) => [
      `${origin}/${tenant}/oauth2/v2.0/token`,
      `${origin}/${tenant}/oauth2/token`,
      `${origin}/${tenant}/v2.0`,
      `${origin}/${tenant}/`,
    ]),
  )
  return [...endpoints, v1Issuer(directory), v2Issuer(directory)]
}

/** Browsers show an answer to the page that asked only when it names the page's origin. */
function allowOrigin(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { origin } = request.headers
  return origin === undefined
    ? reply
    : reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' })
}
