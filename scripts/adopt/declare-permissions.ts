import type { AdoptedObject } from '../../infra/adoption.ts'
import { resourceName } from '../../infra/registration/names.ts'
import { accessKey, accessList } from '../../infra/registration/orders.ts'
import type { Entity } from '../proof/directory/reader.ts'
import { orderOf } from './declare-application.ts'
import { type FoundRegistration, type NamedApi, type Names, objects, text } from './found.ts'
import { type Part, said } from './part.ts'

const ASSIGNMENT = 'azuread:index/appRoleAssignment:AppRoleAssignment'
const GRANT =
  'azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant'

/** The role of those that are assigned without one ("appRoleAssignment resource type"). */
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

/** What the registration asks of one API. */
interface Request {
  readonly appId: string
  readonly api: NamedApi | undefined
  /** Ids of app roles. */
  readonly roles: readonly string[]
  /** Ids of scopes. */
  readonly scopes: readonly string[]
}

/** What the application asks for, and what somebody consented to. */
export function declarePermissions(name: string, found: FoundRegistration, names: Names): Part {
  const accesses = objects(found.application, 'requiredResourceAccess')
  const requests = accesses.map((access) => toRequest(access, names))
  const empty = requests.filter(({ roles, scopes }) => roles.length + scopes.length === 0)
  const isGranted = requests.length > 0 && requests.every((request) => isConsented(request, found))
  return {
    declaration: said({
      permissions: Object.fromEntries(requests.map((request) => [nameOf(request), declareRequest(request)])),
      consent: isGranted ? 'grant' : '',
    }),
    orders: Object.assign({}, ...accesses.map(ordersOf)),
    objects: isGranted ? consentObjects(name, requests, found) : [],
    leftAlone: undeclaredConsent(isGranted ? requests : [], found, names),
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
  return said({
    application: roles.map((id) => api?.roles.get(id) ?? id).sort(),
    delegated: scopes.map((id) => api?.scopes.get(id) ?? id).sort(),
  })
}

function ordersOf(access: Entity): Record<string, string[]> {
  const keys = objects(access, 'resourceAccess').map((each) =>
    accessKey({ type: text(each, 'type'), id: text(each, 'id') }),
  )
  return orderOf(accessList(text(access, 'resourceAppId')), keys)
}

/** Whether somebody consented to all of it, and for each person to exactly that. */
function isConsented(request: Request, found: FoundRegistration): boolean {
  const { api, roles, scopes } = request
  if (!api || !roles.every((id) => assignmentOf(id, api, found))) return false
  const grant = grantOf(api, found)
  if (scopes.length === 0) return true
  const wanted = scopes.map((id) => api.scopes.get(id) ?? id).sort()
  return grant !== undefined && scopesOf(grant).sort().join(' ') === wanted.join(' ')
}

function assignmentOf(roleId: string, api: NamedApi, { assignments }: FoundRegistration): Entity | undefined {
  return assignments.find(
    (each) => each['resourceId'] === api.servicePrincipalId && each['appRoleId'] === roleId,
  )
}

/** The consent for the whole tenant. */
function grantOf(api: NamedApi, { grants }: FoundRegistration): Entity | undefined {
  return grants.find(
    (each) => each['resourceId'] === api.servicePrincipalId && each['consentType'] === 'AllPrincipals',
  )
}

function scopesOf(grant: Entity): string[] {
  return text(grant, 'scope').split(' ').filter(Boolean)
}

function consentObjects(
  name: string,
  requests: readonly Request[],
  found: FoundRegistration,
): AdoptedObject[] {
  return requests.flatMap(({ api, roles, scopes }) => {
    if (!api) return []
    const grant = scopes.length > 0 ? grantOf(api, found) : undefined
    return [
      ...roles.map((id) => ({
        type: ASSIGNMENT,
        name: resourceName.appRole(name, api.name, api.roles.get(id) ?? id),
        id: assignmentId(api.servicePrincipalId, assignmentOf(id, api, found)),
      })),
      ...(grant
        ? [
            {
              type: GRANT,
              name: resourceName.delegated(name, api.name),
              id: `/oauth2PermissionGrants/${text(grant, 'id')}`,
            },
          ]
        : []),
    ]
  })
}

/** The id that the provider imports an app role assignment by. */
export function assignmentId(resource: string, assignment: Entity | undefined): string {
  return `/servicePrincipals/${resource}/appRoleAssignedTo/${text(assignment, 'id')}`
}

/** Consent that no `consent: grant` of this declaration stands for. */
function undeclaredConsent(granted: readonly Request[], found: FoundRegistration, { apis }: Names): string[] {
  const nameOfApi = (id: string) => apis.get(id)?.displayName ?? id
  const isDeclared = (entry: Entity) =>
    granted.some(
      ({ api, roles }) =>
        api?.servicePrincipalId === entry['resourceId'] && roles.includes(text(entry, 'appRoleId')),
    )
  const roles = found.assignments
    .filter((entry) => entry['appRoleId'] !== DEFAULT_ACCESS && !isDeclared(entry))
    .map((entry) => {
      const api = text(entry, 'resourceId')
      const role = text(entry, 'appRoleId')
      return `the consent to ${apis.get(api)?.roles.get(role) ?? role} of ${nameOfApi(api)} (application)`
    })
  const declared = granted.flatMap(({ api, scopes }) =>
    api && scopes.length > 0 ? [grantOf(api, found)] : [],
  )
  const scopes = found.grants
    .filter((grant) => !declared.includes(grant))
    .map((grant) => {
      const who =
        grant['consentType'] === 'Principal' ? `one person, ${text(grant, 'principalId')}` : 'everyone'
      return `the consent to ${scopesOf(grant).join(', ') || 'no scope'} of ${nameOfApi(text(grant, 'resourceId'))} (delegated, for ${who})`
    })
  return [...roles, ...scopes]
}
