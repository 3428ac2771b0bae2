import { type PublishedApi, publishedApis } from '../../microsoft/apis.ts'
import { objects, optionalText, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'

/** An API of the tenant, or one that Microsoft publishes, with the names of its permissions by id. */
export interface Api {
  readonly appId: string
  readonly name: string
  readonly roles: ReadonlyMap<string, string>
  readonly scopes: ReadonlyMap<string, string>
}

/** The APIs of a tenant by either of their ids. */
export class Apis {
  readonly #byId = new Map<string, Api>()
  readonly #byAppId = new Map<string, Api>()
  readonly #withRoles: string[] = []

  constructor() {
    for (const api of publishedApis()) this.#byAppId.set(api.appId, published(api))
  }

  /** Object ids of the service principals that have app roles for applications. */
  get withRoles(): readonly string[] {
    return this.#withRoles
  }

  /** Takes what a service principal exposes. */
  add(principal: Entity): void {
    const roles = objects(principal, 'appRoles')
    const scopes = objects(principal, 'oauth2PermissionScopes')
    const id = text(principal, 'id')
    const appId = text(principal, 'appId')
    const api = {
      appId,
      name: optionalText(principal, 'displayName') ?? appId,
      roles: valuesById(roles),
      scopes: valuesById(scopes),
    }
    this.#byId.set(id, api)
    if (roles.length > 0 || scopes.length > 0) this.#byAppId.set(appId, api)
    if (roles.some(forApplications)) this.#withRoles.push(id)
  }

  /** By the object id of its service principal; one that is not there has its id as name. */
  byId(id: string): Api {
    return this.#byId.get(id) ?? unknown(id)
  }

  /** By its app id, likewise. */
  byAppId(appId: string): Api {
    return this.#byAppId.get(appId) ?? unknown(appId)
  }
}

function forApplications(role: Entity): boolean {
  const members = role['allowedMemberTypes']
  return Array.isArray(members) && members.includes('Application')
}

function valuesById(permissions: readonly Entity[]): ReadonlyMap<string, string> {
  if (permissions.length === 0) return NOTHING
  return new Map(permissions.map((each) => [text(each, 'id'), text(each, 'value')]))
}

function published({ appId, displayName, application, delegated }: PublishedApi): Api {
  const byId = (names: PublishedApi['application']) =>
    new Map(Object.entries(names).map(([name, id]) => [id, name]))
  return { appId, name: displayName, roles: byId(application), scopes: byId(delegated) }
}

const NOTHING: ReadonlyMap<string, string> = new Map()

function unknown(id: string): Api {
  return { appId: id, name: id, roles: NOTHING, scopes: NOTHING }
}
