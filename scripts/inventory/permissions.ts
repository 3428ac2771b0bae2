import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { DEFAULT_ACCESS } from '../../microsoft/default-access.ts'
import { permissionFact } from '../../microsoft/permission-reach.ts'
import type { Api, Apis } from './apis.ts'
import type { RequestedPermission } from './object-record.ts'
import type { HeldRole, HeldScope } from './read-grants.ts'
import type { Permission } from './report.ts'

export interface PermissionSources {
  readonly requested: readonly RequestedPermission[]
  readonly roles: readonly HeldRole[]
  readonly scopes: readonly HeldScope[]
  readonly apis: Apis
}

/** What an application asks for and what was consented to, each permission once, sorted by API, kind and name. */
export function permissionsOf({ requested, roles, scopes, apis }: PermissionSources): Permission[] {
  const found = new Map<string, Permission>()
  const add = (api: Api, kind: Permission['kind'], name: string, change: Partial<Permission>) => {
    const key = `${api.appId} ${kind} ${name}`
    found.set(key, { ...(found.get(key) ?? toPermission(api, kind, name)), ...change })
  }
  for (const { apiAppId, kind, id } of requested) {
    const api = apis.byAppId(apiAppId)
    const names = kind === 'application' ? api.roles : api.scopes
    add(api, kind, names.get(id) || id, { requested: true })
  }
  for (const { resourceId, appRoleId } of roles) {
    if (appRoleId === DEFAULT_ACCESS) continue
    const api = apis.byId(resourceId)
    add(api, 'application', api.roles.get(appRoleId) || appRoleId, { granted: true })
  }
  for (const { resourceId, scope, forEveryone, users } of scopes) {
    const granted = forEveryone ? { granted: true } : {}
    add(apis.byId(resourceId), 'delegated', scope, { ...granted, ...(users > 0 && { users }) })
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, permission]) => permission)
}

function toPermission(api: Api, kind: Permission['kind'], name: string): Permission {
  const fact = api.appId === MICROSOFT_GRAPH_APP_ID ? permissionFact(kind, name) : undefined
  return {
    api: api.name,
    apiAppId: api.appId,
    kind,
    name,
    requested: false,
    granted: false,
    ...(fact && { reach: fact.reach }),
  }
}
