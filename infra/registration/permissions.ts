import { suggest } from '../../lib/nearest.ts'
import { isGuid } from '../../microsoft/guid.ts'
import {
  type ApiPermissions,
  describeOtherKind,
  findPermission,
  PERMISSION_KINDS,
  type PermissionKind,
  type PublishedIds,
} from '../declaration/permission-references.ts'
import type { Problem } from '../declaration/problems.ts'
import { accessKey, arranged } from './list-order.ts'

/** What an API of the tenant offers: its service principal and its permissions by name. */
export interface Api {
  /** The name it is declared under, such as `Microsoft Graph`. */
  readonly name: string
  readonly appId: string
  /** Object id of the API's service principal in this tenant. */
  readonly servicePrincipalId: string
  /** App role ids by value (`Files.Read.All`), for application permissions. */
  readonly appRoleIds: Readonly<Record<string, string>>
  /** Scope ids by value (`User.Read`), for delegated permissions. */
  readonly scopeIds: Readonly<Record<string, string>>
  /** Ids of all app roles, those without a value included. Left out where they are not known. */
  readonly roleIds?: readonly string[]
}

/** What the deployer consents to, by API. */
export function consentOf({
  permissions,
  consent,
  consented,
}: ConsentSettings): Readonly<Record<string, ApiPermissions>> {
  return consented ?? (consent === 'grant' ? permissions : {})
}

/** What an application asks for, and what of it is consented to. */
export interface ConsentSettings {
  readonly permissions: Readonly<Record<string, ApiPermissions>>
  readonly consent: 'grant' | 'request'
  readonly consented?: Readonly<Record<string, ApiPermissions>> | undefined
}

/** An entry of `requiredResourceAccess`: Graph calls application permissions `Role` and delegated ones `Scope`. */
export interface ResourceAccess {
  readonly id: string
  readonly type: 'Role' | 'Scope'
}

/** The permissions that an API of the tenant publishes. */
export function publishedBy({ appRoleIds, scopeIds }: Api): PublishedIds {
  return { application: appRoleIds, delegated: scopeIds }
}

/**
 * Checks every permission against what the API publishes.
 *
 * A name or an id of the other kind is the commonest mistake (Entra shows it as "unrecognised permission", and refuses
 * consent to the whole application), so it gets its own sentence. An id that nobody publishes is only asked for: nobody
 * can consent to it.
 *
 * @param isConsented whether these are to be consented to
 */
export function checkPermissions(api: Api, declared: ApiPermissions, isConsented = false): Problem[] {
  const published = publishedBy(api)
  return PERMISSION_KINDS.flatMap((kind) =>
    declared[kind].flatMap((reference, i): Problem[] => {
      if (findPermission(reference, kind, published)) return []
      const path = ['permissions', api.name, kind, i]
      const misplaced = describeOtherKind(reference, kind, api.name, published)
      if (misplaced) return [{ path, ...misplaced }]
      if (isGuid(reference)) return isConsented ? withoutName(api, kind, reference, path) : []
      const message = `${api.name} has no ${kind} permission "${reference}"`
      const unknown = `look the name up in ${api.name}'s reference`
      return [{ path, message, fix: suggest(reference, Object.keys(published[kind]), unknown) }]
    }),
  )
}

/** App roles may have no name, and are assigned by id; a delegated grant lists names. */
function withoutName(api: Api, kind: PermissionKind, id: string, path: Problem['path']): Problem[] {
  if (kind === 'application' && (api.roleIds?.includes(id.toLowerCase()) ?? true)) return []
  return [
    {
      path,
      message: `${api.name} publishes no ${kind} permission with the id ${id}, so nobody can consent to it`,
      fix: 'correct the id or write the name; to ask for it without consent, set consent: request',
    },
  ]
}

/**
 * The ids for `requiredResourceAccess`, in a fixed order: the azuread provider compares them as a list, so the
 * order in the YAML must not matter.
 *
 * @param order of an application that was adopted
 * @throws RangeError for a name the API does not offer; {@link checkPermissions} reports those first
 */
export function resourceAccess(
  api: Api,
  declared: ApiPermissions,
  order?: readonly string[],
): ResourceAccess[] {
  const roles = declared.application.map((name) => ({
    id: idOf(api, 'application', name),
    type: 'Role' as const,
  }))
  const scopes = declared.delegated.map((name) => ({
    id: idOf(api, 'delegated', name),
    type: 'Scope' as const,
  }))
  return arranged([...roles, ...scopes], accessKey, order)
}

/** @throws RangeError when the API has no app role of that name */
export function appRoleId(api: Api, name: string): string {
  return idOf(api, 'application', name)
}

/** The id of a permission; an id stands for itself, since an API may not publish the permission any more. */
function idOf(api: Api, kind: PermissionKind, reference: string): string {
  const found = findPermission(reference, kind, publishedBy(api))
  if (found) return found.id
  if (isGuid(reference)) return reference.toLowerCase()
  throw new RangeError(`${api.name} has no permission "${reference}"`)
}
