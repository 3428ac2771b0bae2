import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { FileLock } from '../lib/file-lock.ts'
import { withProgress } from './child.ts'
import type { Context } from './context.ts'
import { EngineError, interrupted, reasonOf } from './errors.ts'

/** Milliseconds between two attempts. */
const PAUSE = 200

/**
 * Runs `work` while no other process, and no other call in this one, runs work under the same lock file.
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
  const lock = new FileLock(file)
  const holder = `${file}.holder`
  try {
    if (!tryLock(lock, file)) await waitForLock(context, lock, file, holder)
  } catch (error) {
    lock.close()
    throw error
  }
  try {
    // Only for the line that a waiting process shows: nothing is decided by it.
    writeFileSync(holder, `process ${process.pid} is ${doing}`)
    return await work()
  } finally {
    rmSync(holder, { force: true })
    lock.release()
  }
}

async function waitForLock(context: Context, lock: FileLock, file: string, holder: string): Promise<void> {
  const { signal } = context
  const busy = await readFile(holder, 'utf8').catch(() => 'another process is preparing the engine')
  context.log(`Waiting: ${busy}.`)
  const poll = async () => {
    do {
      if (signal?.aborted) throw interrupted(`waiting (${busy})`, signal)
      // An abort ends the pause early; the check above then reports it.
      await sleep(PAUSE, undefined, signal ? { signal } : {}).catch(() => {})
    } while (!tryLock(lock, file))
  }
  await withProgress(context, () => 'still waiting', poll)
}

function tryLock(lock: FileLock, file: string): boolean {
  try {
    return lock.tryAcquire()
  } catch (error) {
    throw new EngineError(
      'CACHE_UNUSABLE',
      `Cannot lock "${file}": ${reasonOf(error)}. Let ENTRA_APPS_CACHE name a folder on a local disk that you may write to.`,
      { cause: error },
    )
  }
}
