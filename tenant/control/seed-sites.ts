import type { Directory } from '../directory/directory.ts'
import { entitySet } from '../model/index.ts'
import { defaultsOf } from '../model/property.ts'
import { siteWithDrive } from '../seed/fixtures.ts'
import { act, requirePrincipal } from './seed-actions.ts'
import type { CheckedSeed } from './seed-schema.ts'

/**
 * Makes a SharePoint site with its files, which no request of Graph's does, and grants applications roles on it. A site
 * that is there keeps its files; what it grants is granted all the same.
 *
 * @returns whether the site is new
 * @throws ControlError for an application that is not there, GraphError for a role that a site does not have
 */
export function addSite(directory: Directory, seed: CheckedSeed['sites'][number]): boolean {
  const { path, displayName, files, permissions } = seed
  const entities = siteWithDrive(directory, { path, displayName, content: files })
  const siteId = entities[0]?.id ?? ''
  const isNew = directory.store.get('sites', siteId) === undefined
  for (const { set, id, data } of isNew ? entities : []) {
    directory.store.insert(set, id, { ...defaultsOf(entitySet(set).properties), ...data, id })
  }
  for (const [name, roles] of Object.entries(permissions)) {
    const { view } = requirePrincipal(directory, name)
    const application = { id: view['appId'] ?? null, displayName: view['displayName'] ?? null }
    const body = { roles, grantedToIdentities: [{ application }] }
    act(directory, { path: '/sites/{siteId}/permissions', id: siteId, body })
  }
  return isNew
}
