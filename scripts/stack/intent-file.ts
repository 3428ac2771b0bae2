import { type Dirent, lstatSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { INTENT_VARIABLE, type Intent } from '../../infra/contract/intent.ts'
import { FileLock } from '../../lib/file-lock.ts'

const PREFIX = 'entra-apps-intent-'

/** A folder without a lock that is younger, in milliseconds, is about to get one. */
const YOUNG_MS = 60_000

/**
 * Runs a command with the environment that leads the program to the intent. The file lies in a folder of its own, which
 * is locked while the command runs; folders that killed runs left are removed on the way.
 */
export async function withIntent<T>(
  intent: Intent,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  removeAbandoned(tmpdir())
  const dir = await mkdtemp(join(tmpdir(), PREFIX))
  const lock = new FileLock(join(dir, 'lock'))
  try {
    lock.tryAcquire()
    const file = join(dir, 'intent.json')
    await writeFile(file, JSON.stringify(intent), { mode: 0o600 })
    return await work({ [INTENT_VARIABLE]: file })
  } finally {
    lock.close()
    remove(dir)
  }
}

/** Removes folders of our own whose runs have ended; one that cannot be removed is left to the next run. */
function removeAbandoned(parent: string): void {
  const isOurs = ({ name }: Dirent) => name.startsWith(PREFIX)
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
