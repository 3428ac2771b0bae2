import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Who may do what with a replaced file. */
export interface FileAccess {
  /** Permission bits, whatever the umask. */
  readonly mode: number
  /** Default: who runs this process. */
  readonly owner?: { readonly uid: number; readonly gid: number }
  /** False: a power cut may take the file away. Default: true. */
  readonly durable?: boolean
}

/**
 * Replaces a file in one step and, unless told otherwise, durably: readers, and a start after a crash, see the old content or the new one.
 * A symbolic link is replaced, not followed.
 *
 * write-file-atomic is not used: it opens a name that can be guessed without O_EXCL, goes on with another owner where
 * it may not keep the old one, and what a killed process leaves cannot be told from files of the user's own.
 *
 * @throws the error of the file system; the file is as it was then, and nothing is left beside it
 */
export function replaceFileSync(file: string, content: string | Uint8Array, access: FileAccess): void {
  const fresh = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    writeFresh(fresh, content, access)
    renameSync(fresh, file)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
  if (access.durable !== false) recordRename(dirname(file))
}

/** Files that killed processes left while they replaced this one. Only who keeps others from replacing it may delete them. */
export function abandonedBeside(file: string): string[] {
  const name = basename(file)
  const isOurs = (each: string) =>
    each.startsWith(`${name}.`) && /^\.[0-9a-f]{12}\.tmp$/.test(each.slice(name.length))
  return readdirSync(dirname(file))
    .filter(isOurs)
    .map((each) => join(dirname(file), each))
}

function writeFresh(fresh: string, content: string | Uint8Array, { mode, owner, durable }: FileAccess): void {
  withDescriptor(fresh, 'wx', (descriptor) => {
    if (owner) fchownSync(descriptor, owner.uid, owner.gid)
    // After the owner, whose change clears set-id bits; before the content, which is for nobody else.
    fchmodSync(descriptor, mode)
    writeFileSync(descriptor, content)
    if (durable !== false) fsyncSync(descriptor)
  })
}

/** The file is replaced already: a file system that cannot do this (Windows, some network drives) has its own ways. */
function recordRename(folder: string): void {
  try {
    withDescriptor(folder, 'r', fsyncSync)
  } catch {}
}

function withDescriptor(path: string, flags: string, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, 0o600)
  try {
    work(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
