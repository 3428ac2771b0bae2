import type { Directory } from '../directory/directory.ts'
import { isoSecond } from '../lib/clock.ts'
import { guidFrom } from '../lib/ids.ts'
import type { Data } from '../store/entity.ts'

/** A folder as the seed writes it: names lead to further folders, or to files of so many bytes. */
export interface SeedFolder {
  readonly [name: string]: SeedFolder | number
}

/** A drive to seed. */
export interface DriveSeed {
  /** Id of the user or site that it belongs to. */
  readonly id: string
  readonly user: { readonly displayName: string; readonly email: string; readonly id: string } | null
  readonly name: string
  readonly driveType: 'business' | 'documentLibrary'
  readonly webUrl: string
  readonly content: SeedFolder
}

/** An entity to seed. */
export interface SeedEntity {
  readonly set: string
  readonly id: string
  readonly data: Data
}

const QUOTA_BYTES = 1_099_511_627_776

const MIME_TYPES: { readonly [extension: string]: string } = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  png: 'image/png',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

interface Place {
  readonly driveId: string
  readonly driveType: string
  readonly webUrl: string
  readonly at: string
}

/** Lays out a drive: itself, its root, folders and files, each with an id that follows from its owner and its path. */
export function driveOf(directory: Directory, seed: DriveSeed): readonly SeedEntity[] {
  const at = isoSecond(directory.createdAt)
  const driveId = `b!${Buffer.from(guidFrom(directory.tenantId, `drive ${seed.id}`)).toString('base64url')}`
  const place = { driveId, driveType: seed.driveType, webUrl: seed.webUrl, at }
  const rootId = itemId(driveId, '')
  const used = sizeOf(seed.content)
  const data = {
    createdDateTime: at,
    lastModifiedDateTime: at,
    name: seed.name,
    driveType: seed.driveType,
    webUrl: seed.webUrl,
    owner: { user: seed.user },
    quota: { deleted: 0, remaining: QUOTA_BYTES - used, state: 'normal', total: QUOTA_BYTES, used },
    ownerId: seed.id,
  }
  const items = [
    { id: rootId, data: rootData(place, seed.content) },
    ...folderItems(place, seed.content, { id: rootId, path: '' }),
  ]
  return [{ set: 'drives', id: driveId, data }, ...items.map((item) => ({ set: 'driveItems', ...item }))]
}

function* folderItems(
  place: Place,
  folder: SeedFolder,
  parent: { readonly id: string; readonly path: string },
): Iterable<{ id: string; data: Data }> {
  for (const [name, content] of Object.entries(folder)) {
    const path = `${parent.path}/${name}`
    const id = itemId(place.driveId, path)
    yield { id, data: itemData(place, { name, path, content, parent }) }
    if (typeof content !== 'number') yield* folderItems(place, content, { id, path })
  }
}

function rootData(place: Place, content: SeedFolder): Data {
  return {
    ...common(place, 'root', ''),
    size: sizeOf(content),
    folder: { childCount: Object.keys(content).length },
    root: {},
    parentReference: { driveId: place.driveId, driveType: place.driveType },
    driveId: place.driveId,
    rootOfDriveId: place.driveId,
    parentId: null,
    file: null,
  }
}

function itemData(
  place: Place,
  item: {
    readonly name: string
    readonly path: string
    readonly content: SeedFolder | number
    readonly parent: { readonly id: string; readonly path: string }
  },
): Data {
  const { content, parent } = item
  const isFile = typeof content === 'number'
  return {
    ...common(place, item.name, item.path),
    size: isFile ? content : sizeOf(content),
    file: isFile ? { mimeType: mimeType(item.name) } : null,
    folder: isFile ? null : { childCount: Object.keys(content).length },
    root: null,
    parentReference: {
      driveId: place.driveId,
      driveType: place.driveType,
      id: parent.id,
      path: `/drives/${place.driveId}/root:${parent.path}`,
    },
    driveId: place.driveId,
    parentId: parent.id,
    rootOfDriveId: null,
  }
}

function common(place: Place, name: string, path: string): Data {
  return {
    name,
    createdDateTime: place.at,
    lastModifiedDateTime: place.at,
    webUrl: `${place.webUrl}${encodeURI(path)}`,
  }
}

/** OneDrive ids of items are 34 capitals and digits that begin with 01. */
function itemId(driveId: string, path: string): string {
  return `01${guidFrom(guidFrom(NAMESPACE, driveId), path).replaceAll('-', '').toUpperCase()}`
}

const NAMESPACE = 'b5f8a9a4-0b53-4f0c-9c44-0d9f1c8f5d31'

function sizeOf(content: SeedFolder | number): number {
  if (typeof content === 'number') return content
  return Object.values(content).reduce<number>((sum, each) => sum + sizeOf(each), 0)
}

function mimeType(name: string): string {
  return MIME_TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
}
