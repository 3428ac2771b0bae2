import type { GetSecretOptions, KeyVaultSecret, SecretClient } from '@azure/keyvault-secrets'
import type { KeyVaultDeclaration } from '../../infra/declaration/schema/delivery/key-vault.ts'
import { type DeliveryOptions, requestLimit } from './options.ts'
import {
  type Delivery,
  DeliveryError,
  type DeliveryTarget,
  type Receipt,
  reasonOf,
  sameSecret,
} from './target.ts'

export type KeyVaultOptions = Pick<
  DeliveryOptions,
  'azureCredential' | 'keyVaultClient' | 'signal' | 'requestMs'
>

/**
 * A secret in Azure Key Vault: a new version with the expiry date of the credential and tags that name it. The version
 * just written is read back and compared. Who writes needs the role "Key Vault Secrets Officer" on the vault, or get and
 * set in its access policies.
 */
export function keyVaultTarget(
  id: string,
  { vault, name }: KeyVaultDeclaration,
  options: KeyVaultOptions,
): DeliveryTarget {
  let opened: Promise<SecretClient> | undefined
  const open = () => {
    opened ??= openClient(vault, options)
    return opened
  }
  const limit = () => ({ abortSignal: requestLimit(options) })
  const readLatest = async () => latestVersion(await open(), name, limit())
  return {
    id,
    async deliver(delivery, { beforeWrite } = {}) {
      const latest = await readLatest().catch((error: unknown) => {
        throw failure(id, error, false)
      })
      if (latest && isSame(latest, delivery)) return receipt(latest)
      await beforeWrite?.()
      const client = await open()
      let isStored = false
      try {
        const { properties } = await client.setSecret(name, delivery.value, {
          expiresOn: new Date(delivery.endDate),
          contentType: CONTENT_TYPES[delivery.kind],
          tags: tags(delivery),
          ...limit(),
        })
        isStored = true
        const { version } = properties
        const stored = await client.getSecret(name, { ...(version && { version }), ...limit() })
        if (!isSame(stored, delivery)) throw new Error('the version just written holds something else')
        return receipt(stored)
      } catch (error) {
        throw failure(id, error, isStored || !isRefusal(error))
      }
    },
    async holds(delivery) {
      try {
        const latest = await readLatest()
        return latest && isSame(latest, delivery) ? 'yes' : 'no'
      } catch (error) {
        throw failure(id, error, false)
      }
    },
  }
}

async function openClient(vault: string, options: KeyVaultOptions): Promise<SecretClient> {
  const library = await import('@azure/keyvault-secrets')
  return new library.SecretClient(vault, options.azureCredential(), options.keyVaultClient)
}

/** Key Vault's own name for PEM ("About Azure Key Vault certificates"), by which its clients know what they get. */
const CONTENT_TYPES: Readonly<Record<Delivery['kind'], string>> = {
  secret: 'Microsoft Entra client secret',
  certificate: 'application/x-pem-file',
}

async function latestVersion(
  client: SecretClient,
  name: string,
  limit: GetSecretOptions,
): Promise<KeyVaultSecret | undefined> {
  try {
    return await client.getSecret(name, limit)
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

function isSame({ value, properties }: KeyVaultSecret, delivery: Delivery): boolean {
  return (
    value !== undefined && sameSecret(value, delivery.value) && properties.tags?.['keyId'] === delivery.keyId
  )
}

function tags({ app, secret, generation, clientId, keyId }: Delivery): Record<string, string> {
  return { app, secret, generation: String(generation), clientId, keyId }
}

function receipt({ properties }: KeyVaultSecret): Receipt {
  return properties.version ? { version: properties.version } : {}
}

/** A request the vault refused stored nothing; any other failure may have come after the write. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500
}

function failure(id: string, error: unknown, exposed: boolean): DeliveryError {
  return new DeliveryError(id, explain(error), { exposed, cause: error })
}

/** What fixes the refusals that people meet; the vault's own sentence in any case. */
function explain(error: unknown): string {
  const said = reasonOf(error)
  if (!isRestError(error)) return said
  const fix = FIXES[error.statusCode ?? 0]
  return `the vault answered ${error.statusCode ?? error.code}: ${said}${fix ? ` (${fix})` : ''}`
}

/** As the library itself tells them, which is not loaded for it. */
function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError'
}

interface RestError extends Error {
  readonly code?: string
  /** Of the answer; absent where there was none. */
  readonly statusCode?: number
}

function statusOf(error: unknown): number | undefined {
  return isRestError(error) ? error.statusCode : undefined
}

const FIXES: Readonly<Record<number, string>> = {
  401: 'log in for the vault, see "Delivery" in the documentation',
  403: 'grant the role "Key Vault Secrets Officer" on the vault',
  409: 'a deleted secret of that name is still recoverable: recover or purge it',
}
