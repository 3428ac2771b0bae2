import { z } from 'zod'
import type { Data } from '../store/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { ControlError } from './errors.ts'

const FORMAT = 1

/**
 * Everything a tenant's directory holds at one moment, and how far its clock is ahead. Secrets are in it as hashes
 * only; the keys that sign tokens are not in it, since they belong to the data directory.
 */
export interface Snapshot {
  readonly format: number
  readonly tenantId: string
  /** By the tenant's clock. */
  readonly takenAt: string
  /** Milliseconds. */
  readonly clockOffset: number
  /** In the order of creation. */
  readonly entities: readonly (readonly [set: string, id: string, data: Data])[]
}

const snapshotSchema = z.object({
  format: z.literal(FORMAT),
  tenantId: z.string(),
  takenAt: z.string(),
  clockOffset: z.number(),
  entities: z.array(z.tuple([z.string(), z.string(), z.record(z.string(), z.unknown())])),
})

export function takeSnapshot(
  store: EntityStore,
  facts: Pick<Snapshot, 'tenantId' | 'takenAt' | 'clockOffset'>,
): Snapshot {
  const entities = store.everything().map(({ set, entity }) => [set, entity.id, entity.data] as const)
  return { format: FORMAT, ...facts, entities }
}

/**
 * Makes the directory what it was, all at once.
 *
 * @throws ControlError `SNAPSHOT_UNUSABLE` for what is not a snapshot of this tenant
 */
export function restoreSnapshot(store: EntityStore, tenantId: string, given: Snapshot): void {
  if (!snapshotSchema.safeParse(given).success) {
    throw new ControlError('SNAPSHOT_UNUSABLE', `That is not a snapshot in format ${FORMAT}: take a new one.`)
  }
  if (given.tenantId !== tenantId) {
    throw new ControlError(
      'SNAPSHOT_UNUSABLE',
      `The snapshot is of tenant ${given.tenantId}, this one is ${tenantId}: ids would not fit. Restore it where it was taken.`,
    )
  }
  store.transaction(() => {
    for (const { set, entity } of store.everything()) store.remove(set, entity.id)
    for (const [set, id, data] of given.entities) store.insert(set, id, data)
  })
}
