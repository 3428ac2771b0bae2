import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { appIdOf, WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'
import { objects, text } from '../proof/directory/members.ts'
import type { Directory } from '../proof/directory/open.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import { quoted } from './read-registration.ts'
import type { ExistingRegistration, NamedApi, Names } from './registration.ts'

/** An application of the stack, as others refer to it. */
export type Peer = Pick<AppOutputs, 'clientId' | 'servicePrincipalId'>

const API_SELECT = '$select=id,appId,displayName,appRoles,oauth2PermissionScopes'

/**
 * Looks up what registrations refer to by id. A name is used only where it leads back to the same object when the
 * deployer looks it up, as every deployment does; anything else keeps its id.
 *
 * @param stackApps the applications of the stack, by name
 */
export async function readNames(
  found: readonly ExistingRegistration[],
  stackApps: Readonly<Record<string, Peer>>,
  { reader, identity }: Directory,
  tenantId: string,
): Promise<Names> {
  const [apis, principals] = await Promise.all([
    readApis(found, stackApps, reader),
    readPrincipals(found, stackApps, reader),
  ])
  return {
    tenantId,
    deployerId: identity.objectId,
    apis,
    principals,
    clients: new Map(Object.entries(stackApps).map(([name, { clientId }]) => [clientId, name])),
  }
}

async function readApis(
  found: readonly ExistingRegistration[],
  stackApps: Readonly<Record<string, Peer>>,
  reader: DirectoryReader,
): Promise<Map<string, NamedApi>> {
  const asked = new Set(
    found.flatMap(({ application }) =>
      objects(application, 'requiredResourceAccess').map((access) => text(access, 'resourceAppId')),
    ),
  )
  const granted = new Set(
    found.flatMap(({ assignments, grants }) =>
      [...assignments, ...grants].map((each) => text(each, 'resourceId')),
    ),
  )
  const [byAppId, byId] = await Promise.all([
    reader.lists([...asked].map((id) => `/servicePrincipals?$filter=appId eq '${id}'&${API_SELECT}`)),
    reader.objects([...granted].map((id) => `/servicePrincipals/${id}?${API_SELECT}`)),
  ])
  const entities = [
    ...byAppId.flatMap((read) => (read.ok ? read.value : [])),
    ...byId.flatMap((read) => (read.ok ? [read.value] : [])),
  ]
  const apis = await Promise.all(
    [...new Map(entities.map((each) => [text(each, 'id'), each])).values()].map(async (entity) =>
      toApi(entity, await apiName(entity, stackApps, reader)),
    ),
  )
  return new Map(apis.flatMap((api) => [[api.appId, api] as const, [api.servicePrincipalId, api] as const]))
}

/** An application of the stack by its name in it, a well-known API by that, others by a display name that only they have. */
async function apiName(
  entity: Entity,
  stackApps: Readonly<Record<string, Peer>>,
  reader: DirectoryReader,
): Promise<string> {
  const appId = text(entity, 'appId')
  const [peer] = Object.entries(stackApps).find(([, { clientId }]) => clientId === appId) ?? []
  const [wellKnown] = Object.entries(WELL_KNOWN_APP_IDS).find(([, id]) => id === appId) ?? []
  const name = text(entity, 'displayName')
  if (peer ?? wellKnown) return (peer ?? wellKnown)!
  const isTaken = isGuid(name) || Object.hasOwn(stackApps, name) || appIdOf(name) !== undefined
  if (isTaken || name === '') return appId
  return (await leadsTo('servicePrincipals', `displayName eq '${quoted(name)}'`, reader)) ===
    text(entity, 'id')
    ? name
    : appId
}

function toApi(entity: Entity, name: string): NamedApi {
  const values = (member: string) =>
    new Map(
      objects(entity, member)
        .filter((each) => text(each, 'value') !== '')
        .map((each) => [text(each, 'id'), text(each, 'value')]),
    )
  return {
    name,
    displayName: text(entity, 'displayName'),
    appId: text(entity, 'appId'),
    servicePrincipalId: text(entity, 'id'),
    roles: values('appRoles'),
    scopes: values('oauth2PermissionScopes'),
  }
}

async function readPrincipals(
  found: readonly ExistingRegistration[],
  stackApps: Readonly<Record<string, Peer>>,
  reader: DirectoryReader,
): Promise<Map<string, string>> {
  const owners = found.flatMap((each) => [...each.owners, ...each.servicePrincipalOwners])
  const assigned = found.flatMap(({ assignedTo }) => assignedTo)
  const users = [
    ...owners.filter((each) => !isServicePrincipal(each)).map((each) => text(each, 'id')),
    ...assigned
      .filter(({ principalType }) => principalType === 'User')
      .map((each) => text(each, 'principalId')),
  ]
  const groups = assigned.filter(({ principalType }) => principalType === 'Group')
  const names = new Map(Object.entries(stackApps).map(([name, peer]) => [peer.servicePrincipalId, name]))
  const lookUps = [
    ...[...new Set(users)].map((id) => userName(id, reader)),
    ...groups.map((each) => groupName(text(each, 'principalId'), text(each, 'principalDisplayName'), reader)),
    ...owners
      .filter((each) => isServicePrincipal(each) && !names.has(text(each, 'id')))
      .map((each) => servicePrincipalName(text(each, 'id'), text(each, 'displayName'), stackApps, reader)),
  ]
  for (const named of await Promise.all(lookUps)) if (named) names.set(...named)
  return names
}

function isServicePrincipal(owner: Entity): boolean {
  return text(owner, '@odata.type').toLowerCase() === '#microsoft.graph.serviceprincipal'
}

type Named = readonly [id: string, name: string]

async function userName(id: string, reader: DirectoryReader): Promise<Named | undefined> {
  const read = await reader.object(`/users/${id}?$select=id,userPrincipalName`)
  const name = read.ok ? text(read.value, 'userPrincipalName') : ''
  const filter = `userPrincipalName eq '${quoted(name)}'`
  return name.includes('@') && (await leadsTo('users', filter, reader)) === id ? [id, name] : undefined
}

async function groupName(id: string, name: string, reader: DirectoryReader): Promise<Named | undefined> {
  const filter = `displayName eq '${quoted(name)}' and securityEnabled eq true`
  return name !== '' && !isGuid(name) && (await leadsTo('groups', filter, reader)) === id
    ? [id, name]
    : undefined
}

async function servicePrincipalName(
  id: string,
  name: string,
  stackApps: Readonly<Record<string, Peer>>,
  reader: DirectoryReader,
): Promise<Named | undefined> {
  const filter = `displayName eq '${quoted(name)}'`
  const isPlain = name !== '' && !name.includes('@') && !isGuid(name) && !Object.hasOwn(stackApps, name)
  return isPlain && (await leadsTo('servicePrincipals', filter, reader)) === id ? [id, name] : undefined
}

/** The id of the one object that a filter finds; undefined for none, for several, and where nobody may look. */
async function leadsTo(set: string, filter: string, reader: DirectoryReader): Promise<string | undefined> {
  const found = await reader.list(`/${set}?$filter=${encodeURIComponent(filter)}&$select=id`)
  return found.ok && found.value.length === 1 ? text(found.value[0], 'id') : undefined
}
