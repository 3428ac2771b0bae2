import { type Dirent, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileLock } from './file-lock.ts'

/** A folder without a lock that is younger, in milliseconds, is about to get one. */
const YOUNG_MS = 60_000

/**
 * Runs work with a folder that only this user may enter and that is removed afterwards. It is locked meanwhile; folders
 * of the same prefix that killed processes left are removed on the way.
 *
 * @param prefix of the folder's name, this project's own
 */
export async function withTemporaryFolder<T>(prefix: string, work: (dir: string) => Promise<T>): Promise<T> {
  removeAbandoned(tmpdir(), prefix)
  const dir = await mkdtemp(join(tmpdir(), prefix))
  const lock = new FileLock(join(dir, 'lock'))
  try {
    lock.tryAcquire()
    return await work(dir)
  } finally {
    lock.close()
    remove(dir)
  }
}

/** Removes folders of our own whose runs have ended; one that cannot be removed is left to the next run. */
function removeAbandoned(parent: string, prefix: string): void {
  const isOurs = ({ name }: Dirent) => name.startsWith(prefix)
  for (const { name } of readdirSync(parent, { withFileTypes: true }).filter(isOurs)) {
    const dir = join(parent, name)
    try {
      if (isAbandoned(dir)) remove(dir)
    } catch {
      // Somebody else was faster, or may do what we may not.
    }
  }
}

function isAbandoned(dir: string): boolean {
  const folder = lstatSync(dir)
  if (!folder.isDirectory() || folder.uid !== (process.getuid?.() ?? folder.uid)) return false
  const file = join(dir, 'lock')
  if (!statSync(file, { throwIfNoEntry: false })) return Date.now() - folder.mtimeMs > YOUNG_MS
  const lock = new FileLock(file)
  try {
    return lock.tryAcquire()
  } finally {
    lock.close()
  }
}

function remove(dir: string): void {
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
}
