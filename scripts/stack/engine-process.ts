import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cacheDirectory } from '../../engine/index.ts'
import { withFileLock } from '../../lib/file-lock.ts'
import { identityOf, processIdentity, stillRuns, surroundings } from '../../lib/process-identity.ts'

/** An engine, and when it was remembered. */
const processRecord = processIdentity.extend({
  /** Milliseconds since 1970. */
  at: z.number(),
})

type ProcessRecord = z.infer<typeof processRecord>

/** Locks are dated in whole seconds. */
const WHOLE_SECOND_MS = 1000

/** How long an engine takes from its start to the lock, at most. */
const LONGEST_START_MS = 120_000

/** The PID namespace of the computer itself (PROC_PID_INIT_INO in Linux), which is in no container. */
const OUTERMOST = 'pid:[4026531836]'

/** Remembers an engine for as long as it runs, or longer when this process is killed; see {@link hasEnded}. */
export function rememberEngine(pid: number, env: NodeJS.ProcessEnv): void {
  const record: ProcessRecord = { ...identityOf(pid), at: Date.now() }
  // Where nothing can be written, a lock that it leaves is waited for.
  attempt(() => {
    mkdirSync(folderOf(env), { recursive: true, mode: 0o700 })
    writeFileSync(fileOf(pid, env), JSON.stringify(record), { mode: 0o600 })
  })
}

/** Once it has ended. */
export function forgetEngine(pid: number, env: NodeJS.ProcessEnv): void {
  attempt(() => rmSync(fileOf(pid, env), { force: true }))
}

/** Lets one run of this computer at a time remove locks that engines left. */
export function withTakeover<T>(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return withFileLock(join(folderOf(env), 'takeover.lock'), signal ? { signal } : {}, work)
}

/**
 * Whether an engine that was started on this computer is certainly gone. A process id alone tells nothing: the engine may
 * run in a container with the same host name, where ids are others.
 *
 * @param since when it locked the stack, RFC 3339
 * @returns false where that is not certain: for processes that were not remembered here, too
 */
export function hasEnded(
  { pid, since }: { readonly pid: number; readonly since: string },
  env: NodeJS.ProcessEnv,
): boolean {
  const text = attempt(() => readFileSync(fileOf(pid, env), 'utf8'))
  const record = processRecord.safeParse(attempt(() => JSON.parse(text ?? '')))
  if (!record.success || record.data.pid !== pid) return false
  const { machine, boot, namespace, at } = record.data
  // Another engine with that id may have locked the stack, in a container, while the remembered one locked nothing.
  const lockedAfter = Date.parse(since) - at
  if (!(lockedAfter >= -WHOLE_SECOND_MS && lockedAfter <= LONGEST_START_MS)) return false
  const now = surroundings()
  if (namespace !== now.namespace) return false
  if (boot !== now.boot) return machine !== '' && machine === now.machine && namespace === OUTERMOST
  return !stillRuns(record.data)
}

function folderOf(env: NodeJS.ProcessEnv): string {
  return join(cacheDirectory(env), 'running')
}

function fileOf(pid: number, env: NodeJS.ProcessEnv): string {
  return join(folderOf(env), `${surroundings().namespace.replace(/\D/g, '')}-${pid}.json`)
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
