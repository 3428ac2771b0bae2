import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf } from '../../infra/rotation/generation.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import type { SecretName } from './deliver.ts'

/** A secret or certificate as the directory shows it. */
export interface HeldKey {
  readonly kind: 'secret' | 'certificate'
  /** Empty when it has none. */
  readonly displayName: string
}

/** What the directory holds, by application of the stack and key id. */
export type HeldKeys = ReadonlyMap<string, ReadonlyMap<string, HeldKey>>

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
      const keys = [
        ...keysIn(read.value['passwordCredentials'], 'secret'),
        ...keysIn(read.value['keyCredentials'], 'certificate'),
      ]
      return [[app, new Map(keys)] as const]
    }),
  )
}

function keysIn(credentials: unknown, kind: HeldKey['kind']): [string, HeldKey][] {
  return (Array.isArray(credentials) ? credentials : []).flatMap(
    (each: Entity | null): [string, HeldKey][] => {
      const { keyId, displayName } = each ?? {}
      if (typeof keyId !== 'string') return []
      return [[keyId, { kind, displayName: typeof displayName === 'string' ? displayName : '' }]]
    },
  )
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
