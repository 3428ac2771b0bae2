import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf } from '../../infra/rotation/generation.ts'
import type { DirectoryReader } from '../proof/directory/reader.ts'
import type { SecretName } from './deliver.ts'

/** Ids of the secrets and certificates that the directory holds, by application of the stack. */
export type HeldKeys = ReadonlyMap<string, ReadonlySet<string>>

/** Asks the directory; an application that cannot be read is left out. */
export async function readHeldKeys(
  { apps }: Pick<StackOutputs, 'apps'>,
  reader: Pick<DirectoryReader, 'objects'>,
): Promise<HeldKeys> {
  const entries = Object.entries(apps)
  const reads = await reader.objects(
    entries.map(
      ([, { objectId }]) => `/applications/${objectId}?$select=id,passwordCredentials,keyCredentials`,
    ),
  )
  return new Map(
    entries.flatMap(([app], i) => {
      const read = reads[i]
      if (!read?.ok) return []
      const credentials = [read.value['passwordCredentials'], read.value['keyCredentials']].flat()
      return [[app, new Set(credentials.flatMap(keyIdOf))] as const]
    }),
  )
}

function keyIdOf(credential: unknown): string[] {
  const keyId = (credential as { readonly keyId?: unknown } | null | undefined)?.keyId
  return typeof keyId === 'string' ? [keyId] : []
}

/** Credentials whose current generation somebody has deleted from the directory. */
export function goneFrom(held: HeldKeys | undefined, ledger: StackOutputs['ledger']): SecretName[] {
  return Object.entries(ledger).flatMap(([app, secrets]) =>
    Object.entries(secrets).flatMap(([secret, generations]) => {
      const current = currentOf(generations)
      const keys = held?.get(app)
      if (!current?.keyId || !keys || keys.has(current.keyId)) return []
      return [{ app, secret }]
    }),
  )
}
