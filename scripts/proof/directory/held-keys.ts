import type { StackOutputs } from '../../../infra/contract/outputs.ts'
import type { Generation } from '../../../infra/rotation/generation.ts'
import type { StateCredential } from '../../stack/engine-state.ts'
import type { DirectoryReader, Entity } from './reader.ts'

/** A secret or certificate as the directory shows it. */
export interface HeldKey {
  readonly kind: 'secret' | 'certificate'
  /** Empty when it has none. */
  readonly displayName: string
  /** RFC 3339; undefined where the directory does not say. */
  readonly endDate: string | undefined
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
      const { keyId, displayName, endDateTime } = each ?? {}
      if (typeof keyId !== 'string') return []
      return [[keyId, { kind, displayName: textOf(displayName) ?? '', endDate: textOf(endDateTime) }]]
    },
  )
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Whether somebody has deleted a live generation from the directory; false where nobody may ask. */
export function isGone(held: HeldKeys | undefined, app: string, { keyId, phase }: Generation): boolean {
  const keys = held?.get(app)
  return phase !== 'retired' && keyId !== undefined && keys !== undefined && !keys.has(keyId)
}

export interface Holdings {
  /** What the directory holds; undefined where nobody may ask. */
  readonly held: HeldKeys | undefined
  /** What the state holds. */
  readonly credentials: readonly StateCredential[]
  readonly outputs: Pick<StackOutputs, 'apps' | 'ledger'>
}

/** A secret or certificate that somebody else made. */
export interface ForeignKey extends HeldKey {
  readonly app: string
  readonly keyId: string
}

/** What the directory holds for applications of the stack, and neither state nor ledger knows. */
export function foreignKeys({ held, credentials, outputs: { apps, ledger } }: Holdings): ForeignKey[] {
  const known = new Set([
    ...credentials.map(({ keyId }) => keyId),
    ...Object.values(ledger).flatMap((secrets) =>
      Object.values(secrets)
        .flat()
        .map(({ keyId }) => keyId),
    ),
    ...Object.values(apps).flatMap(({ certificates }) =>
      Object.values(certificates)
        .flat()
        .map(({ keyId }) => keyId),
    ),
  ])
  return [...(held ?? [])].flatMap(([app, keys]) =>
    [...keys].flatMap(([keyId, key]) => (known.has(keyId) ? [] : [{ app, keyId, ...key }])),
  )
}
