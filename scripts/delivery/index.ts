import type { TokenCredential } from '@azure/identity'
import { type DeliveryDeclaration, targetId } from '../../infra/declaration/schema/delivery.ts'
import { dotenvTarget } from './dotenv.ts'
import { execTarget } from './exec.ts'
import { githubTarget } from './github.ts'
import { type KeyVaultOptions, keyVaultTarget } from './key-vault.ts'
import type { DeliveryTarget } from './target.ts'

export {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  GenerationLost,
  type Receipt,
  type WriteOptions,
} from './target.ts'

export interface DeliveryOptions {
  /** What relative paths start from, and where commands run. */
  readonly projectDir: string
  /** GITHUB_TOKEN or GH_TOKEN, GITHUB_API_URL; and what commands may be given of it. */
  readonly env: NodeJS.ProcessEnv
  /** Ends commands, and waits for files. */
  readonly signal?: AbortSignal
  /** Takes a line for people. */
  readonly note?: (line: string) => void
  /** Who writes to Key Vault. Called when a vault is among the targets. */
  readonly azureCredential: () => TokenCredential
  readonly keyVaultClient?: NonNullable<KeyVaultOptions['client']>
}

/** The target that a declaration describes. */
export function openTarget(declaration: DeliveryDeclaration, options: DeliveryOptions): DeliveryTarget {
  const id = targetId(declaration)
  const { env, azureCredential, keyVaultClient } = options
  if (declaration.dotenv) return dotenvTarget(id, declaration.dotenv, options)
  if (declaration.keyVault) {
    const client = keyVaultClient ? { client: keyVaultClient } : {}
    return keyVaultTarget(id, declaration.keyVault, { credential: azureCredential(), ...client })
  }
  if (declaration.github) {
    const apiUrl = env['GITHUB_API_URL']
    const token = env['GITHUB_TOKEN'] || env['GH_TOKEN']
    return githubTarget(id, declaration.github, { token, ...(apiUrl && { apiUrl }) })
  }
  if (declaration.exec) return execTarget(id, declaration.exec, options)
  throw new TypeError(`A delivery target of no known kind: ${Object.keys(declaration).join(', ')}`)
}
