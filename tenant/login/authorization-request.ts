import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import { missingParameter } from '../errors/login-error.ts'
import { isObject } from '../store/entity.ts'
import { type Client, findClient, requireAudience, requirePrincipal } from './client.ts'
import { type Platform, platformOf, registeredRedirectUris } from './redirect-uri.ts'
import {
  badParameter,
  challengeRequired,
  implicitIdTokenNotEnabled,
  implicitTokenNotEnabled,
  noRedirectUri,
  notSignedIn,
  responseTypeNotServed,
  wrongRedirectUri,
} from './refusals/user.ts'
import { findResource } from './resource.ts'
import { readScopes, v1Scope } from './scopes.ts'
import type { TenantSegment } from './tenant-segment.ts'

/** How the answer travels back (OAuth 2.0 Multiple Response Type Encoding Practices, OAuth 2.0 Form Post Response Mode). */
export type ResponseMode = 'query' | 'fragment' | 'form_post'

const RESPONSE_MODES: readonly ResponseMode[] = ['query', 'fragment', 'form_post']

/** Where an answer, good or bad, may be sent: known once client and redirect URI fit together. */
export interface ReturnAddress {
  readonly client: Client
  readonly redirectUri: string
  readonly platform: Platform
  readonly responseMode: ResponseMode
  readonly state: string | undefined
}

/** The rest of an authorization request. */
export interface AuthorizationRequest extends ReturnAddress {
  readonly scope: string
  readonly nonce: string | undefined
  readonly challenge: { readonly value: string; readonly method: 'plain' | 'S256' } | undefined
  readonly loginHint: string | undefined
}

/**
 * Reads who asks and where the answer goes. What fails here is shown to the user and never sent to the address given.
 *
 * @throws LoginError AADSTS700016, 50194, 50011, 500113, 900144
 */
export function readReturnAddress(
  directory: Directory,
  segment: TenantSegment,
  parameters: URLSearchParams,
): ReturnAddress {
  const client = findClient(directory, parameters.get('client_id') || undefined)
  const { data } = client.application
  requireAudience(client, segment)
  const [first] = registeredRedirectUris(data)
  if (first === undefined) throw noRedirectUri()
  const redirectUri = parameters.get('redirect_uri') || first.uri
  const platform = platformOf(data, redirectUri)
  if (platform === undefined) throw wrongRedirectUri(redirectUri, client.appId)
  const asked = parameters.get('response_mode') || 'query'
  const responseMode = RESPONSE_MODES.find((mode) => mode === asked)
  if (responseMode === undefined) throw badParameter('response_mode', asked)
  return { client, redirectUri, platform, responseMode, state: parameters.get('state') ?? undefined }
}

/**
 * Reads the rest. What fails here goes back to the application.
 *
 * @param isV1 whether the v1 endpoint was asked, which takes `resource` instead of scopes
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export function readAuthorizationRequest(
  directory: Directory,
  address: ReturnAddress,
  parameters: URLSearchParams,
  isV1: boolean,
): AuthorizationRequest {
  requireCode(address.client, parameters.get('response_type') || undefined)
  requirePrincipal(directory, address.client)
  const scope = isV1 ? v1Scope(parameters) : parameters.get('scope') || undefined
  if (scope === undefined) throw missingParameter('scope')
  findResource(directory, readScopes(scope).resource ?? MICROSOFT_GRAPH_APP_ID)
  const challenge = readChallenge(parameters)
  if (address.platform === 'spa' && challenge === undefined) throw challengeRequired()
  if (parameters.get('prompt') === 'none') throw notSignedIn()
  return {
    ...address,
    scope,
    challenge,
    nonce: parameters.get('nonce') ?? undefined,
    loginHint: parameters.get('login_hint') ?? undefined,
  }
}

function requireCode({ application }: Client, responseType: string | undefined): void {
  if (responseType === undefined) throw missingParameter('response_type')
  if (responseType === 'code') return
  const { web } = application.data
  const implicit = isObject(web) ? web['implicitGrantSettings'] : undefined
  const settings = isObject(implicit) ? implicit : {}
  const types = responseType.split(/\s+/)
  if (types.includes('token') && settings['enableAccessTokenIssuance'] !== true) {
    throw implicitTokenNotEnabled()
  }
  if (types.includes('id_token') && settings['enableIdTokenIssuance'] !== true) {
    throw implicitIdTokenNotEnabled()
  }
  throw responseTypeNotServed(responseType)
}

/** RFC 7636 section 4.3. */
function readChallenge(parameters: URLSearchParams): AuthorizationRequest['challenge'] {
  const value = parameters.get('code_challenge')
  if (!value) return undefined
  const method = parameters.get('code_challenge_method') || 'plain'
  if (method !== 'plain' && method !== 'S256') throw badParameter('code_challenge_method', method)
  return { value, method }
}
