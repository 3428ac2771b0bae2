import type { PublishedApi } from '../../infra/rules/rule.ts'
import { loadMicrosoftApis } from '../../tenant/index.ts'

/** Permission names of Microsoft's own APIs as the local tenant serves them, by display name and by app id. */
export function publishedPermissions(): ReadonlyMap<string, PublishedApi> {
  const apis = [...loadMicrosoftApis().values()]
  return new Map(
    apis.flatMap(({ appId, displayName, appRoles, oauth2PermissionScopes }) => {
      const api = { application: valuesOf(appRoles), delegated: valuesOf(oauth2PermissionScopes) }
      return [
        [displayName, api],
        [appId, api],
      ]
    }),
  )
}

function valuesOf(permissions: readonly Readonly<Record<string, unknown>>[]): string[] {
  return permissions.map(({ value }) => String(value))
}
