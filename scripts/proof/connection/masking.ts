import { readFileSync } from 'node:fs'
import type { Mask } from '../../lib/mask.ts'
import type { AppTarget } from '../model/app-target.ts'
import type { ProofPorts } from '../model/ports.ts'

/** The secrets of an application's credentials, as far as they are known beforehand. */
export function secretsOf({ credentials }: AppTarget): (string | undefined)[] {
  return credentials.flatMap(({ target: { credential } }) => {
    switch (credential.kind) {
      case 'secret':
        return credential.value
      case 'certificate':
        return [credential.password, 'pem' in credential ? credential.pem : undefined]
      case 'federated':
        return contentsOf(credential.tokenFile)
      default:
        return undefined
    }
  })
}

/** The file may come into being later; the attempt itself says so if it never does. */
function contentsOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** The same ports, with every token masked from the moment it exists. */
export function masking(ports: ProofPorts, mask: Mask): ProofPorts {
  return {
    ...ports,
    requestToken: async (request) => {
      const answer = await ports.requestToken(request)
      if (answer.ok) mask.add(answer.token)
      return answer
    },
  }
}
