import { readdirSync, readFileSync } from 'node:fs'

/** A process below another one. Linux only, like every test that kills. */
export interface Descendant {
  readonly pid: number
  /** Program and arguments. */
  readonly command: readonly string[]
}

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
}

/** Children, their children and so on. */
export function descendantsOf(parent: number): Descendant[] {
  return childrenOf(parent).flatMap((pid) => [{ pid, command: commandOf(pid) }, ...descendantsOf(pid)])
}

export function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    // It has ended.
    return []
  }
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1])
  } catch {
    return undefined
  }
}
