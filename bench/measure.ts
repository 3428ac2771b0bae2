import { readdirSync, readFileSync } from 'node:fs'

/** What a command and every process that it started took. CPU and memory only on Linux, else zero. */
export interface Cost {
  readonly ms: number
  /** Milliseconds of CPU, user and system; each process is last looked at up to 50 ms before it ends. */
  readonly cpuMs: number
  /** The same of the server that keeps the state, where it runs as a child of this process. */
  readonly backEndMs: number
  /** Peak resident memory in megabytes, by part: engine, program, plugin, other. The largest process of a part counts. */
  readonly megabytes: Readonly<Record<string, number>>
  /** Requests that the tenant answered, logins included. */
  readonly requests: number
}

const INTERVAL_MS = 50
/** Clock ticks of `/proc/<pid>/stat` ("proc_pid_stat(5)"; 100 a second on every platform of Node). */
const TICK_MS = 10
const BACK_END = 'back end'
const PARTS: readonly (readonly [part: string, command: RegExp])[] = [
  ['program', /cmd\/run\b/],
  ['plugin', /(pulumi-resource|terraform-provider)-azuread|plugin\/main/],
  ['engine', /\/(pulumi|terraform) /],
  [BACK_END, /\bpostgres\b|azurite/],
]

/**
 * Measures a command.
 *
 * @param requests how many the tenant has answered so far
 * @param work starts the command as a child of this process, and ends with it
 */
export async function measure(requests: () => number, work: () => Promise<unknown>): Promise<Cost> {
  const seen = new Map<string, { part: string; cpuMs: number; megabytes: number }>()
  // Servers that run already have used their part before.
  const usedBefore = new Map(descendants().map(({ id, cpuMs }) => [id, cpuMs]))
  const look = () => {
    for (const { id, part, cpuMs, megabytes } of descendants()) {
      // One that is ending has no memory any more.
      const peak = Math.max(megabytes, seen.get(id)?.megabytes ?? 0)
      seen.set(id, { part, cpuMs: cpuMs - (usedBefore.get(id) ?? 0), megabytes: peak })
    }
  }
  const timer = setInterval(look, INTERVAL_MS)
  const before = requests()
  const start = performance.now()
  try {
    await work()
  } finally {
    clearInterval(timer)
    look()
  }
  const ms = performance.now() - start
  const megabytes: Record<string, number> = {}
  let [cpuMs, backEndMs] = [0, 0]
  for (const process of seen.values()) {
    if (process.part === BACK_END) backEndMs += process.cpuMs
    else cpuMs += process.cpuMs
    megabytes[process.part] = Math.max(megabytes[process.part] ?? 0, process.megabytes)
  }
  return { ms, cpuMs, backEndMs, megabytes, requests: requests() - before }
}

function descendants() {
  const children = Map.groupBy(processes(), ({ parent }) => parent)
  const below = (parent: number): Stat[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child.pid)])
  return below(process.pid).flatMap(({ id, pid, cpuMs }) =>
    attempt(() => {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      const part = PARTS.find(([, pattern]) => pattern.test(command))?.[0] ?? 'other'
      return [{ id, part, cpuMs, megabytes: Number(peak ?? 0) / 1024 }]
    }),
  )
}

interface Stat {
  /** Tells the process from a later one with its number. */
  readonly id: string
  readonly pid: number
  readonly parent: number
  readonly cpuMs: number
}

function processes(): Stat[] {
  const pids = process.platform === 'linux' ? readdirSync('/proc').map(Number).filter(Boolean) : []
  return pids.flatMap((pid) =>
    attempt(() => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name of the command stands in parentheses and may hold blanks.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS
      return [{ id: `${pid} ${fields[19]}`, pid, parent: Number(fields[1]), cpuMs }]
    }),
  )
}

/** Nothing for a process that ended while it was looked at. */
function attempt<T>(look: () => T[]): T[] {
  try {
    return look()
  } catch {
    return []
  }
}
