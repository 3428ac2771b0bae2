import type { DirectoryReader, Entity } from './reader.ts'

/**
 * When each credential of the tenant was last used, by key id, from Graph's report "List
 * appCredentialSignInActivities" (beta; AuditLog.Read.All).
 *
 * @returns undefined where the report is not offered, or not to this identity
 */
export async function readLastUses(reader: DirectoryReader): Promise<ReadonlyMap<string, Date> | undefined> {
  const read = await reader.list('/reports/appCredentialSignInActivities', 'beta')
  if (!read.ok) return undefined
  return new Map(
    read.value.flatMap((entry): [string, Date][] => {
      const at = Date.parse(String((entry['signInActivity'] as Entity | undefined)?.['lastSignInDateTime']))
      return Number.isNaN(at) ? [] : [[String(entry['keyId']), new Date(at)]]
    }),
  )
}
