import { findDirectoryRole } from '../../microsoft/built-in-roles.ts'
import type { Explained } from '../proof/catalogue/index.ts'
import { readLastUses } from '../proof/directory/last-uses.ts'
import { object, optionalText, text } from '../proof/directory/members.ts'
import type { DirectoryReader, Read } from '../proof/directory/reader.ts'
import { Apis } from './apis.ts'
import { type Facts, toEntry } from './entry.ts'
import { readHeldRoles, readHeldScopes } from './read-grants.ts'
import { type OnRead, readRegistrations, readServicePrincipals } from './read-objects.ts'
import type { Entry, Missing, Part } from './report.ts'

export type { OnRead, ReadKind } from './read-objects.ts'

/** What was read of a tenant. */
export interface Inventory {
  readonly entries: Entry[]
  readonly missing: Missing[]
}

/**
 * Reads every application and service principal of a tenant: whole lists, page by page, and what hangs on the objects
 * from the lists of the tenant, so that the number of requests hardly depends on the number of applications.
 *
 * @param onRead told how far it is
 * @throws CommandError DIRECTORY_UNREADABLE when applications cannot be read; the signal's reason
 */
export async function readInventory(reader: DirectoryReader, onRead: OnRead = () => {}): Promise<Inventory> {
  const apis = new Apis()
  const [registrations, principals, scopes, directoryRoles, uses, signIns] = await Promise.all([
    readRegistrations(reader, onRead),
    readServicePrincipals(reader, onRead, (principal) => apis.add(principal)),
    readHeldScopes(reader, onRead),
    readDirectoryRoles(reader),
    readLastUses(reader),
    readSignIns(reader),
  ])
  const roles = await readHeldRoles(reader, apis.withRoles)
  const missing = [
    ...missingOf('applicationPermissions', roles),
    ...missingOf('delegatedPermissions', scopes),
    ...missingOf('directoryRoles', directoryRoles),
    ...(uses ? [] : [{ part: 'credentialUse' as const, message: NEEDS.credentialUse }]),
    ...missingOf('signIns', signIns),
  ]
  const facts: Facts = {
    apis,
    roles: orEmpty(roles),
    scopes: orEmpty(scopes),
    directoryRoles: orEmpty(directoryRoles),
    uses: uses ?? new Map(),
    signIns: orEmpty(signIns),
  }
  const byAppId = new Map(principals.map((each) => [each.appId, each]))
  const registered = new Set(registrations.map(({ appId }) => appId))
  const entries = [
    ...registrations.map((each) => toEntry(each, byAppId.get(each.appId), facts)),
    ...principals
      .filter(({ appId }) => !registered.has(appId))
      .map((each) => toEntry(undefined, each, facts)),
  ]
  return { entries, missing }
}

type ReadPart = Exclude<Part, 'stacks'>

/** What is missing without a permission, by part; beside what everything needs, Application.Read.All. */
const NEEDS: Readonly<Record<ReadPart, string>> = {
  applicationPermissions: 'Granted application permissions are not shown: Application.Read.All is needed.',
  delegatedPermissions:
    'Granted delegated permissions are not shown: DelegatedPermissionGrant.Read.All (or Directory.Read.All) is needed.',
  directoryRoles: 'Directory roles are not shown: RoleManagement.Read.Directory is needed.',
  credentialUse:
    'When credentials were last used is not shown: AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2.',
  signIns:
    'When applications last signed in is not shown: AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2.',
}

function missingOf(part: ReadPart, read: Read<unknown>): Missing[] {
  return read.ok ? [] : [{ part, message: `${NEEDS[part]} ${said(read.failure)}` }]
}

function said({ code, message }: Explained): string {
  return `The answer was ${code}: ${message}`
}

function orEmpty<V>(read: Read<ReadonlyMap<string, V>>): ReadonlyMap<string, V> {
  return read.ok ? read.value : new Map()
}

/** Display names of directory roles by principal. */
async function readDirectoryRoles(reader: DirectoryReader): Promise<Read<ReadonlyMap<string, string[]>>> {
  const read = await reader.list('/roleManagement/directory/roleAssignments')
  if (!read.ok) return read
  const roles = Map.groupBy(read.value, (each) => text(each, 'principalId'))
  const nameOf = (id: string) => findDirectoryRole(id)?.name ?? id
  return {
    ok: true,
    value: new Map(
      [...roles].map(([id, each]) => [id, each.map((role) => nameOf(text(role, 'roleDefinitionId')))]),
    ),
  }
}

/** When each application last signed in or was signed in to, by app id ("List servicePrincipalSignInActivities", beta). */
async function readSignIns(reader: DirectoryReader): Promise<Read<ReadonlyMap<string, string>>> {
  const read = await reader.list('/reports/servicePrincipalSignInActivities', 'beta')
  if (!read.ok) return read
  return {
    ok: true,
    value: new Map(
      read.value.flatMap((each): [string, string][] => {
        const at = optionalText(object(each, 'lastSignInActivity'), 'lastSignInDateTime')
        return at === undefined ? [] : [[text(each, 'appId'), at]]
      }),
    ),
  }
}
