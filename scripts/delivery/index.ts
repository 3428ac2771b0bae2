import type { TokenCredential } from '@azure/identity'
import { type DeliveryDeclaration, targetId } from '../../infra/declaration/schema/delivery.ts'
import { dotenvTarget } from './dotenv.ts'
import { execTarget } from './exec.ts'
import { githubTarget } from './github.ts'
import { type KeyVaultOptions, keyVaultTarget } from './key-vault.ts'
import type { DeliveryTarget } from './target.ts'

export { type Delivery, DeliveryError, type DeliveryTarget, type Receipt } from './target.ts'

export interface DeliveryOptions {
  /** What relative paths start from, and where commands run. */
  readonly projectDir: string
  /** GITHUB_TOKEN or GH_TOKEN, GITHUB_API_URL; and the environment of commands, less the deployer's own secrets. */
  readonly env: NodeJS.ProcessEnv
  /** Who writes to Key Vault. Called when a vault is among the targets. */
  readonly azureCredential: () => TokenCredential
  readonly keyVaultClient?: NonNullable<KeyVaultOptions['client']>
}

/** What a delivery command has no business with: it runs with the pipeline's environment otherwise. */
const WITHHELD = [
  'ARM_CLIENT_SECRET',
  'ARM_CLIENT_CERTIFICATE_PASSWORD',
  'ARM_OIDC_TOKEN',
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_CONFIG_PASSPHRASE',
] as const

/** The target that a declaration describes. */
export function openTarget(declaration: DeliveryDeclaration, options: DeliveryOptions): DeliveryTarget {
  const id = targetId(declaration)
  const { projectDir, env, azureCredential, keyVaultClient } = options
  if (declaration.dotenv) return dotenvTarget(id, declaration.dotenv, projectDir)
  if (declaration.keyVault) {
    const client = keyVaultClient ? { client: keyVaultClient } : {}
    return keyVaultTarget(id, declaration.keyVault, { credential: azureCredential(), ...client })
  }
  if (declaration.github) {
    const apiUrl = env['GITHUB_API_URL']
    const token = env['GITHUB_TOKEN'] || env['GH_TOKEN']
    return githubTarget(id, declaration.github, { token, ...(apiUrl && { apiUrl }) })
  }
  if (declaration.exec) return execTarget(id, declaration.exec, projectDir, without(env, WITHHELD))
  throw new TypeError(`A delivery target of no known kind: ${Object.keys(declaration).join(', ')}`)
}

function without(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}
