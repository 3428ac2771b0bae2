import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cacheDirectory } from '../../engine/index.ts'
import { withFileLock } from '../../lib/file-lock.ts'

/**
 * A process, so that it can be told from every other one: ids are given out again by each boot, by each container (PID
 * namespace), and after a while.
 */
const processRecord = z.strictObject({
  pid: z.number().int(),
  /** `/etc/machine-id`; empty where there is none, as in most containers. */
  machine: z.string(),
  /** Empty where the platform has no such id, nor containers that share it. */
  boot: z.string(),
  /** Such as `pid:[4026531836]`; empty like `boot`. */
  namespace: z.string(),
  /** When it started, in clock ticks since the boot; empty like `boot`. */
  started: z.string(),
  /** The same in milliseconds since 1970. */
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
  const record: ProcessRecord = { pid, ...here(), started: startOf(pid), at: Date.now() }
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
  const { machine, boot, namespace, started, at } = record.data
  // Another engine with that id may have locked the stack, in a container, while the remembered one locked nothing.
  const lockedAfter = Date.parse(since) - at
  if (!(lockedAfter >= -WHOLE_SECOND_MS && lockedAfter <= LONGEST_START_MS)) return false
  const now = here()
  if (namespace !== now.namespace) return false
  if (boot !== now.boot) return machine !== '' && machine === now.machine && namespace === OUTERMOST
  return !isAlive(pid) || startOf(pid) !== started || stateOf(pid) === ZOMBIE
}

/** What process ids of this process's surroundings mean. */
function here(): Pick<ProcessRecord, 'machine' | 'boot' | 'namespace'> {
  const text = (file: string) => attempt(() => readFileSync(file, 'utf8').trim()) ?? ''
  return {
    machine: text('/etc/machine-id'),
    boot: text('/proc/sys/kernel/random/boot_id'),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  }
}

/**
 * A process that has ended and whose parent has not asked how. It stays one for ever below an init that asks nothing, as
 * in many containers.
 */
const ZOMBIE = 'Z'

function startOf(pid: number): string {
  return statOf(pid, 22)
}

function stateOf(pid: number): string {
  return statOf(pid, 3)
}

/** A field of `/proc/PID/stat`, numbered as in proc(5); the second may hold spaces and brackets. */
function statOf(pid: number, field: number): string {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[field - 3] ?? ''
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function folderOf(env: NodeJS.ProcessEnv): string {
  return join(cacheDirectory(env), 'running')
}

function fileOf(pid: number, env: NodeJS.ProcessEnv): string {
  return join(folderOf(env), `${here().namespace.replace(/\D/g, '')}-${pid}.json`)
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
