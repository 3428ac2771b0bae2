import { rmSync } from 'node:fs'
import { lstat, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'
import { withFileLock } from '../../lib/file-lock.ts'
import { KeyedQueue } from '../../lib/keyed-queue.ts'
import { abandonedBeside, type FileAccess, replaceFileSync } from '../../lib/replace-file.ts'

/** A file that is created here is for its owner only. */
const PRIVATE: FileAccess = { mode: 0o600 }

/** Links that may follow each other, as on Linux (path_resolution(7)). */
const MOST_LINKS = 40

/** Those of this process wait here in order, and do not poll the lock file against each other. */
const queue = new KeyedQueue()

/**
 * Runs `work` while nobody else who keeps to this lock changes the file: in this process or in another one, by
 * whatever path.
 *
 * @param file from {@link realFileOf}
 */
export function whileLocked<T>(
  file: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return queue.take(file, () => withFileLock(`${file}.lock`, signal ? { signal } : {}, work))
}

/** The file that a path leads to, though it need not be there yet: a link to a missing file names the file to create. */
export async function realFileOf(path: string): Promise<string> {
  let at = path
  for (let links = 0; links < MOST_LINKS; links++) {
    const real = await unlessMissing(realpath(at))
    if (real !== undefined) return real
    const folder = await realpath(dirname(at))
    const target = await unlessMissing(linkAt(at))
    if (target === undefined) return join(folder, basename(at))
    // Not normalized: `..` after a link to a folder means the parent of the folder that the link leads to.
    at = isAbsolute(target) ? target : `${folder}${sep}${target}`
  }
  throw new Error('too many symbolic links follow each other')
}

/** The bytes of the file; none when it is missing. */
export async function readBytes(file: string): Promise<Buffer> {
  return (await unlessMissing(readFile(file))) ?? Buffer.alloc(0)
}

/**
 * What the file has to keep when it is replaced.
 *
 * @throws Error when it is not a file that can be replaced so that all its readers see the new one
 */
export async function accessOf(file: string): Promise<FileAccess> {
  const found = await unlessMissing(stat(file))
  if (!found) return PRIVATE
  if (!found.isFile()) throw new Error('it is not a regular file')
  if (found.nlink > 1) {
    throw new Error(
      `the file has ${found.nlink} names (hard links), and readers by another name would keep the old content; use symbolic links`,
    )
  }
  return { mode: found.mode & 0o7777, owner: { uid: found.uid, gid: found.gid } }
}

/** Replaces the file with all its permissions kept. */
export function replaceBytes(file: string, bytes: Buffer, access: FileAccess): void {
  try {
    replaceFileSync(file, bytes, access)
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' || syscall !== 'fchown' || !access.owner) throw error
    const { uid, gid } = access.owner
    throw new Error(
      `the file belongs to user ${uid} and group ${gid}, which this user may not keep; run as that user or as root`,
      { cause: error },
    )
  }
}

/** Deletes what killed runs left beside the file: it holds secrets. Call it under the lock. */
export function clearAbandoned(file: string): void {
  for (const each of abandonedBeside(file)) rmSync(each, { force: true })
}

async function linkAt(path: string): Promise<string | undefined> {
  return (await lstat(path)).isSymbolicLink() ? readlink(path) : undefined
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
