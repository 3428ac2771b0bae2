import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { type DeletedApp, restorableUntil } from '../../infra/retirement/retirement.ts'
import { CommandError } from '../lib/errors.ts'
import type { DirectoryReader } from '../proof/directory/reader.ts'

/** Where the registration of a deleted application is. */
export type Whereabouts = 'registered' | 'deleted items' | 'nowhere'

/**
 * Looks for the registration of an application that was deleted.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export async function locate(reader: DirectoryReader, { objectId }: DeletedApp): Promise<Whereabouts> {
  const [present, deleted] = await reader.objects(
    [`/applications/${objectId}`, `/directory/deletedItems/${objectId}`].map((path) => `${path}?$select=id`),
  )
  if (present?.ok) return 'registered'
  if (deleted?.ok) return 'deleted items'
  for (const read of [present, deleted]) {
    if (read && !read.ok && read.failure.status !== 404) {
      const { code, meaning, message, fix } = read.failure
      throw new CommandError(
        'DIRECTORY_UNREADABLE',
        `Whether the registration is gone cannot be read: ${code}: ${meaning} (${message}). To fix it: ${fix}.`,
      )
    }
  }
  return 'nowhere'
}

/**
 * Whether a run was ended while it deleted an application: its time has come, and the tenant has lost its service principal.
 * The outputs say nothing of it, because Pulumi writes them when a deployment is done.
 */
export async function isPartlyDeleted(
  reader: DirectoryReader,
  { retirement, servicePrincipalId }: Pick<AppOutputs, 'retirement' | 'servicePrincipalId'>,
  now: Date,
): Promise<boolean> {
  if (!retirement || Date.parse(retirement.deleteFrom) > now.getTime()) return false
  const [principal] = await reader.objects([`/servicePrincipals/${servicePrincipalId}?$select=id`])
  return principal?.ok === false && principal.failure.status === 404
}

/** How it comes back, in sentences. */
export function howToRestore(deleted: DeletedApp): string {
  const { objectId, servicePrincipalId, clientId } = deleted
  return [
    `Until ${restorableUntil(deleted)} Entra can restore the registration under its old client id ${clientId}:`,
    `  POST /directory/deletedItems/${objectId}/restore, then /directory/deletedItems/${servicePrincipalId}/restore`,
    '  (or in the Entra admin center: App registrations, Deleted applications)',
    `Then remove its declaration and take it over: npm run adopt -- --client-id ${clientId}`,
    'Its credentials, consent and assignments were deleted before it and do not come back: declare them again.',
  ].join('\n')
}
