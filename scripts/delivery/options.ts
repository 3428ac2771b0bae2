import type { TokenCredential } from '@azure/identity'
import type { SecretClientOptions } from '@azure/keyvault-secrets'

/** What targets get of the world. */
export interface DeliveryOptions {
  /** What relative paths start from, and where commands run. */
  readonly projectDir: string
  /** What targets log in with, and what commands and modules may be given of it. */
  readonly env: NodeJS.ProcessEnv
  /** Ends requests, commands and modules, and waits for files. */
  readonly signal?: AbortSignal
  /** Takes a line for people. */
  readonly note?: (line: string) => void
  /** The deployer as Azure's clients want to see it. Called when a target needs it. */
  readonly azureCredential: () => TokenCredential
  /** For vaults outside Azure's own domains. Default: the client's own defaults. */
  readonly keyVaultClient?: SecretClientOptions
  /** What one request to a target may take, in milliseconds. Default: 30 000. */
  readonly requestMs?: number
}

/** Milliseconds: a service that has not answered by then will not. */
const REQUEST_MS = 30_000

/** Fires when one request, which begins now, has taken too long, and when the run ends. */
export function requestLimit({
  signal,
  requestMs = REQUEST_MS,
}: Pick<DeliveryOptions, 'signal' | 'requestMs'>) {
  const limit = AbortSignal.timeout(requestMs)
  return signal ? AbortSignal.any([signal, limit]) : limit
}
