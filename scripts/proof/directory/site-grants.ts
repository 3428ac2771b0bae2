import { siteAddress } from '../../../microsoft/sites.ts'
import { contractFailure } from '../catalogue/index.ts'
import { failed, passed, unreadable } from '../checks/check.ts'
import type { Check } from '../model/report.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** What is known of an application's roles on sites. */
export interface SiteFacts {
  readonly clientId: string
  /** Roles by address; left out when there are none. */
  readonly sites?: Readonly<Record<string, string>> | undefined
}

type Reader = Pick<DirectoryReader, 'objects' | 'lists'>

/**
 * Compares what sites grant applications with what is declared. What other sites grant, Graph lists nowhere.
 *
 * @returns the checks of each application, in order
 */
export function surveySites(apps: readonly SiteFacts[], reader: Reader): Promise<Check[][]> {
  return Promise.all(
    apps.map(async ({ clientId, sites = {} }) => {
      const declared = Object.entries(sites)
      const lists = await reader.lists(declared.map(([url]) => permissionsOf(url)))
      const ids = lists.map((list) =>
        list.ok ? list.value.find((each) => isFor(each, clientId)) : undefined,
      )
      // Lists leave the roles out.
      const paths = declared.flatMap(([url], i) =>
        ids[i] ? [`${permissionsOf(url)}/${String(ids[i]['id'])}`] : [],
      )
      const read = await reader.objects(paths)
      const found = ids.map((each) => (each ? read.shift() : undefined))
      return declared.map(([url, role], i) => judgeSite(url, role, lists[i]!, found[i]))
    }),
  )
}

function judgeSite(
  url: string,
  role: string,
  list: Read<readonly Entity[]>,
  found: Read<Entity> | undefined,
): Check {
  const name = `site ${url}`
  const unread = [list, found].find((read) => read && !read.ok)
  if (unread && !unread.ok) return unreadable(name, unread.failure, 'what it grants')
  if (!found?.ok) return failed(name, contractFailure('SITE_ROLE_MISSING', `declared is ${role}`))
  const roles = found.value['roles']
  const live = Array.isArray(roles) ? roles.map(String) : []
  if (live.length === 1 && live[0] === role) return passed(name, `${role}, as declared`)
  return failed(name, contractFailure('SITE_ROLE_DIFFERS', `it is ${live.join(', ')}, declared is ${role}`))
}

/** The list of what a site grants, in the address of the site by its path. */
function permissionsOf(url: string): string {
  const address = siteAddress(url)
  return `/sites/${address}${address.includes(':') ? ':' : ''}/permissions`
}

/** Whether a permission of a site is the application's ("permission resource type"). */
export function isFor(permission: Entity, clientId: string): boolean {
  return applicationsOf(permission).some(({ id }) => String(id).toLowerCase() === clientId.toLowerCase())
}

/** Graph shows them under the older name, the newer, or both. */
export function applicationsOf(permission: Entity): Entity[] {
  return ['grantedToIdentitiesV2', 'grantedToIdentities'].flatMap((member) => {
    const identities = permission[member]
    const applications = Array.isArray(identities)
      ? identities.map((each: Entity) => each['application'])
      : []
    return applications.filter((each): each is Entity => typeof each === 'object' && each !== null)
  })
}
