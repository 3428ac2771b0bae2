import { optionalText, text } from '../proof/directory/members.ts'
import type { DirectoryReader, Entity, Read } from '../proof/directory/reader.ts'
import { type OnRead, PAGE, TOGETHER } from './read-objects.ts'

/** An app role that a service principal holds. */
export interface HeldRole {
  readonly resourceId: string
  readonly appRoleId: string
}

/** A delegated permission that was consented to, for everybody or by some. */
export interface HeldScope {
  readonly resourceId: string
  readonly scope: string
  forEveryone: boolean
  users: number
}

/**
 * Which application permissions each service principal holds, by its object id: asked of the APIs, of which there are few,
 * instead of every principal.
 *
 * @param apis object ids of service principals with app roles for applications
 */
export async function readHeldRoles(
  reader: DirectoryReader,
  apis: readonly string[],
): Promise<Read<ReadonlyMap<string, readonly HeldRole[]>>> {
  const held = new Map<string, HeldRole[]>()
  for (let start = 0; start < apis.length; start += TOGETHER) {
    const paths = apis.slice(start, start + TOGETHER).map(assignedTo)
    for (const list of await reader.lists(paths)) {
      if (!list.ok) return list
      for (const assignment of list.value) addRole(held, assignment)
    }
  }
  return { ok: true, value: held }
}

function assignedTo(id: string): string {
  return `/servicePrincipals/${id}/appRoleAssignedTo?$top=${PAGE}`
}

function addRole(held: Map<string, HeldRole[]>, assignment: Entity): void {
  if (optionalText(assignment, 'principalType') !== 'ServicePrincipal') return
  const principalId = text(assignment, 'principalId')
  const role = {
    resourceId: text(assignment, 'resourceId'),
    appRoleId: text(assignment, 'appRoleId'),
  }
  held.set(principalId, [...(held.get(principalId) ?? []), role])
}

/** Which delegated permissions were consented to for each service principal, by its object id. */
export async function readHeldScopes(
  reader: DirectoryReader,
  onRead: OnRead,
): Promise<Read<ReadonlyMap<string, readonly HeldScope[]>>> {
  const held = new Map<string, Map<string, HeldScope>>()
  let count = 0
  // A tenant has one for each person and application: what they have in common is kept, not they.
  for await (const page of reader.pages(`/oauth2PermissionGrants?$top=${PAGE}`)) {
    if (!page.ok) return page
    for (const grant of page.value) addScopes(held, grant)
    count += page.value.length
    onRead('delegated grants', count)
  }
  return { ok: true, value: new Map([...held].map(([id, scopes]) => [id, [...scopes.values()]])) }
}

function addScopes(held: Map<string, Map<string, HeldScope>>, grant: Entity): void {
  const clientId = text(grant, 'clientId')
  const resourceId = text(grant, 'resourceId')
  const scopes = held.get(clientId) ?? new Map<string, HeldScope>()
  held.set(clientId, scopes)
  for (const scope of text(grant, 'scope').split(/\s+/).filter(Boolean)) {
    const key = `${resourceId} ${scope}`
    const known = scopes.get(key) ?? { resourceId, scope, forEveryone: false, users: 0 }
    scopes.set(key, known)
    if (optionalText(grant, 'consentType') === 'AllPrincipals') known.forEveryone = true
    else known.users++
  }
}
