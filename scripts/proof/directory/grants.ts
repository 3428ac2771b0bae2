import { DEFAULT_ACCESS } from '../../../microsoft/default-access.ts'
import type { GrantsAnswer } from '../model/ports.ts'
import type { Api, ApisReader } from './apis.ts'
import type { DirectoryReader, Entity, Read } from './reader.ts'

/** One consented application permission. */
export interface RoleGrant {
  readonly apiAppId: string
  readonly apiName: string
  /** The role's value; its id when the API does not list it any more. */
  readonly role: string
  /** RFC 3339, when the directory tells it. */
  readonly createdAt?: string
}

/** The consented delegated permissions on one API, for the whole tenant or for one person. */
export interface ScopeGrant {
  readonly apiAppId: string
  readonly apiName: string
  readonly scopes: readonly string[]
  readonly forEveryone: boolean
}

/** Everything that was consented to for one service principal. */
export interface Grants {
  readonly roles: Read<readonly RoleGrant[]>
  readonly scopes: Read<readonly ScopeGrant[]>
}

/** Looks up what was consented to. */
export class GrantsReader {
  readonly #reader: DirectoryReader
  readonly #apis: ApisReader

  constructor(reader: DirectoryReader, apis: ApisReader) {
    this.#reader = reader
    this.#apis = apis
  }

  /** The grants of several service principals at once, in their order. */
  async grantsOf(servicePrincipalIds: readonly string[]): Promise<Grants[]> {
    const [roles, scopes] = await Promise.all([
      this.#reader.lists(servicePrincipalIds.map((id) => `/servicePrincipals/${id}/appRoleAssignments`)),
      this.#reader.lists(servicePrincipalIds.map((id) => `/servicePrincipals/${id}/oauth2PermissionGrants`)),
    ])
    return Promise.all(
      servicePrincipalIds.map(async (_, i) => ({
        roles: await this.#named(roles[i]!, (entry, api) => roleGrant(entry, api)),
        scopes: await this.#named(scopes[i]!, (entry, api) => scopeGrant(entry, api)),
      })),
    )
  }

  /** The roles alone, as the engine asks for them when a token differs from the declaration. */
  async rolesOf(servicePrincipalId: string): Promise<GrantsAnswer> {
    const found = await this.#reader.list(`/servicePrincipals/${servicePrincipalId}/appRoleAssignments`)
    const roles = await this.#named(found, (entry, api) => roleGrant(entry, api))
    if (!roles.ok) return roles
    const byApi = Map.groupBy(roles.value, ({ apiAppId }) => apiAppId)
    return {
      ok: true,
      roles: new Map([...byApi].map(([api, grants]) => [api, grants.map(({ role }) => role)])),
    }
  }

  async #named<T>(
    found: Read<readonly Entity[]>,
    toGrant: (entry: Entity, api: Api) => T | undefined,
  ): Promise<Read<readonly T[]>> {
    if (!found.ok) return found
    const grants: T[] = []
    for (const entry of found.value) {
      const resourceId = String(entry['resourceId'])
      const api = await this.#apis.byId(resourceId)
      if (!api.ok) return api
      const grant = api.value && toGrant(entry, api.value)
      if (grant) grants.push(grant)
    }
    return { ok: true, value: grants }
  }
}

function roleGrant(entry: Entity, api: Api): RoleGrant | undefined {
  const id = String(entry['appRoleId'])
  if (id === DEFAULT_ACCESS) return undefined
  const { createdDateTime } = entry
  return {
    apiAppId: api.appId,
    apiName: api.name,
    role: api.roles.get(id) ?? id,
    ...(typeof createdDateTime === 'string' && { createdAt: createdDateTime }),
  }
}

function scopeGrant(entry: Entity, api: Api): ScopeGrant {
  return {
    apiAppId: api.appId,
    apiName: api.name,
    scopes: String(entry['scope'] ?? '')
      .split(/\s+/)
      .filter(Boolean),
    forEveryone: entry['consentType'] === 'AllPrincipals',
  }
}
