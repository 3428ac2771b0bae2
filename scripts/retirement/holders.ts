import type { AppOutputs } from '../../infra/contract/outputs.ts'
import { CommandError } from '../lib/errors.ts'
import { object, objects, optionalText, text, texts } from '../proof/directory/members.ts'
import type { DirectoryReader, Entity, Read } from '../proof/directory/reader.ts'

/** Somebody who holds rights on an application. */
export interface Holder {
  /** Display name, where it is known, else the id. */
  readonly name: string
  readonly kind: 'application' | 'user' | 'group'
  /** In words: `app role Files.Read`, `scopes Files.Read for everybody`, `pre-authorized`. */
  readonly holds: string
}

/** Who holds rights on an application, and whether its sign-in is enabled. */
export interface Standing {
  readonly holders: readonly Holder[]
  readonly isEnabled: boolean
}

const KINDS: Readonly<Record<string, Holder['kind']>> = { User: 'user', Group: 'group' }

/**
 * Reads who was assigned to an application, which clients have consent to its scopes, and which are pre-authorized.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export async function readStanding(
  reader: DirectoryReader,
  { servicePrincipalId, objectId }: Pick<AppOutputs, 'servicePrincipalId' | 'objectId'>,
): Promise<Standing> {
  const [principal, application] = (
    await reader.objects([
      `/servicePrincipals/${servicePrincipalId}?$select=id,accountEnabled,appRoles`,
      `/applications/${objectId}?$select=id,api`,
    ])
  ).map(required) as [Entity, Entity]
  const grantsOn = encodeURIComponent(`resourceId eq '${servicePrincipalId}'`)
  const [assignments, grants] = (
    await reader.lists([
      `/servicePrincipals/${servicePrincipalId}/appRoleAssignedTo?$top=999`,
      `/oauth2PermissionGrants?$filter=${grantsOn}&$top=999`,
    ])
  ).map(required) as [readonly Entity[], readonly Entity[]]
  const clients = objects(object(application, 'api'), 'preAuthorizedApplications')
  const names = await readNames(reader, [
    ...new Set(grants.map((each) => `/servicePrincipals/${text(each, 'clientId')}`)),
    ...clients.map((each) => `/servicePrincipals(appId='${text(each, 'appId')}')`),
  ])
  return {
    isEnabled: principal['accountEnabled'] !== false,
    holders: [
      ...assignments.map((each) => assigned(each, objects(principal, 'appRoles'))),
      ...consented(grants, names),
      ...clients.map((each): Holder => {
        const appId = text(each, 'appId')
        const count = texts(each, 'delegatedPermissionIds').length
        const name = names.get(`/servicePrincipals(appId='${appId}')`) ?? appId
        return { name, kind: 'application', holds: `pre-authorized for ${count} of its scopes` }
      }),
    ],
  }
}

function assigned(assignment: Entity, roles: readonly Entity[]): Holder {
  const role = roles.find((each) => text(each, 'id') === text(assignment, 'appRoleId'))
  return {
    name: optionalText(assignment, 'principalDisplayName') ?? text(assignment, 'principalId'),
    kind: KINDS[text(assignment, 'principalType')] ?? 'application',
    holds: role
      ? `app role ${optionalText(role, 'value') ?? text(role, 'displayName')}`
      : 'assigned without a role',
  }
}

/** One line for each client: a tenant has a grant for each person. */
function consented(grants: readonly Entity[], names: ReadonlyMap<string, string>): Holder[] {
  return [...Map.groupBy(grants, (each) => text(each, 'clientId'))].map(([clientId, own]) => {
    const scopes = [
      ...new Set(own.flatMap((each) => text(each, 'scope').split(/\s+/).filter(Boolean))),
    ].sort()
    const isForAll = own.some((each) => text(each, 'consentType') === 'AllPrincipals')
    const whom = isForAll ? 'everybody' : own.length === 1 ? '1 user' : `${own.length} users`
    const name = names.get(`/servicePrincipals/${clientId}`) ?? clientId
    return { name, kind: 'application', holds: `scopes ${scopes.join(', ')} for ${whom}` }
  })
}

/** Display names by path; those that cannot be read are left out. */
async function readNames(reader: DirectoryReader, paths: readonly string[]): Promise<Map<string, string>> {
  const read = await reader.objects(paths.map((path) => `${path}?$select=id,displayName`))
  return new Map(
    paths.flatMap((path, i): [string, string][] => {
      const each = read[i]
      const name = each?.ok ? optionalText(each.value, 'displayName') : undefined
      return name === undefined ? [] : [[path, name]]
    }),
  )
}

function required<T>(read: Read<T>): T {
  if (read.ok) return read.value
  const { code, meaning, message, fix } = read.failure
  throw new CommandError(
    'DIRECTORY_UNREADABLE',
    `Who uses the application cannot be read, which needs Application.Read.All and DelegatedPermissionGrant.Read.All: ${code}: ${meaning} (${message}). To fix it: ${fix}.`,
  )
}
