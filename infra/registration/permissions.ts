import { suggest } from '../../lib/nearest.ts'
import { isGuid } from '../../microsoft/guid.ts'
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
}

/** Permissions of one API as declared. */
export interface ApiPermissions {
  readonly application: readonly string[]
  readonly delegated: readonly string[]
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

/**
 * Checks every permission name against what the API offers.
 *
 * A name of the other kind is the commonest mistake (it shows up later as "unrecognised permission"), so it gets
 * its own sentence.
 */
export function checkPermissions(api: Api, declared: ApiPermissions): Problem[] {
  const kinds = [
    {
      kind: 'application',
      names: declared.application,
      own: api.appRoleIds,
      other: api.scopeIds,
      otherKind: 'delegated',
    },
    {
      kind: 'delegated',
      names: declared.delegated,
      own: api.scopeIds,
      other: api.appRoleIds,
      otherKind: 'application',
    },
  ]
  return kinds.flatMap(({ kind, names, own, other, otherKind }) =>
    names.flatMap((name, i): Problem[] => {
      if (Object.hasOwn(own, name) || isGuid(name)) return []
      const path = ['permissions', api.name, kind, i]
      const message = `${api.name} has no ${kind} permission "${name}"`
      if (Object.hasOwn(other, name)) {
        return [{ path, message, fix: `it exists as a ${otherKind} permission: move it there` }]
      }
      return [
        {
          path,
          message,
          fix: suggest(name, Object.keys(own), `look the name up in ${api.name}'s reference`),
        },
      ]
    }),
  )
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
    id: idOf(api.appRoleIds, name, api),
    type: 'Role' as const,
  }))
  const scopes = declared.delegated.map((name) => ({
    id: idOf(api.scopeIds, name, api),
    type: 'Scope' as const,
  }))
  return arranged([...roles, ...scopes], accessKey, order)
}

/** @throws RangeError when the API has no app role of that name */
export function appRoleId(api: Api, name: string): string {
  return idOf(api.appRoleIds, name, api)
}

/** The id of a permission; an id stands for itself, since an API may not publish the permission any more. */
function idOf(ids: Readonly<Record<string, string>>, name: string, api: Api): string {
  const id = Object.hasOwn(ids, name) ? ids[name] : undefined
  if (id !== undefined) return id
  if (isGuid(name)) return name.toLowerCase()
  throw new RangeError(`${api.name} has no permission "${name}"`)
}
