import { type BigIntStats, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** SQLite's SQLITE_BUSY ("Result and Error Codes"): another connection holds the lock. */
const BUSY = 5

/**
 * A lock between processes, and between the callers in one.
 *
 * It is an exclusive transaction on an empty SQLite file. The operating system gives it up when its process ends,
 * however it ends, so there is no stale lock to recognise: a killed holder cannot block anyone, and neither a reused
 * process id nor a container with its own process ids can mislead us, as they can with a file that holds a pid. That is
 * why proper-lockfile is not used, which judges by the age of a folder.
 *
 * The file is deleted when the lock is released.
 */
export class FileLock {
  readonly #file: string
  #opened: { readonly database: DatabaseSync; readonly file: BigIntStats } | undefined

  constructor(file: string) {
    this.#file = file
  }

  /**
   * @returns false while somebody else holds it
   * @throws the error of the file system or of SQLite when the file cannot be locked
   */
  tryAcquire(): boolean {
    for (;;) {
      this.#opened ??= open(this.#file)
      if (!begin(this.#opened.database)) return false
      // The last holder may have deleted the file that is open here, and somebody else made and locked another one.
      if (isSame(this.#opened.file, statSync(this.#file, { bigint: true, throwIfNoEntry: false })))
        return true
      this.close()
    }
  }

  /** Gives up the lock after {@link tryAcquire} returned true. */
  release(): void {
    // Windows deletes no open file: there it stays, empty, and is used again.
    if (process.platform !== 'win32') rmSync(this.#file, { force: true })
    this.close()
  }

  /** Ends waiting. */
  close(): void {
    this.#opened?.database.close()
    this.#opened = undefined
  }
}

/** How to wait for a lock. */
export interface LockOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal
  /** In milliseconds. Default: 60 000. */
  readonly timeoutMs?: number
}

const PAUSE_MS = 20

/**
 * Runs `work` while no other process, and no other call in this one, runs work under the same lock file.
 *
 * @throws Error when the file cannot be locked, or is held by somebody else for too long; the signal's reason
 */
export async function withFileLock<T>(
  file: string,
  { signal, timeoutMs = 60_000 }: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const lock = new FileLock(file)
  const deadline = performance.now() + timeoutMs
  try {
    while (!lock.tryAcquire()) {
      if (performance.now() >= deadline) {
        throw new Error(`another process has held the lock file ${file} for ${timeoutMs / 1000} s`)
      }
      // Not all at the same moments, so that each gets its turn.
      await sleep(PAUSE_MS * (0.5 + Math.random()), undefined, signal ? { signal } : {})
    }
  } catch (error) {
    lock.close()
    throw error
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/**
 * A file that is there is never opened and closed by us: closing any descriptor of a file gives up all of a process's
 * POSIX locks on it (fcntl(2)), which SQLite knows of its own descriptors only.
 */
function open(file: string) {
  for (;;) {
    try {
      closeSync(openSync(file, 'wx', 0o600))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const before = statSync(file, { bigint: true, throwIfNoEntry: false })
    if (before) return { database: new DatabaseSync(file), file: before }
  }
}

function begin(database: DatabaseSync): boolean {
  try {
    // Without a journal on the disk nothing is ever written, and nothing but the empty file can be left behind.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false
    throw error
  }
}

function isSame(a: BigIntStats, b: BigIntStats | undefined): boolean {
  return b !== undefined && a.dev === b.dev && a.ino === b.ino && a.birthtimeNs === b.birthtimeNs
}
