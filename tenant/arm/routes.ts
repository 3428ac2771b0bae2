import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Directory } from '../directory/directory.ts'
import { GraphError } from '../errors/graph-error.ts'
import { metadataEndpoints } from '../login/discovery.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { verifyAccessToken } from '../tokens/verify-access-token.ts'

/** Names of Azure Resource Manager, one of which its tokens are for. */
const AUDIENCES = ['https://management.core.windows.net', 'https://management.azure.com']

/**
 * As much of Azure Resource Manager as the Azure CLI asks on its way in: which tenants and subscriptions there are. There
 * is this tenant, and no subscription.
 */
export function registerResourceManager(
  server: FastifyInstance,
  directory: Directory,
  keys: SigningKeys,
): void {
  // The CLI registers a cloud by the address of its Resource Manager and asks there for the rest.
  server.get('/arm/metadata/endpoints', async () => metadataEndpoints(directory))
  const lists = {
    '/arm/subscriptions': () => [],
    '/arm/tenants': () => [
      {
        id: `/tenants/${directory.tenantId}`,
        tenantId: directory.tenantId,
        displayName: directory.tenantName,
      },
    ],
  }
  for (const [path, list] of Object.entries(lists)) {
    server.get(path, async (request, reply) => {
      const callerAppId = await callerOf(directory, keys, request)
      if (callerAppId === undefined) return refuse(reply)
      request.notes.callerAppId = callerAppId
      return { value: list() }
    })
  }
}

async function callerOf(
  directory: Directory,
  keys: SigningKeys,
  request: FastifyRequest,
): Promise<string | undefined> {
  try {
    const audiences = AUDIENCES.flatMap((name) => [name, `${name}/`])
    const { appid } = await verifyAccessToken(directory, keys, request.headers.authorization, audiences)
    return String(appid)
  } catch (error) {
    if (error instanceof GraphError) return undefined
    throw error
  }
}

function refuse(reply: FastifyReply): FastifyReply {
  return reply
    .status(401)
    .header('www-authenticate', 'Bearer error="invalid_token"')
    .send({ error: { code: 'AuthenticationFailed', message: 'Authentication failed.' } })
}
