import type { Directory } from '../directory/directory.ts'
import { requireEntity } from '../directory/directory.ts'
import { strings } from '../store/entity.ts'
import type { Attempt } from './ownership.ts'

/**
 * Whether a site grants the caller's application anything, which its permission on selected sites leaves to each site:
 * every role lets it read, and more than reading is not served. A site that is not there grants nothing.
 */
export function siteGrants(directory: Directory, attempt: Attempt): boolean {
  const siteId = siteOf(directory, attempt)
  if (siteId === undefined) return false
  return directory.store
    .find('sitePermissions', 'siteId', siteId)
    .some(
      ({ data }) =>
        data['applicationId'] === attempt.caller.appId.toLowerCase() && strings(data['roles']).length > 0,
    )
}

/** The site that a request is about, by its own address or by that of one of its drives. */
function siteOf(directory: Directory, { parameters }: Attempt): string | undefined {
  const { siteId, driveId } = parameters
  if (siteId !== undefined) return requireEntity(directory, 'sites', siteId).id
  const owner = driveId === undefined ? undefined : directory.store.get('drives', driveId)?.data['ownerId']
  return typeof owner === 'string' ? owner : undefined
}
