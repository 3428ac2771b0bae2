import { randomBytes, randomUUID } from 'node:crypto'
import { auditChanges } from '../audit/directory-audit.ts'
import type { Directory } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { GraphError } from '../errors/graph-error.ts'
import { operations } from '../graph/operations.ts'
import { routes } from '../graph/routes.ts'
import { isoSecond } from '../lib/clock.ts'
import { guidFrom } from '../lib/ids.ts'
import { entitySet } from '../model/index.ts'
import { defaultsOf } from '../model/property.ts'
import type { Caller, GraphReply } from '../request/graph-request.ts'
import { seedIds } from '../seed/seed.ts'
import { type Data, type Entity, objects } from '../store/entity.ts'
import { ControlError } from './errors.ts'
import type { CheckedSeed, SeedPermissions } from './seed-schema.ts'

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
  const userPrincipalName = withDomain(directory, user.userPrincipalName)
  if (has(directory, 'users', 'userPrincipalName', userPrincipalName)) return false
  // Nobody signs in with it, but the directory takes no user without.
  const password = `Aa1!${randomBytes(16).toString('hex')}`
  act(
    directory,
    '/users',
    {},
    {
      accountEnabled: true,
      mailNickname: userPrincipalName.split('@')[0],
      passwordProfile: { password },
      ...user,
      userPrincipalName,
    },
  )
  return true
}

function addGroup(directory: Directory, group: CheckedSeed['groups'][number]): boolean {
  const { members, ...body } = group
  if (has(directory, 'groups', 'displayName', group.displayName)) return false
  const ids = members.map((name) => {
    const upn = withDomain(directory, name)
    const [user] = directory.store.find('users', 'userPrincipalName', upn)
    if (user === undefined) throw new ControlError('CONTROL_INPUT', `there is no user '${upn}'.`)
    return `${directory.url()}/v1.0/directoryObjects/${user.id}`
  })
  act(
    directory,
    '/groups',
    {},
    {
      mailEnabled: false,
      mailNickname: group.displayName
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 64),
      securityEnabled: true,
      ...(ids.length === 0 ? {} : { 'members@odata.bind': ids }),
      ...body,
    },
  )
  return true
}

function addApplication(directory: Directory, application: CheckedSeed['applications'][number]): boolean {
  const { servicePrincipal, permissions, secrets, federatedCredentials, ...body } = application
  if (has(directory, 'applications', 'displayName', application.displayName)) return false
  const { id, appId } = act(directory, '/applications', {}, body).body as Data
  const of = { id: String(id) }
  for (const { displayName, issuedAgo, lifetime } of secrets) {
    const start = directory.now().getTime() - issuedAgo
    const passwordCredential = {
      displayName,
      startDateTime: isoSecond(new Date(start)),
      endDateTime: isoSecond(new Date(start + lifetime)),
    }
    act(directory, '/applications/{id}/addPassword', of, { passwordCredential })
  }
  for (const each of federatedCredentials) {
    act(directory, '/applications/{id}/federatedIdentityCredentials', of, each)
  }
  if (!servicePrincipal) return true
  const principal = act(directory, '/servicePrincipals', {}, { appId: appId ?? null }).body as Data
  for (const [api, wanted] of Object.entries(permissions)) {
    grant(directory, String(principal['id']), requireApi(directory, api), wanted)
  }
  return true
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
    grant(directory, id, requireApi(directory, api), { application, delegated: [] })
  }
  return true
}

function has(directory: Directory, set: string, property: string, value: string): boolean {
  return directory.store.find(set, property, value).length > 0
}

function withDomain(directory: Directory, name: string): string {
  return name.includes('@') ? name : `${name}@${directory.domain}`
}

function grant(
  directory: Directory,
  principalId: string,
  api: { readonly entity: Entity; readonly view: Data },
  { application, delegated }: SeedPermissions,
): void {
  const resourceId = api.entity.id
  for (const value of application) {
    const role = objects(api.view['appRoles']).find((each) => each['value'] === value)
    if (role === undefined) throw unknownPermission(api.view, value, 'application')
    const body = { principalId, resourceId, appRoleId: role['id'] ?? null }
    act(directory, '/servicePrincipals/{id}/appRoleAssignments', { id: principalId }, body)
  }
  if (delegated.length === 0) return
  const scopes = objects(api.view['oauth2PermissionScopes']).map((each) => each['value'])
  const unknown = delegated.find((value) => !scopes.includes(value))
  if (unknown !== undefined) throw unknownPermission(api.view, unknown, 'delegated')
  const body = { clientId: principalId, resourceId, consentType: 'AllPrincipals', scope: delegated.join(' ') }
  act(directory, '/oauth2PermissionGrants', {}, body)
}

function requireApi(directory: Directory, name: string): { readonly entity: Entity; readonly view: Data } {
  const set = entitySet('servicePrincipals')
  for (const entity of directory.store.all(set.name)) {
    const view = viewOf(directory, set, entity)
    if (view['displayName'] === name || view['appId'] === name.toLowerCase()) return { entity, view }
  }
  throw new ControlError('CONTROL_INPUT', `no API is called '${name}'; name it by display name or app id.`)
}

function unknownPermission(api: Data, value: string, kind: string): ControlError {
  return new ControlError(
    'CONTROL_INPUT',
    `'${String(api['displayName'])}' has no ${kind} permission '${value}'.`,
  )
}

/** Carries out a POST of the route table as the deployer; who may do it is not asked. */
function act(
  directory: Directory,
  path: string,
  parameters: { readonly [name: string]: string },
  body: unknown,
): GraphReply {
  const route = routes.find((each) => each.method === 'POST' && each.path === path)
  if (route === undefined) throw new Error(`the route table has no POST ${path}`)
  return operations[route.operation]({
    directory,
    route,
    beta: false,
    caller: deployer(directory),
    allowedBy: { allOf: [] },
    allows: () => true,
    parameters,
    options: new Map(),
    isEventual: false,
    createsMissing: false,
    path,
    body,
  })
}

function deployer(directory: Directory): Caller {
  const { deployerAppId, deployerPrincipalId } = seedIds(directory.tenantId)
  return { appId: deployerAppId, objectId: deployerPrincipalId, roles: [] }
}
