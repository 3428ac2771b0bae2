import type { PublishedApi } from '../microsoft/apis.ts'
import type { Entity } from '../scripts/proof/directory/reader.ts'

/** What a tenant shows of an API: the same in every tenant, for APIs of Microsoft. */
export const CATALOGUE_SELECT = '$select=appId,displayName,appRoles,oauth2PermissionScopes'

/**
 * The published permissions of an API as a tenant's service principal shows them. What nobody can be granted any more is
 * left out.
 */
export function catalogued(api: PublishedApi, principal: Entity): PublishedApi {
  const scopes = enabled(principal['oauth2PermissionScopes'])
  const roles = enabled(principal['appRoles']).filter(
    ({ allowedMemberTypes }) =>
      Array.isArray(allowedMemberTypes) && allowedMemberTypes.includes('Application'),
  )
  const forUsers = scopes.filter(({ type }) => type === 'User').map(({ value }) => String(value))
  return {
    appId: api.appId,
    displayName: String(principal['displayName'] ?? api.displayName),
    identifierUris: api.identifierUris,
    application: byName(roles),
    delegated: byName(scopes),
    ...(api.userConsent && { userConsent: forUsers.sort() }),
  }
}

/** Names that one side has and the other lacks, for people: `+ Files.Read.All`, `- Old.Name`. */
export function catalogueChanges(before: PublishedApi, after: PublishedApi): string[] {
  return (['application', 'delegated'] as const).flatMap((kind) => {
    const [old, now] = [before[kind], after[kind]]
    return [
      ...Object.keys(now).flatMap((name) => (old[name] === now[name] ? [] : [`+ ${name} (${kind})`])),
      ...Object.keys(old).flatMap((name) => (name in now ? [] : [`- ${name} (${kind})`])),
    ]
  })
}

/** The text of a file of the catalogue. */
export function catalogueText(content: unknown): string {
  return `${JSON.stringify(content, null, 1)}\n`
}

function enabled(list: unknown): Entity[] {
  return (Array.isArray(list) ? (list as Entity[]) : []).filter(
    ({ isEnabled, value }) => isEnabled === true && typeof value === 'string' && value !== '',
  )
}

/** Sorted by the code units of the names, so that two runs differ only in what changed. */
function byName(permissions: readonly Entity[]): Record<string, string> {
  const entries = permissions.map(({ value, id }) => [String(value), String(id).toLowerCase()] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
