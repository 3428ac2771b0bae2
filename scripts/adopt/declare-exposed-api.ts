import { APP_ROLE_SETTINGS, SCOPE_SETTINGS } from '../../infra/registration/entry-settings.ts'
import { resourceName } from '../../infra/registration/names.ts'
import { toDeclaration } from '../../infra/registration/setting.ts'
import { isGuid } from '../../microsoft/guid.ts'
import { object, objects, text, texts } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, combine, withoutEmpty } from './adoptable.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration, Names } from './registration.ts'

/** What the application offers as an API: identifier URIs, scopes, app roles, and the clients it knows. */
export function declareExposedApi(
  name: string,
  { application }: ExistingRegistration,
  names: Names,
): Adoptable {
  const api = object(application, 'api')
  return combine([
    declareIdentifierUris(name, application, names.tenantId),
    declareScopes(objects(api, 'oauth2PermissionScopes')),
    { declaration: withoutEmpty({ appRoles: declareAppRoles(objects(application, 'appRoles')) }) },
    declarePreAuthorized(name, application, names),
    {
      declaration: withoutEmpty({
        knownClients: texts(api, 'knownClientApplications')
          .map((id) => names.clients.get(id) ?? id)
          .sort(),
      }),
    },
  ])
}

function declareIdentifierUris(name: string, application: Entity, tenantId: string): Adoptable {
  const entries = texts(application, 'identifierUris').map((uri) => ({
    uri,
    id: importId.identifierUri(text(application, 'id'), uri),
  }))
  const readable = entries.flatMap(({ uri, id }) => (id === undefined ? [] : [{ uri, id }]))
  const pattern = (uri: string) =>
    placeheld(uri.replaceAll(text(application, 'appId'), '{clientId}'), tenantId)
  return {
    declaration: withoutEmpty({ identifierUris: readable.map(({ uri }) => pattern(uri)) }),
    objects: readable.map(({ uri, id }) => ({
      type: IMPORTED_TYPES.identifierUri,
      name: resourceName.identifierUri(name, pattern(uri)),
      id,
    })),
    leftAlone: entries
      .filter(({ id }) => id === undefined)
      .map(({ uri }) => `the identifier URI ${uri}: the azuread provider cannot import it`),
  }
}

/** @param tenantId where a deployer names the tenant by a domain, is not a placeholder: other stacks have another */
function placeheld(uri: string, tenantId: string): string {
  return isGuid(tenantId) ? uri.replaceAll(tenantId, '{tenantId}') : uri
}

function declareScopes(scopes: readonly Entity[]): Adoptable {
  const named = scopes.filter((scope) => text(scope, 'value') !== '')
  const incomplete = named.filter(
    (scope) => text(scope, 'adminConsentDisplayName') === '' || text(scope, 'adminConsentDescription') === '',
  )
  return {
    declaration: withoutEmpty({
      scopes: Object.fromEntries(named.map((scope) => [text(scope, 'value'), declareScope(scope)])),
    }),
    notAdoptable: [
      ...scopes
        .filter((scope) => !named.includes(scope))
        .map((scope) => `the scope ${text(scope, 'id')} has no value: give it one in the directory first`),
      ...incomplete.map(
        (scope) =>
          `the scope ${text(scope, 'value')} has no name or description for administrators: write them in the directory first`,
      ),
    ],
  }
}

function declareScope(scope: Entity): Record<string, unknown> {
  const { value: _, admin = {}, user = {}, ...rest } = toDeclaration(SCOPE_SETTINGS, scope)
  const sameText = JSON.stringify(admin) === JSON.stringify(user)
  return { ...rest, admin, ...(!sameText && { user }) }
}

function declareAppRoles(roles: readonly Entity[]): Record<string, unknown> {
  const keys = appRoleKeys(roles)
  return Object.fromEntries(
    roles.map((role) => {
      const { value, ...declared } = toDeclaration(APP_ROLE_SETTINGS, role)
      return [keys.get(text(role, 'id')), { ...declared, ...(value === undefined && { value: '' }) }]
    }),
  )
}

/** What a declaration calls each role, by id: its value, else its name, which several may have. */
export function appRoleKeys(roles: readonly Entity[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const byValueFirst = roles.toSorted(
    (a, b) => Number(text(a, 'value') === '') - Number(text(b, 'value') === ''),
  )
  for (const role of byValueFirst) {
    const id = text(role, 'id')
    const name = text(role, 'value') || text(role, 'displayName')
    keys.set(id, [...keys.values()].includes(name) ? `${name} ${id}` : name)
  }
  return keys
}

function declarePreAuthorized(name: string, application: Entity, { clients }: Names): Adoptable {
  const api = object(application, 'api')
  const values = new Map(
    objects(api, 'oauth2PermissionScopes').map((scope) => [text(scope, 'id'), text(scope, 'value')]),
  )
  const objectId = text(application, 'id')
  const entries = objects(api, 'preAuthorizedApplications').map((client) => ({
    clientId: text(client, 'appId'),
    scopes: texts(client, 'delegatedPermissionIds').map((id) => values.get(id) ?? ''),
  }))
  const known = entries.filter(({ scopes }) => scopes.length > 0 && scopes.every(Boolean))
  const nameOf = (clientId: string) => clients.get(clientId) ?? clientId
  return {
    declaration: withoutEmpty({
      preAuthorizedClients: Object.fromEntries(
        known.map(({ clientId, scopes }) => [nameOf(clientId), scopes.sort()]),
      ),
    }),
    objects: known.map(({ clientId }) => ({
      type: IMPORTED_TYPES.preAuthorized,
      name: resourceName.preAuthorizedClient(name, nameOf(clientId)),
      id: importId.preAuthorized(objectId, clientId),
    })),
    leftAlone: entries
      .filter((entry) => !known.includes(entry))
      .map(({ clientId }) => `the pre-authorised client ${clientId}: its scopes are not offered any more`),
  }
}
