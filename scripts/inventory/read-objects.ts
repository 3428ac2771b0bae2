import { CommandError } from '../lib/errors.ts'
import type { Explained } from '../proof/catalogue/index.ts'
import { optionalText } from '../proof/directory/members.ts'
import type { DirectoryReader, Entity } from '../proof/directory/reader.ts'
import { toOwner } from './graph-objects.ts'
import type { Owner } from './report.ts'

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
 * Every registration of the tenant, each with its owners under `owners`.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export function readApplications(reader: DirectoryReader, onRead: OnRead): Promise<Entity[]> {
  return withOwners(reader, 'applications', APPLICATION, (count) => onRead('applications', count))
}

/**
 * Every service principal of the tenant, likewise.
 *
 * @param keep what is kept of one, so that what is not needed later takes no memory
 * @throws CommandError DIRECTORY_UNREADABLE
 */
export function readServicePrincipals(
  reader: DirectoryReader,
  onRead: OnRead,
  keep: (entity: Entity) => Entity,
): Promise<Entity[]> {
  const told = (count: number) => onRead('service principals', count)
  return withOwners(reader, 'servicePrincipals', SERVICE_PRINCIPAL, told, keep)
}

async function withOwners(
  reader: DirectoryReader,
  set: 'applications' | 'servicePrincipals',
  select: string,
  onRead: (count: number) => void,
  keep = (entity: Entity) => entity,
): Promise<Entity[]> {
  const found: Entity[] = []
  for await (const page of reader.pages(`/${set}?$select=${select}&${EXPAND}`)) {
    if (!page.ok) throw unreadable(set, page.failure)
    found.push(...page.value.map(keep))
    onRead(found.length)
  }
  const many = found.filter(({ owners }) => Array.isArray(owners) && owners.length >= EXPANDED)
  const lists = await listsOf(
    reader,
    many.map((each) => `/${set}/${optionalText(each, 'id')}/owners?$select=${OWNER}&$top=${PAGE}`),
  )
  const whole = new Map(many.map((each, i) => [each, lists[i]!]))
  return found.map((each) => {
    const owners = whole.get(each)
    return owners ? { ...each, owners } : each
  })
}

/**
 * Reads lists to their ends, four batches at a time.
 *
 * @throws CommandError DIRECTORY_UNREADABLE
 */
async function listsOf(reader: DirectoryReader, paths: readonly string[]): Promise<(readonly Entity[])[]> {
  const lists: (readonly Entity[])[] = []
  for (let start = 0; start < paths.length; start += TOGETHER) {
    for (const list of await reader.lists(paths.slice(start, start + TOGETHER))) {
      if (!list.ok) throw unreadable('lists of the directory', list.failure)
      lists.push(list.value)
    }
  }
  return lists
}

/** The owners that came along with an application or a service principal. */
export function ownersOf(entity: Entity | undefined, on: Owner['on']): Owner[] {
  const owners = entity?.['owners']
  return Array.isArray(owners) ? owners.map((each: Entity) => toOwner(each, on)) : []
}

function unreadable(what: string, { code, meaning, message, fix }: Explained): CommandError {
  return new CommandError(
    'DIRECTORY_UNREADABLE',
    `The inventory needs Application.Read.All, and the ${what} cannot be read: ${code}: ${meaning} (${message}). To fix it: ${fix}.`,
  )
}
