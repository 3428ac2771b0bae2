import { randomUUID } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { isoSecond } from '../lib/clock.ts'
import { EMPTY_GUID } from '../lib/ids.ts'
import { type Data, type Entity, isObject, type Json, objects } from '../store/entity.ts'
import { ControlError } from './errors.ts'
import { act, has, requirePrincipal, requireUser } from './seed-actions.ts'
import type { CheckedSeed, SeedPermissions } from './seed-schema.ts'

type SeedApplication = CheckedSeed['applications'][number]

/**
 * Registers an application with its credentials, consents to its permissions and assigns people to it.
 *
 * @returns false when one of that name is there
 * @throws GraphError, ControlError for what the directory refuses
 */
export function addApplication(directory: Directory, application: SeedApplication): boolean {
  const { appId, servicePrincipal, permissions, assignments, secrets, federatedCredentials, ...body } =
    application
  if (has(directory, 'applications', 'displayName', application.displayName)) return false
  if (appId !== undefined && has(directory, 'servicePrincipals', 'appId', appId)) {
    throw new ControlError('CONTROL_INPUT', `another application has the appId '${appId}'.`)
  }
  const made = act(directory, {
    path: '/applications',
    body: complete(body),
    seeded: appId === undefined ? {} : { appId },
  })
  const id = String(made['id'])
  for (const each of secrets) addSecret(directory, id, each)
  for (const each of federatedCredentials) {
    act(directory, { path: '/applications/{id}/federatedIdentityCredentials', id, body: each })
  }
  if (!servicePrincipal) return true
  const principal = act(directory, { path: '/servicePrincipals', body: { appId: made['appId'] ?? null } })
  const principalId = String(principal['id'])
  for (const [api, wanted] of Object.entries(permissions)) {
    grant(directory, principalId, requirePrincipal(directory, api), wanted)
  }
  for (const each of assignments) assign(directory, requirePrincipal(directory, String(made['appId'])), each)
  return true
}

/** In a seed, app roles and scopes need nothing but their values; Graph insists on ids and texts. */
function complete(body: { readonly [property: string]: unknown }): object {
  const { appRoles, api } = body
  const scopes = isObject(api) ? api['oauth2PermissionScopes'] : undefined
  return {
    ...body,
    ...(Array.isArray(appRoles) && { appRoles: appRoles.map((each) => completed(each, roleDefaults)) }),
    ...(Array.isArray(scopes) && {
      api: { ...(api as Data), oauth2PermissionScopes: scopes.map((each) => completed(each, scopeDefaults)) },
    }),
  }
}

function completed(given: unknown, defaults: (value: Json) => Data): unknown {
  if (!isObject(given)) return given
  return { id: randomUUID(), isEnabled: true, ...defaults(given['value'] ?? null), ...given }
}

const roleDefaults = (value: Json): Data => ({
  allowedMemberTypes: ['User', 'Application'],
  description: value,
  displayName: value,
})

const scopeDefaults = (value: Json): Data => ({
  adminConsentDescription: value,
  adminConsentDisplayName: value,
  type: 'User',
})

function addSecret(directory: Directory, id: string, secret: SeedApplication['secrets'][number]): void {
  const { displayName, issuedAgo, lifetime, value } = secret
  const start = directory.now().getTime() - issuedAgo
  const passwordCredential = {
    displayName,
    startDateTime: isoSecond(new Date(start)),
    endDateTime: isoSecond(new Date(start + lifetime)),
  }
  const seeded = value === undefined ? {} : { secretText: value }
  act(directory, { path: '/applications/{id}/addPassword', id, body: { passwordCredential }, seeded })
}

type Api = { readonly entity: Entity; readonly view: Data }

/** Grants application permissions to a service principal, and consents to delegated ones for everyone. */
export function grant(
  directory: Directory,
  principalId: string,
  api: Api,
  { application, delegated }: SeedPermissions,
): void {
  const resourceId = api.entity.id
  for (const value of application) {
    const appRoleId = roleId(api.view, value, 'application permission')
    const body = { principalId, resourceId, appRoleId }
    act(directory, { path: '/servicePrincipals/{id}/appRoleAssignments', id: principalId, body })
  }
  if (delegated.length === 0) return
  const scopes = objects(api.view['oauth2PermissionScopes']).map((each) => each['value'])
  const unknown = delegated.find((value) => !scopes.includes(value))
  if (unknown !== undefined) throw nothingCalled(api.view, unknown, 'delegated permission')
  const body = { clientId: principalId, resourceId, consentType: 'AllPrincipals', scope: delegated.join(' ') }
  act(directory, { path: '/oauth2PermissionGrants', body })
}

function assign(
  directory: Directory,
  application: Api,
  { user, group, role }: SeedApplication['assignments'][number],
): void {
  const { id: principalId } =
    user === undefined ? requireGroup(directory, group ?? '') : requireUser(directory, user)
  const id = application.entity.id
  const appRoleId = role === undefined ? EMPTY_GUID : roleId(application.view, role, 'app role')
  const body = { principalId, resourceId: id, appRoleId }
  act(directory, { path: '/servicePrincipals/{id}/appRoleAssignedTo', id, body })
}

function requireGroup(directory: Directory, name: string): Entity {
  for (const group of directory.store.all('groups')) if (group.data['displayName'] === name) return group
  throw new ControlError('CONTROL_INPUT', `there is no group '${name}'.`)
}

function roleId(api: Data, value: string, kind: string) {
  const role = objects(api['appRoles']).find((each) => each['value'] === value)
  if (role === undefined) throw nothingCalled(api, value, kind)
  return role['id'] ?? null
}

function nothingCalled(api: Data, value: string, kind: string): ControlError {
  return new ControlError('CONTROL_INPUT', `'${String(api['displayName'])}' has no ${kind} '${value}'.`)
}
