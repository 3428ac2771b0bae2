import { type SiteRole, siteAddress } from '../../microsoft/sites.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { applicationsOf, isFor } from '../proof/directory/site-grants.ts'
import { ProviderError, type ProviderGraph } from './graph.ts'

/** One application's role on one site. */
export interface SiteGrant {
  readonly siteUrl: string
  readonly clientId: string
  readonly displayName: string
  readonly role: SiteRole
}

/** `{site id}/permissions/{permission id}`. */
const ID = /^([^/]+)\/permissions\/([^/]+)$/

/**
 * Grants the role. What the site grants the application already is changed: a site has one permission for each.
 *
 * @returns the id of the resource
 * @throws ProviderError
 */
export async function createGrant(graph: ProviderGraph, grant: SiteGrant): Promise<string> {
  const { siteUrl, clientId, displayName, role } = grant
  const what = `the permission of ${displayName} on ${siteUrl}`
  const site = await graph.ask(`the site ${siteUrl}`, {
    method: 'GET',
    path: `/sites/${siteAddress(siteUrl)}`,
  })
  const permissions = `/sites/${String(site['id'])}/permissions`
  const there = (await graph.list(what, permissions)).find((each) => isFor(each, clientId))
  if (there) {
    const path = `${permissions}/${String(there['id'])}`
    await graph.ask(what, { method: 'PATCH', path, body: { roles: [role] } })
    return idOf(site, there)
  }
  const body = { roles: [role], grantedToIdentities: [{ application: { id: clientId, displayName } }] }
  // SharePoint hears of a new application after a while, and calls it an invalid one until then.
  const made = await graph.ask(what, { method: 'POST', path: permissions, body, notYet: [404] })
  await untilVisible(graph, what, `${permissions}/${String(made['id'])}`)
  return idOf(site, made)
}

/** It is made already: that it does not show in time is no reason to lose its id. */
async function untilVisible(graph: ProviderGraph, what: string, path: string): Promise<void> {
  await graph.ask(what, { method: 'GET', path, notYet: [404] }).catch((error) => {
    if (!(error instanceof ProviderError && error.status === 404)) throw error
  })
}

/**
 * Reads the grant as the site has it.
 *
 * @param siteUrl as declared; left out for an import, which takes the site's own
 * @returns undefined when it is gone
 * @throws ProviderError
 */
export async function readGrant(
  graph: ProviderGraph,
  id: string,
  siteUrl: string | undefined,
): Promise<SiteGrant | undefined> {
  const [, siteId, permissionId] = parts(id)
  const what = `the permission ${id}`
  const found = await graph.find(what, `/sites/${siteId}/permissions/${permissionId}`)
  const application = found && applicationsOf(found)[0]
  const [role] = Array.isArray(found?.['roles']) ? found['roles'] : []
  if (!application || role === undefined) return undefined
  const url =
    siteUrl ?? String((await graph.ask(what, { method: 'GET', path: `/sites/${siteId}` }))['webUrl'])
  const { id: clientId, displayName } = application
  return {
    siteUrl: url,
    clientId: String(clientId),
    displayName: String(displayName ?? ''),
    role: role as SiteRole,
  }
}

/** @throws ProviderError */
export async function updateGrant(graph: ProviderGraph, id: string, role: SiteRole): Promise<void> {
  const [, siteId, permissionId] = parts(id)
  const path = `/sites/${siteId}/permissions/${permissionId}`
  await graph.ask(`the permission ${id}`, { method: 'PATCH', path, body: { roles: [role] } })
}

/** One that is gone already is fine. @throws ProviderError */
export async function deleteGrant(graph: ProviderGraph, id: string): Promise<void> {
  const [, siteId, permissionId] = parts(id)
  const path = `/sites/${siteId}/permissions/${permissionId}`
  try {
    await graph.ask(`the permission ${id}`, { method: 'DELETE', path })
  } catch (error) {
    if (!(error instanceof ProviderError && error.status === 404)) throw error
  }
}

function idOf(site: Entity, permission: Entity): string {
  return `${String(site['id'])}/permissions/${String(permission['id'])}`
}

function parts(id: string): RegExpExecArray {
  const match = ID.exec(id)
  if (match) return match
  throw new Error(
    `"${id}" is not the id of a permission on a site; its form is {site id}/permissions/{permission id}.`,
  )
}
