import { readFileSync, readlinkSync } from 'node:fs'
import { z } from 'zod'

/**
 * A process, so that it can be told from every other one: ids are given out again by each boot, by each container (PID
 * namespace), and after a while.
 */
export const processIdentity = z.strictObject({
  pid: z.number().int(),
  /** `/etc/machine-id`; empty where there is none, as in most containers. */
  machine: z.string(),
  /** Empty where the platform has no such id, nor containers that share it. */
  boot: z.string(),
  /** Such as `pid:[4026531836]`; empty like `boot`. */
  namespace: z.string(),
  /** When it started, in clock ticks since the boot; empty like `boot`. */
  started: z.string(),
})

export type ProcessIdentity = z.infer<typeof processIdentity>

/** A process that runs now, by its id in this process's surroundings. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, ...surroundings(), started: startOf(pid) }
}

/** What process ids mean here. */
export function surroundings(): Pick<ProcessIdentity, 'machine' | 'boot' | 'namespace'> {
  const text = (file: string) => attempt(() => readFileSync(file, 'utf8').trim()) ?? ''
  return {
    machine: text('/etc/machine-id'),
    boot: text('/proc/sys/kernel/random/boot_id'),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
  }
}

/**
 * Whether the very process still runs, as far as can be seen from here. What has its id by now is not it, nor is a
 * process that has ended and whose parent has not asked how (a zombie, which it stays for ever below an init that asks
 * nothing).
 *
 * @returns false for processes of another boot or another PID namespace, which cannot be seen
 */
export function stillRuns({ pid, boot, namespace, started }: ProcessIdentity): boolean {
  const here = surroundings()
  if (boot !== here.boot || namespace !== here.namespace) return false
  return isAlive(pid) && startOf(pid) === started && stateOf(pid) !== ZOMBIE
}

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
    // Another user's process: there, but not ours to signal.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
