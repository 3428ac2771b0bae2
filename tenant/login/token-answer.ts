import type { Directory } from '../directory/directory.ts'
import type { SigningKey } from '../tokens/signing-keys.ts'
import { EXPIRES_IN_SECONDS, issueAccessToken, issueIdToken } from './access-token.ts'
import type { AppOnlyGrant } from './client-credentials.ts'
import { clientInfo } from './client-info.ts'
import type { UserGrant } from './user-grants.ts'

/** The members of a token answer; what is undefined is left out. */
type TokenAnswer = Record<string, string | number | undefined>

/** The answer to the client credentials grant, in the form of the endpoint asked. */
export async function answerApplication(
  directory: Directory,
  key: SigningKey,
  grant: AppOnlyGrant,
  isV1: boolean,
): Promise<TokenAnswer> {
  const access_token = await issueAccessToken(directory, key, grant)
  return { ...lifetime(directory, isV1, grant.resource.audience), access_token }
}

/** The answer to a grant of a user: scopes, refresh token and id token where they were asked for. */
export async function answerUser(
  directory: Directory,
  key: SigningKey,
  { grant, refreshToken }: UserGrant,
  options: { readonly isV1: boolean; readonly clientInfo: boolean },
): Promise<TokenAnswer> {
  const { isV1 } = options
  return {
    scope: scopesAsAsked(grant, isV1),
    ...lifetime(directory, isV1, grant.resource.audience),
    access_token: await issueAccessToken(directory, key, grant),
    refresh_token: refreshToken,
    id_token: grant.oidc.includes('openid') ? await issueIdToken(directory, key, grant, isV1) : undefined,
    client_info: options.clientInfo ? clientInfo(directory, grant.user.id) : undefined,
  }
}

/** The v1 endpoint writes its numbers as strings, and repeats the resource. */
function lifetime(directory: Directory, isV1: boolean, resource: string): TokenAnswer {
  const seconds = EXPIRES_IN_SECONDS
  if (!isV1) return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds }
  const now = Math.floor(directory.now().getTime() / 1000)
  return {
    token_type: 'Bearer',
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(now + seconds),
    not_before: String(now),
    resource,
  }
}

/** What the token holds, written the way the request wrote it, since clients look their tokens up by it. */
function scopesAsAsked({ asked, oidc, scopes }: UserGrant['grant'], isV1: boolean): string {
  if (isV1) return scopes.join(' ')
  const prefix = asked.prefix === undefined ? '' : `${asked.prefix}/`
  return [
    ...oidc.filter((name) => name !== 'offline_access'),
    ...scopes.map((name) => `${prefix}${name}`),
  ].join(' ')
}
