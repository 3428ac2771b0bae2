import { CommandError } from '../lib/errors.ts'
import type { Explained } from '../proof/catalogue/index.ts'
import { objects, text } from '../proof/directory/members.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import { type ObjectRecord, principalRecord, registrationRecord } from './object-record.ts'

/** Most objects that Graph puts on a page. */
export const PAGE = 999
/** Most objects that come along with `$expand`: where there are as many, there may be more. */
const EXPANDED = 20
/** Lists that are asked for at a time: four batches. */
export const TOGETHER = 80

const OWNER = 'id,displayName,userPrincipalName,accountEnabled'

const APPLICATION = [
  'id,appId,displayName,createdDateTime,signInAudience,verifiedPublisher,web,spa,publicClient',
  'passwordCredentials,keyCredentials,requiredResourceAccess',
].join()

const SERVICE_PRINCIPAL = [
  'id,appId,displayName,createdDateTime,servicePrincipalType,appOwnerOrganizationId,accountEnabled,signInAudience',
  'verifiedPublisher,replyUrls,passwordCredentials,keyCredentials,appRoles,oauth2PermissionScopes',
].join()

const EXPAND = `$expand=owners($select=${OWNER})&$top=${PAGE}`

export type ReadKind = 'applications' | 'service principals' | 'delegated grants'

/** Told how many objects of a kind have been read. */
export type OnRead = (kind: ReadKind, count: number) => void

/**
 * Every registration of the tenant.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export function readRegistrations(reader: DirectoryReader, onRead: OnRead): Promise<ObjectRecord[]> {
  const told = (count: number) => onRead('applications', count)
  return readRecords(reader, `/applications?$select=${APPLICATION}&${EXPAND}`, registrationRecord, told)
}

/**
 * Every service principal of the tenant.
 *
 * @param onPrincipal takes what else a service principal says, before it is forgotten
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export function readServicePrincipals(
  reader: DirectoryReader,
  onRead: OnRead,
  onPrincipal: (entity: Entity) => void,
): Promise<ObjectRecord[]> {
  const told = (count: number) => onRead('service principals', count)
  const toRecord = (entity: Entity) => {
    onPrincipal(entity)
    return principalRecord(entity)
  }
  return readRecords(reader, `/servicePrincipals?$select=${SERVICE_PRINCIPAL}&${EXPAND}`, toRecord, told)
}

/** Turns each page into records before the next is asked for, so that memory holds no more than a page as Graph sends it. */
async function readRecords(
  reader: DirectoryReader,
  path: string,
  toRecord: (entity: Entity) => ObjectRecord,
  onRead: (count: number) => void,
): Promise<ObjectRecord[]> {
  const found: ObjectRecord[] = []
  for await (const page of reader.pages(path)) {
    if (!page.ok) throw unreadable(path, page.failure)
    const owners = await allOwnersOf(page.value, path, reader)
    for (const each of page.value) {
      found.push(toRecord({ ...each, owners: owners.get(each) ?? each['owners'] }))
    }
    onRead(found.length)
  }
  return found
}

/** The owners of those of which not all came along, four batches at a time. */
async function allOwnersOf(
  page: readonly Entity[],
  listPath: string,
  reader: DirectoryReader,
): Promise<ReadonlyMap<Entity, readonly Entity[]>> {
  const many = page.filter((each) => objects(each, 'owners').length >= EXPANDED)
  const [set] = listPath.split('?')
  const paths = many.map((each) => `${set}/${text(each, 'id')}/owners?$select=${OWNER}&$top=${PAGE}`)
  const all = new Map<Entity, readonly Entity[]>()
  for (let start = 0; start < paths.length; start += TOGETHER) {
    const lists = await reader.lists(paths.slice(start, start + TOGETHER))
    for (const [i, list] of lists.entries()) {
      if (!list.ok) throw unreadable(listPath, list.failure)
      all.set(many[start + i]!, list.value)
    }
  }
  return all
}

function unreadable(path: string, { code, meaning, message, fix }: Explained): CommandError {
  return new CommandError(
    'DIRECTORY_UNREADABLE',
    `The inventory needs Application.Read.All, and ${path.split('?')[0]} cannot be read: ${code}: ${meaning} (${message}). To fix it: ${fix}.`,
  )
}
