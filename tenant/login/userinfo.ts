import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import { GraphError, unauthenticated } from '../errors/graph-error.ts'
import { sendGraphError } from '../graph/register.ts'
import type { Json } from '../store/entity.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { verifyAccessToken } from '../tokens/verify-access-token.ts'
import { pairwiseSubject } from './subject.ts'

/** Microsoft identity platform: UserInfo endpoint. It takes a user's token for Microsoft Graph with the scope `openid`. */
export function registerUserInfo(server: FastifyInstance, directory: Directory, keys: SigningKeys): void {
  for (const path of ['/oidc/userinfo', '/openid/userinfo']) {
    server.route({
      method: ['GET', 'POST'],
      url: path,
      handler: async (request, reply) => {
        try {
          return await userInfo(directory, keys, request)
        } catch (error) {
          // The real endpoint is Graph's, and refuses as Graph does.
          if (error instanceof GraphError) return sendGraphError(directory, error, request, reply)
          throw error
        }
      },
    })
  }
}

async function userInfo(
  directory: Directory,
  keys: SigningKeys,
  request: FastifyRequest,
): Promise<Record<string, Json>> {
  const graph = [directory.url(), 'https://graph.microsoft.com']
  const audiences = [MICROSOFT_GRAPH_APP_ID, ...graph.flatMap((url) => [url, `${url}/`])]
  const claims = await verifyAccessToken(directory, keys, request.headers.authorization, audiences)
  const user = directory.store.get('users', String(claims['oid']))
  if (
    user === undefined ||
    !String(claims['scp'] ?? '')
      .split(' ')
      .includes('openid')
  ) {
    throw unauthenticated('Access token validation failure. It is not of a user, or lacks the scope openid.')
  }
  const { data } = user
  const email =
    String(claims['scp']).split(' ').includes('email') && data['mail'] ? { email: data['mail'] } : {}
  return {
    sub: pairwiseSubject(user.id, String(claims['appid'])),
    name: data['displayName'] ?? null,
    family_name: data['surname'] ?? null,
    given_name: data['givenName'] ?? null,
    ...email,
  }
}
