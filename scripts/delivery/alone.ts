import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory } from '../../engine/index.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { KeyedQueue } from '../../lib/keyed-queue.ts'

/** Those of this process wait here in order, and do not poll the lock file against each other. */
const queue = new KeyedQueue()

/** What another run may take for its own delivery beside the limit of ours, in milliseconds. */
const OTHERS_MS = 300_000

export interface AloneOptions {
  /** Where the cache directory is: the locks are in it. */
  readonly env: NodeJS.ProcessEnv
  /** What the work may take, in milliseconds. */
  readonly timeoutMs: number
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `work` while no other work of the same name runs, in this process or in another one of this user on this
 * computer: what reads an object and writes it back changed would undo what another one has changed meanwhile.
 */
export function alone<T>(
  name: string,
  { env, timeoutMs, signal }: AloneOptions,
  work: () => Promise<T>,
): Promise<T> {
  const folder = join(cacheDirectory(env), 'running')
  const file = `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.lock`
  return queue.take(name, () => {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
    } catch {
      // Without a home there is nobody who could deliver at the same time from there.
      return work()
    }
    return withFileLock(
      join(folder, file),
      { timeoutMs: timeoutMs + OTHERS_MS, ...(signal && { signal }) },
      work,
    )
  })
}
