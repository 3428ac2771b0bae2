import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { withProgress } from './child.ts'
import type { Context } from './context.ts'
import { EngineError, interrupted, reasonOf } from './errors.ts'

/** SQLite's SQLITE_BUSY ("Result and Error Codes"): another connection holds the lock. */
const BUSY = 5

/** Milliseconds between two attempts. */
const PAUSE = 200

/**
 * Runs `work` while no other process, and no other call in this one, runs work under the same lock file.
 *
 * The lock is an exclusive transaction on an empty SQLite file. The operating system gives it up when its process ends,
 * however it ends, so there is no stale lock to recognise: a killed holder cannot block anyone, and neither a reused
 * process id nor a container with its own process ids can mislead us, as they can with a file that holds a pid.
 *
 * @param doing completes "is …" for those who wait, as in "building the Pulumi CLI".
 * @throws EngineError `CACHE_UNUSABLE` when the file cannot be locked; `INTERRUPTED` when the signal fires during the wait.
 */
export async function withLock<T>(
  context: Context,
  file: string,
  doing: string,
  work: () => Promise<T>,
): Promise<T> {
  const database = open(file)
  const holder = `${file}.holder`
  try {
    if (!tryLock(database, file)) await waitForLock(context, database, file, holder)
    // Only for the line that a waiting process shows: nothing is decided by it.
    writeFileSync(holder, `process ${process.pid} is ${doing}`)
    return await work().finally(() => rmSync(holder, { force: true }))
  } finally {
    database.close()
  }
}

async function waitForLock(
  context: Context,
  database: DatabaseSync,
  file: string,
  holder: string,
): Promise<void> {
  const { signal } = context
  const busy = await readFile(holder, 'utf8').catch(() => 'another process is preparing the engine')
  context.log(`Waiting: ${busy}.`)
  const poll = async () => {
    do {
      if (signal?.aborted) throw interrupted(`waiting (${busy})`, signal)
      // An abort ends the pause early; the check above then reports it.
      await sleep(PAUSE, undefined, signal ? { signal } : {}).catch(() => {})
    } while (!tryLock(database, file))
  }
  await withProgress(context, () => 'still waiting', poll)
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file)
  } catch (error) {
    throw unlockable(file, error)
  }
}

function tryLock(database: DatabaseSync, file: string): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return false
    throw unlockable(file, error)
  }
}

function unlockable(file: string, cause: unknown): EngineError {
  return new EngineError(
    'CACHE_UNUSABLE',
    `Cannot lock "${file}": ${reasonOf(cause)}. Let ENTRA_APPS_CACHE name a folder on a local disk that you may write to.`,
    { cause },
  )
}
