import { CommandError } from '../lib/errors.ts'
import { readFederations } from '../proof/directory/federations.ts'
import { text } from '../proof/directory/members.ts'
import type { Directory } from '../proof/directory/open.ts'
import type { DirectoryReader, Entity, Read } from '../proof/directory/reader.ts'
import { roleAssignmentsOf } from '../proof/directory/role-assignments.ts'
import { explainedIn } from './refusals.ts'
import type { ExistingRegistration } from './registration.ts'
import type { AdoptionReport } from './report.ts'

/** Which registrations are meant. */
export type Which =
  | { readonly clientId: string }
  | { readonly name: string }
  | { readonly allOwned: true }
  | { readonly selected: readonly SelectedRegistration[] }

/** One that was chosen from an inventory, and may be gone by now. */
export interface SelectedRegistration {
  readonly clientId: string
  readonly displayName: string
}

/** A registration that was deleted less than 30 days ago. */
export interface DeletedNamesake {
  readonly objectId: string
  readonly clientId: string
  readonly displayName: string
  /** RFC 3339. */
  readonly deletedAt: string
}

/** What a read found. @throws CommandError DIRECTORY_UNREADABLE with the reason */
export function required<T>(read: Read<T>, what: string): T {
  if (read.ok) return read.value
  throw new CommandError(
    'DIRECTORY_UNREADABLE',
    `${what} could not be read: ${explainedIn(read.failure)} Nothing was changed.`,
    { cause: read.failure },
  )
}

/**
 * Finds the application objects; of those that were selected, the ones that are still there.
 *
 * @throws CommandError NO_SUCH_REGISTRATION, AMBIGUOUS_NAME, DIRECTORY_UNREADABLE
 */
export async function findApplications(which: Which, directory: Directory): Promise<readonly Entity[]> {
  if ('allOwned' in which) return owned(directory)
  const { reader } = directory
  if ('selected' in which) return selected(which.selected, reader)
  const filter =
    'clientId' in which ? `appId eq '${which.clientId}'` : `displayName eq '${quoted(which.name)}'`
  const called = 'clientId' in which ? `with client id ${which.clientId}` : `called "${which.name}"`
  const found = required(
    await reader.list(`/applications?$filter=${encodeURIComponent(filter)}`),
    `The registration ${called}`,
  )
  if (found.length === 0) throw await missing(called, which, reader)
  if (found.length > 1) throw ambiguous(called, found)
  return found
}

async function owned({ reader, identity }: Directory): Promise<readonly Entity[]> {
  const collection = identity.isUser ? 'users' : 'servicePrincipals'
  const objects = required(
    await reader.list(`/${collection}/${identity.objectId}/ownedObjects`),
    'What the deployer owns',
  )
  const ids = objects
    .filter((each) => each['@odata.type'] === '#microsoft.graph.application')
    .map((each) => text(each, 'id'))
  const applications = await reader.objects(ids.map((id) => `/applications/${id}`))
  return applications.map((read, i) => required(read, `The registration ${ids[i]}`))
}

async function selected(
  registrations: readonly SelectedRegistration[],
  reader: DirectoryReader,
): Promise<readonly Entity[]> {
  const paths = registrations.map(({ clientId }) => `/applications?$filter=appId eq '${quoted(clientId)}'`)
  const lists = await reader.lists(paths)
  return lists.flatMap((read, i) => required(read, `The registration ${registrations[i]?.displayName}`))
}

/** Those that were selected and are not in the tenant any more. */
export function goneSince(which: Which, applications: readonly Entity[]): AdoptionReport['notAdoptable'] {
  const found = new Set(applications.map((each) => text(each, 'appId')))
  return ('selected' in which ? which.selected : [])
    .filter(({ clientId }) => !found.has(clientId))
    .map((each) => ({ ...each, reasons: ['the tenant does not have it any more; write a new inventory'] }))
}

async function missing(called: string, which: Which, reader: DirectoryReader): Promise<CommandError> {
  const deleted = await reader.list('/directory/deletedItems/microsoft.graph.application')
  const twin = (deleted.ok ? deleted.value : []).find((each) =>
    'clientId' in which
      ? text(each, 'appId') === which.clientId
      : 'name' in which && text(each, 'displayName') === which.name,
  )
  const hint = twin
    ? `It was deleted at ${text(twin, 'deletedDateTime')}: restore it first, with: az rest --method POST --url https://graph.microsoft.com/v1.0/directory/deletedItems/${text(twin, 'id')}/restore`
    : 'Look it up under "App registrations"; an enterprise application of another tenant has no registration here, and is adopted there.'
  return new CommandError('NO_SUCH_REGISTRATION', `The tenant has no registration ${called}. ${hint}`)
}

function ambiguous(called: string, found: readonly Entity[]): CommandError {
  const list = found.map(
    (each) =>
      `  ${text(each, 'appId')}  (object id ${text(each, 'id')}, made ${text(each, 'createdDateTime')})`,
  )
  return new CommandError(
    'AMBIGUOUS_NAME',
    [`${found.length} registrations are ${called}. Say which one with --client-id:`, ...list].join('\n'),
  )
}

/**
 * Reads everything that belongs to registrations, many in a few requests.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export async function readFound(
  applications: readonly Entity[],
  reader: DirectoryReader,
): Promise<ExistingRegistration[]> {
  const ids = applications.map((each) => text(each, 'id'))
  const [beta, owners, federated, principals] = await Promise.all([
    reader.objects(
      ids.map((id) => `/applications/${id}?$select=id,oauth2RequirePostResponse`),
      'beta',
    ),
    reader.lists(ids.map((id) => `/applications/${id}/owners`)),
    readFederations(ids, reader),
    reader.lists(applications.map((each) => `/servicePrincipals?$filter=appId eq '${text(each, 'appId')}'`)),
  ])
  return Promise.all(
    applications.map(async (application, i) => {
      const name = `of ${text(application, 'displayName')}`
      const [principal] = required(principals[i]!, `The service principal ${name}`)
      return {
        application,
        postResponseRequired:
          required(beta[i]!, `The registration ${name}`)['oauth2RequirePostResponse'] === true,
        owners: required(owners[i]!, `The owners ${name}`),
        federatedCredentials: required(federated[i]!, `The federated credentials ${name}`),
        ...(principal && { servicePrincipal: principal }),
        ...(await readPrincipal(principal, name, reader)),
      }
    }),
  )
}

type PrincipalParts = Pick<
  ExistingRegistration,
  'servicePrincipalOwners' | 'assignedTo' | 'assignments' | 'grants' | 'roleAssignments'
>

async function readPrincipal(
  principal: Entity | undefined,
  name: string,
  reader: DirectoryReader,
): Promise<PrincipalParts> {
  if (!principal) return { servicePrincipalOwners: [], assignedTo: [], assignments: [], grants: [] }
  const path = `/servicePrincipals/${text(principal, 'id')}`
  const parts = ['owners', 'appRoleAssignedTo', 'appRoleAssignments', 'oauth2PermissionGrants']
  const [owners, assignedTo, assignments, grants, roles] = await reader.lists([
    ...parts.map((part) => `${path}/${part}`),
    roleAssignmentsOf(text(principal, 'id')),
  ])
  return {
    servicePrincipalOwners: required(owners!, `The owners of the service principal ${name}`),
    assignedTo: required(assignedTo!, `The assignments ${name}`),
    assignments: required(assignments!, `The consent ${name}`),
    grants: required(grants!, `The consent ${name}`),
    // One more right is needed to read them, which most deployers lack.
    ...(roles?.ok && { roleAssignments: roles.value }),
  }
}

/** Deleted registrations of the same names; none where they cannot be read, since nothing hangs on them. */
export async function deletedNamesakes(
  names: readonly string[],
  reader: DirectoryReader,
): Promise<DeletedNamesake[]> {
  const deleted = await reader.list('/directory/deletedItems/microsoft.graph.application')
  if (!deleted.ok) return []
  return deleted.value
    .filter((each) => names.includes(text(each, 'displayName')))
    .map((each) => ({
      objectId: text(each, 'id'),
      clientId: text(each, 'appId'),
      displayName: text(each, 'displayName'),
      deletedAt: text(each, 'deletedDateTime'),
    }))
}

/** A text within an OData literal ("$filter query parameter"). */
export function quoted(value: string): string {
  return value.replaceAll("'", "''")
}
