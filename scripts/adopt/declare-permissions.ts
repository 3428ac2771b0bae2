import type { AdoptedObject } from '../../infra/contract/adoption.ts'
import { accessKey, accessList } from '../../infra/registration/list-order.ts'
import { resourceName } from '../../infra/registration/names.ts'
import { DEFAULT_ACCESS } from '../../microsoft/default-access.ts'
import { objects, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { type Adoptable, withoutEmpty } from './adoptable.ts'
import { orderOf } from './declare-application.ts'
import { IMPORTED_TYPES, importId } from './import-ids.ts'
import type { ExistingRegistration, NamedApi, Names } from './registration.ts'

/** What the registration asks of one API. */
interface Request {
  readonly appId: string
  readonly api: NamedApi | undefined
  /** Ids of app roles. */
  readonly roles: readonly string[]
  /** Ids of scopes. */
  readonly scopes: readonly string[]
}

/** What somebody consented to for the whole tenant, of one API. */
interface Consent {
  readonly api: NamedApi
  /** Assignments of app roles. */
  readonly roles: readonly Entity[]
  /** The consent to scopes. */
  readonly grant?: Entity
}

/** What the application asks for, and what somebody consented to. */
export function declarePermissions(name: string, found: ExistingRegistration, names: Names): Adoptable {
  const accesses = objects(found.application, 'requiredResourceAccess')
  const requests = accesses.map((access) => toRequest(access, names))
  const consents = consentsIn(found, names)
  const empty = requests.filter(({ roles, scopes }) => roles.length + scopes.length === 0)
  return {
    declaration: withoutEmpty({
      permissions: Object.fromEntries(requests.map((request) => [nameOf(request), declareRequest(request)])),
      ...declareConsent(requests, consents),
    }),
    listOrder: Object.assign({}, ...accesses.map(listOrderOf)),
    objects: consents.flatMap((consent) => objectsOf(name, consent)),
    leftAlone: undeclaredConsent(consents, found, names),
    notAdoptable: empty.map(
      (request) =>
        `the registration names the API ${nameOf(request)} and asks nothing of it: remove it there under "API permissions" first`,
    ),
  }
}

function toRequest(access: Entity, { apis }: Names): Request {
  const appId = text(access, 'resourceAppId')
  const idsOf = (type: string) =>
    objects(access, 'resourceAccess')
      .filter((each) => each['type'] === type)
      .map((each) => text(each, 'id'))
  return { appId, api: apis.get(appId), roles: idsOf('Role'), scopes: idsOf('Scope') }
}

function nameOf({ api, appId }: Request): string {
  return api?.name ?? appId
}

function declareRequest({ api, roles, scopes }: Request): Record<string, unknown> {
  return withoutEmpty({
    application: roles.map((id) => api?.roles.get(id) ?? id).sort(),
    delegated: scopes.map((id) => api?.scopes.get(id) ?? id).sort(),
  })
}

function listOrderOf(access: Entity): Record<string, string[]> {
  const keys = objects(access, 'resourceAccess').map((each) =>
    accessKey({ type: text(each, 'type'), id: text(each, 'id') }),
  )
  return orderOf(accessList(text(access, 'resourceAppId')), keys)
}

/** Consent for everyone, as far as a declaration can say it: to roles, and to scopes that the API publishes. */
function consentsIn({ assignments, grants }: ExistingRegistration, { apis }: Names): Consent[] {
  const ids = new Set([...assignments, ...grants].map((each) => text(each, 'resourceId')))
  return [...ids].flatMap((id): Consent[] => {
    const api = apis.get(id)
    if (!api) return []
    const published = new Set(api.scopes.values())
    const roles = assignments.filter(
      (each) => each['resourceId'] === id && each['appRoleId'] !== DEFAULT_ACCESS,
    )
    const grant = grants.find(
      (each) =>
        each['resourceId'] === id &&
        each['consentType'] === 'AllPrincipals' &&
        scopesOf(each).length > 0 &&
        scopesOf(each).every((scope) => published.has(scope)),
    )
    return roles.length > 0 || grant ? [{ api, roles, ...(grant && { grant }) }] : []
  })
}

export function scopesOf(grant: Entity | undefined): string[] {
  return text(grant, 'scope').split(/\s+/).filter(Boolean).sort()
}

function permissionsOf({ api, roles, grant }: Consent): Record<string, unknown> {
  const ids = roles.map((each) => text(each, 'appRoleId'))
  return withoutEmpty({
    application: ids.map((id) => api.roles.get(id) ?? id).sort(),
    delegated: scopesOf(grant),
  })
}

/** `consent: grant` where it is all that is asked for and nothing else; each permission where it is not. */
function declareConsent(
  requests: readonly Request[],
  consents: readonly Consent[],
): Readonly<Record<string, unknown>> {
  const asked = requests.map((request) => [nameOf(request), declareRequest(request)] as const)
  const given = consents.map((consent) => [consent.api.name, permissionsOf(consent)] as const)
  const sorted = (entries: typeof asked) => JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))
  if (given.length === 0) return {}
  return sorted(asked) === sorted(given) ? { consent: 'grant' } : { consented: Object.fromEntries(given) }
}

function objectsOf(name: string, { api, roles, grant }: Consent): AdoptedObject[] {
  return [
    ...roles.map((each) => {
      const id = text(each, 'appRoleId')
      return {
        type: IMPORTED_TYPES.assignment,
        name: resourceName.appRole(name, api.name, api.roles.get(id) ?? id),
        id: importId.assignment(api.servicePrincipalId, text(each, 'id')),
      }
    }),
    ...(grant
      ? [
          {
            type: IMPORTED_TYPES.grant,
            name: resourceName.delegated(name, api.name),
            id: importId.grant(text(grant, 'id')),
          },
        ]
      : []),
  ]
}

/** Consent that a declaration cannot say: of single persons, and to what the API does not publish. */
function undeclaredConsent(
  consents: readonly Consent[],
  { assignments, grants }: ExistingRegistration,
  { apis }: Names,
): string[] {
  const declared = new Set(consents.flatMap(({ roles, grant }) => [...roles, grant]))
  const nameOfApi = (entry: Entity) =>
    apis.get(text(entry, 'resourceId'))?.displayName ?? text(entry, 'resourceId')
  return [
    ...assignments
      .filter((entry) => entry['appRoleId'] !== DEFAULT_ACCESS && !declared.has(entry))
      .map((entry) => `the consent to ${text(entry, 'appRoleId')} of ${nameOfApi(entry)} (application)`),
    ...grants
      .filter((entry) => !declared.has(entry))
      .map((entry) => {
        const isPersonal = entry['consentType'] === 'Principal'
        const who = isPersonal ? `one person, ${text(entry, 'principalId')}` : 'everyone'
        return `the consent to ${scopesOf(entry).join(', ') || 'no scope'} of ${nameOfApi(entry)} (delegated, for ${who})`
      }),
  ]
}
