import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivateFile } from '../lib/private-file.ts'
import { ControlError } from './errors.ts'
import type { Snapshot } from './snapshot.ts'

const NAME = /^[\w][\w.-]{0,63}$/

const SUFFIX = '.json'

/** Snapshots kept by name in a directory (mode 0700) of the tenant's data, one file (mode 0600) for each. */
export class SnapshotFiles {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Names, in order. */
  list(): readonly string[] {
    try {
      const files = readdirSync(this.#directory).filter((file) => file.endsWith(SUFFIX))
      return files.map((file) => file.slice(0, -SUFFIX.length)).sort()
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
  }

  /**
   * Keeps a snapshot; one of the same name is replaced.
   *
   * @throws ControlError `CONTROL_INPUT` for a name that is not a file name
   */
  save(name: string, snapshot: Snapshot): void {
    const file = this.#file(name)
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    writePrivateFile(file, JSON.stringify(snapshot))
  }

  /** @throws ControlError `SNAPSHOT_UNKNOWN`, `CONTROL_INPUT` */
  read(name: string): Snapshot {
    this.#require(name)
    return JSON.parse(readFileSync(this.#file(name), 'utf8')) as Snapshot
  }

  /** @throws ControlError `SNAPSHOT_UNKNOWN`, `CONTROL_INPUT` */
  remove(name: string): void {
    this.#require(name)
    rmSync(this.#file(name))
  }

  #require(name: string): void {
    this.#file(name)
    const names = this.list()
    if (names.includes(name)) return
    const kept = names.length === 0 ? 'none is kept' : `kept are: ${names.join(', ')}`
    throw new ControlError('SNAPSHOT_UNKNOWN', `There is no snapshot '${name}'; ${kept}.`)
  }

  #file(name: string): string {
    if (!NAME.test(name)) {
      throw new ControlError(
        'CONTROL_INPUT',
        `'${name}' cannot name a snapshot: use letters, digits, '.', '-' and '_', at most 64.`,
      )
    }
    return join(this.#directory, `${name}${SUFFIX}`)
  }
}
