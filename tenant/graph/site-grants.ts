import { type Directory, entitiesNamed } from '../directory/directory.ts'
import { entitySet } from '../model/index.ts'
import { strings } from '../store/entity.ts'
import type { Attempt } from './ownership.ts'

/**
 * Whether a site grants the caller's application anything, which its permission on selected sites leaves to each site:
 * every role lets it read, and more than reading is not served. A site or drive that is not there keeps nobody out: the
 * operation answers that it is missing.
 */
export function siteGrants(directory: Directory, attempt: Attempt): boolean {
  const siteId = siteOf(directory, attempt)
  if (siteId === undefined) return true
  return directory.store
    .find('sitePermissions', 'siteId', siteId)
    .some(
      ({ data }) =>
        data['applicationId'] === attempt.caller.appId.toLowerCase() && strings(data['roles']).length > 0,
    )
}

/** The owner of what a request is about: the site at its address, or who the drive at its address belongs to. */
function siteOf(directory: Directory, { parameters }: Attempt): string | undefined {
  const { siteId, driveId } = parameters
  if (siteId !== undefined) return entitiesNamed(directory, entitySet('sites'), siteId)[0]?.id
  const owner = driveId === undefined ? undefined : directory.store.get('drives', driveId)?.data['ownerId']
  return typeof owner === 'string' ? owner : undefined
}
