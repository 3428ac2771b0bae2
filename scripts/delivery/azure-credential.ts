import type { TokenCredential } from '@azure/identity'
import { decodeJwt } from 'jose'
import type { Deployer } from '../proof/connection/deployer.ts'
import type { ProofPorts } from '../proof/index.ts'

/** The deployer as Azure's clients want to see an identity: the same login that reads the directory. */
export function azureCredential(
  deployer: Deployer,
  ports: Pick<ProofPorts, 'requestToken'>,
): TokenCredential {
  const { tenantId, clientId, credential } = deployer
  return {
    getToken: async (scopes) => {
      const scope = typeof scopes === 'string' ? scopes : (scopes[0] ?? '')
      const resource = scope.replace(/\/\.default$/, '')
      const answer = await ports.requestToken({ tenantId, clientId, credential, resource })
      if (!answer.ok) throw new Error(`${answer.failure.code}: ${answer.failure.message}`)
      const { exp = 0 } = decodeJwt(answer.token)
      return { token: answer.token, expiresOnTimestamp: exp * 1000 }
    },
  }
}
