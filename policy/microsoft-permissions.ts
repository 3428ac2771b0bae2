// Not from the tenant's front door: a deployment waits for this process, and needs no server.
import { loadMicrosoftApis } from '../tenant/seed/microsoft-apis.ts'
import type { PermissionIds } from './policy.ts'

/** Ids of the published permissions of Microsoft's APIs: registrations hold ids, organisations think in names. */
export function microsoftPermissions(): PermissionIds {
  return new Map(
    [...loadMicrosoftApis().values()].flatMap(({ appId, displayName, appRoles, oauth2PermissionScopes }) => {
      const api = { appId, application: idsOf(appRoles), delegated: idsOf(oauth2PermissionScopes) }
      return [
        [displayName, api],
        [appId, api],
      ]
    }),
  )
}

function idsOf(permissions: readonly Readonly<Record<string, unknown>>[]): Record<string, string> {
  return Object.fromEntries(permissions.map(({ value, id }) => [String(value), String(id)]))
}
