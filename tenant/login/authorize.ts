import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeLoginError, LoginError } from '../errors/login-error.ts'
import {
  type AuthorizationRequest,
  type ReturnAddress,
  readAuthorizationRequest,
  readReturnAddress,
} from './authorization-request.ts'
import { clientInfo } from './client-info.ts'
import { correlationId } from './correlation.ts'
import { grantForUser } from './delegated-grant.ts'
import { errorPage, formPostPage, PAGE_HEADERS, signedOutPage, signInPage } from './pages.ts'
import { atLogin, type LoginParts } from './parts.ts'
import { cancelled } from './refusals/user.ts'
import { CODE_LIFETIME_MS, type SealedCode, seal } from './sealed.ts'
import { readTenantSegment } from './tenant-segment.ts'

type Asked = FastifyRequest<{ Params: { tenant: string } }>

/** Serves the interactive half of the authorization code flow, at the v1 and the v2 address. */
export function registerAuthorize(server: FastifyInstance, parts: LoginParts): void {
  for (const [version, isV1] of [
    ['/v2.0', false],
    ['', true],
  ] as const) {
    const authorize = async (request: Asked, reply: FastifyReply) =>
      onPage(parts, request, reply, () => showSignIn(atLogin(parts), request, reply, isV1))
    server.get(`/:tenant/oauth2${version}/authorize`, authorize)
    server.post(`/:tenant/oauth2${version}/authorize`, authorize)
    server.post(`/:tenant/login${version}`, async (request: Asked, reply) =>
      onPage(parts, request, reply, () => finishSignIn(atLogin(parts), request, reply, isV1)),
    )
    server.get(`/:tenant/oauth2${version}/logout`, async (request: Asked, reply) =>
      onPage(parts, request, reply, async () => {
        readTenantSegment(parts.directory, request.params.tenant)
        return reply.headers(PAGE_HEADERS).send(signedOutPage())
      }),
    )
  }
}

async function showSignIn(
  parts: LoginParts,
  request: Asked,
  reply: FastifyReply,
  isV1: boolean,
): Promise<FastifyReply> {
  const { directory } = parts
  const parameters = authorizationParameters(request)
  const address = readAddress(parts, request, parameters)
  return orBackToClient(parts, request, reply, address, async () => {
    const asked = readAuthorizationRequest(directory, address, parameters, isV1)
    const page = signInPage({
      tenantName: directory.tenantName,
      clientName: address.client.displayName,
      action: `/${request.params.tenant}/login${isV1 ? '' : '/v2.0'}?${parameters}`,
      users: usersToChoose(parts, asked.loginHint),
    })
    return reply.headers(PAGE_HEADERS).send(page)
  })
}

/** The sign-in page posts the choice together with the request it was shown for, which is checked once more. */
async function finishSignIn(
  parts: LoginParts,
  request: Asked,
  reply: FastifyReply,
  isV1: boolean,
): Promise<FastifyReply> {
  const { directory } = parts
  const parameters = queryOf(request)
  const address = readAddress(parts, request, parameters)
  return orBackToClient(parts, request, reply, address, async () => {
    const choice = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    if (choice.has('cancel')) throw cancelled()
    const asked = readAuthorizationRequest(directory, address, parameters, isV1)
    const { user } = grantForUser(directory, {
      client: address.client,
      proof: undefined,
      userId: choice.get('user') ?? '',
      scope: asked.scope,
    })
    request.notes.callerAppId = address.client.appId
    const answer = {
      code: await issueCode(parts, asked, user.id),
      ...(parameters.has('client_info') ? { client_info: clientInfo(directory, user.id) } : {}),
      session_state: randomUUID(),
    }
    return sendBack(reply, address, answer)
  })
}

function readAddress(parts: LoginParts, request: Asked, parameters: URLSearchParams): ReturnAddress {
  const segment = readTenantSegment(parts.directory, request.params.tenant)
  return readReturnAddress(parts.directory, segment, parameters)
}

async function issueCode(parts: LoginParts, asked: AuthorizationRequest, userId: string): Promise<string> {
  const issuedAt = parts.directory.now().getTime()
  const content: SealedCode = {
    id: randomUUID(),
    clientId: asked.client.appId,
    userId,
    platform: asked.platform,
    scope: asked.scope,
    issuedAt,
    redirectUri: asked.redirectUri,
    ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    ...(asked.challenge === undefined ? {} : { challenge: asked.challenge }),
  }
  return seal(parts.keys.sealingKey, 'code', content, new Date(issuedAt + CODE_LIFETIME_MS))
}

/** The user hinted at comes first. Accounts that are switched off are offered too, since Entra refuses them later. */
function usersToChoose({ directory }: LoginParts, hint: string | undefined) {
  const wanted = hint?.toLowerCase()
  const isHinted = (upn: unknown): boolean => String(upn).toLowerCase() === wanted
  return [...directory.store.all('users')].sort(
    (a, b) => Number(isHinted(b.data['userPrincipalName'])) - Number(isHinted(a.data['userPrincipalName'])),
  )
}

/** Refusals that may not go to the application are shown on a page. */
async function onPage(
  { directory }: LoginParts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LoginError)) throw error
    const traceId = randomUUID()
    const ids = { traceId, correlationId: correlationId(request), now: directory.now() }
    return reply
      .status(error.status)
      .headers({ ...PAGE_HEADERS, 'x-ms-request-id': traceId })
      .send(errorPage(describeLoginError(error, ids)))
  }
}

/** Refusals that the application is to hear of travel like an answer (OAuth 2.0, RFC 6749 section 4.1.2.1). */
async function orBackToClient(
  { directory }: LoginParts,
  request: FastifyRequest,
  reply: FastifyReply,
  address: ReturnAddress,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LoginError)) throw error
    const ids = { traceId: randomUUID(), correlationId: correlationId(request), now: directory.now() }
    return sendBack(reply, address, {
      // At this endpoint a missing consent is the user's to fix, and named for that.
      error: error.suberror ?? error.error,
      error_description: describeLoginError(error, ids),
      ...(error.hasHelpPage
        ? { error_uri: `https://login.microsoftonline.com/error?code=${error.code}` }
        : {}),
    })
  }
}

function sendBack(
  reply: FastifyReply,
  { redirectUri, responseMode, state }: ReturnAddress,
  answer: Record<string, string>,
): FastifyReply {
  const fields = new URLSearchParams(answer)
  if (state !== undefined) fields.set('state', state)
  if (responseMode === 'form_post') {
    return reply.headers(PAGE_HEADERS).send(formPostPage(redirectUri, fields))
  }
  const joint = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'
  return reply.redirect(`${redirectUri}${joint}${fields}`)
}

/** Parameters come in the query, or in the form of a POST (OpenID Connect Core 1.0 section 3.1.2.1). */
function authorizationParameters(request: FastifyRequest): URLSearchParams {
  return request.body instanceof URLSearchParams ? request.body : queryOf(request)
}

function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(request.url.split('?', 2)[1] ?? '')
}
