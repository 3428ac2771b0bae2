import { randomBytes, randomUUID } from 'node:crypto'
import { auditChanges } from '../audit/directory-audit.ts'
import { type Directory, findDirectoryObject } from '../directory/directory.ts'
import { GraphError } from '../errors/graph-error.ts'
import { isoSecond } from '../lib/clock.ts'
import { guidFrom } from '../lib/ids.ts'
import { entitySet } from '../model/index.ts'
import { defaultsOf } from '../model/property.ts'
import type { SeededValues } from '../request/graph-request.ts'
import { ControlError } from './errors.ts'
import { act, deployer, has, requirePrincipal, requireUser, withDomain } from './seed-actions.ts'
import { addApplication, grant } from './seed-applications.ts'
import type { CheckedSeed } from './seed-schema.ts'
import { addSite } from './seed-sites.ts'

/**
 * Adds what the seed describes, by the rules that Graph requests are held to, in the deployer's name; all or nothing.
 *
 * @returns display names of what was added
 * @throws ControlError `CONTROL_INPUT` naming every object that the directory refuses, and why
 */
export function applySeed(directory: Directory, seed: CheckedSeed): readonly string[] {
  const refusals: string[] = []
  const added: string[] = []
  const addAll = <T extends { displayName: string }>(
    kind: string,
    all: readonly T[],
    add: (each: T) => boolean,
  ) => {
    for (const [index, each] of all.entries()) {
      try {
        if (add(each)) added.push(each.displayName)
      } catch (error) {
        if (!(error instanceof GraphError) && !(error instanceof ControlError)) throw error
        refusals.push(`${kind}[${index}] '${each.displayName}': ${error.message}`)
      }
    }
  }
  return directory.store.transaction(() => {
    addAll('users', seed.users, (each) => addUser(directory, each))
    addAll('groups', seed.groups, (each) => addGroup(directory, each))
    addAll('applications', seed.applications, (each) => addApplication(directory, each))
    addAll('managedIdentities', seed.managedIdentities, (each) => addManagedIdentity(directory, each))
    addAll('sites', seed.sites, (each) => addSite(directory, each))
    if (refusals.length > 0) {
      throw new ControlError('CONTROL_INPUT', ['The seed is refused:', ...refusals].join('\n  '))
    }
    auditChanges(directory, {
      caller: deployer(directory),
      correlationId: randomUUID(),
      userAgent: undefined,
    })
    return added
  })
}

function addUser(directory: Directory, user: CheckedSeed['users'][number]): boolean {
  const { id, ...body } = user
  const userPrincipalName = withDomain(directory, user.userPrincipalName)
  if (has(directory, 'users', 'userPrincipalName', userPrincipalName)) return false
  // Nobody signs in with it, but the directory takes no user without.
  const password = `Aa1!${randomBytes(16).toString('hex')}`
  const defaults = {
    accountEnabled: true,
    mailNickname: userPrincipalName.split('@')[0],
    passwordProfile: { password },
  }
  act(directory, {
    path: '/users',
    body: { ...defaults, ...body, userPrincipalName },
    seeded: freeId(directory, id),
  })
  return true
}

function addGroup(directory: Directory, group: CheckedSeed['groups'][number]): boolean {
  const { id, members, ...body } = group
  if (has(directory, 'groups', 'displayName', group.displayName)) return false
  const references = members.map(
    (name) => `${directory.url()}/v1.0/directoryObjects/${requireUser(directory, name).id}`,
  )
  const defaults = {
    mailEnabled: false,
    mailNickname: group.displayName
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 64),
    securityEnabled: true,
    ...(references.length === 0 ? {} : { 'members@odata.bind': references }),
  }
  act(directory, { path: '/groups', body: { ...defaults, ...body }, seeded: freeId(directory, id) })
  return true
}

/** @throws ControlError when the directory has an object of that id */
function freeId(directory: Directory, id: string | undefined): SeededValues {
  if (id === undefined) return {}
  if (findDirectoryObject(directory, id) === undefined) return { id: id.toLowerCase() }
  throw new ControlError('CONTROL_INPUT', `another object has the id '${id}'.`)
}

/** Azure makes the service principal of a managed identity, so no request of Graph's does. */
function addManagedIdentity(
  directory: Directory,
  identity: CheckedSeed['managedIdentities'][number],
): boolean {
  const { displayName, permissions } = identity
  const principals = entitySet('servicePrincipals')
  const isThere = [...directory.store.all(principals.name)].some(
    ({ data }) => data['managedIdentityName'] === displayName,
  )
  if (isThere) return false
  const subscription = `/subscriptions/${guidFrom(directory.tenantId, 'subscription')}/resourceGroups/local`
  const resourceId =
    identity.resourceId ??
    `${subscription}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${encodeURIComponent(displayName)}`
  const isExplicit = /\/userAssignedIdentities\//i.test(resourceId)
  const id = randomUUID()
  directory.store.insert(principals.name, id, {
    ...defaultsOf(principals.properties),
    id,
    appId: randomUUID(),
    alternativeNames: [`isExplicit=${isExplicit ? 'True' : 'False'}`, resourceId],
    createdDateTime: isoSecond(directory.now()),
    managedIdentityName: displayName,
    servicePrincipalType: 'ManagedIdentity',
  })
  for (const [api, { application }] of Object.entries(permissions)) {
    grant(directory, id, requirePrincipal(directory, api), { application, delegated: [] })
  }
  return true
}
