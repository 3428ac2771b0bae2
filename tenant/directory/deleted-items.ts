import { DAY } from '../../lib/duration.ts'
import { entitySet } from '../model/index.ts'
import type { Data, Entity } from '../store/entity.ts'
import type { Directory, Located } from './directory.ts'

/** The set that deleted objects wait in; no address leads to it but `/directory/deletedItems`. */
export const DELETED_ITEMS = 'deletedItems'

/** How long a deleted object can be restored (Microsoft Graph: List deletedItems). */
const KEPT_DAYS = 30

/** The deleted objects that can still be restored, in the order in which they were deleted. */
export function deletedItems(directory: Directory): readonly Located[] {
  return [...directory.store.all(DELETED_ITEMS)]
    .filter((item) => !isExpired(directory, item))
    .map((item) => ({
      set: entitySet(String(item.data['set'])),
      entity: { id: item.id, sequence: item.sequence, data: item.data['data'] as Data },
    }))
}

/** Whether the time in which a deleted object can be restored has passed. */
export function isExpired(directory: Directory, item: Entity): boolean {
  const deleted = Date.parse(String((item.data['data'] as Data)['deletedDateTime']))
  return directory.now().getTime() - deleted > KEPT_DAYS * DAY
}
