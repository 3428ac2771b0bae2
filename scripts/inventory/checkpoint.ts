import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { z } from 'zod'
import { FileLock } from '../../lib/file-lock.ts'
import { CommandError } from '../lib/errors.ts'
import type { KeptReads } from '../proof/directory/reader.ts'

const header = z.strictObject({ inventoryOf: z.string(), begunAt: z.iso.datetime() })
const answer = z.strictObject({ path: z.string(), body: z.string() })

const NEWLINE = 0x0a
const CHUNK = 65_536

/** Where a line stands in the file, in bytes. */
interface Place {
  readonly at: number
  readonly length: number
}

/**
 * What Graph has answered so far, in a file, so that an inventory that was interrupted goes on where it stood. A line says
 * whose it is, one more each answer; a process that ends while it writes leaves half a line, which is cut off. Memory
 * holds where the answers are, not them. One process at a time writes it.
 */
export class Checkpoint implements KeptReads {
  readonly begunAt: string
  readonly #file: string
  readonly #descriptor: number
  readonly #lock: FileLock
  readonly #places = new Map<string, Place>()
  #end = 0

  /**
   * Opens the file of an earlier run, or makes a new one for its owner alone.
   *
   * @throws CommandError BAD_OPTIONS when it cannot be opened, another run writes it, or it is something else, which is left as it is
   */
  constructor(file: string, tenantId: string, now: Date) {
    this.#file = file
    this.#descriptor = open(file)
    this.#lock = new FileLock(`${file}.lock`)
    if (!this.#lock.tryAcquire()) {
      this.#lock.close()
      closeSync(this.#descriptor)
      throw this.#refused('is written by another run')
    }
    try {
      // That run may have ended meanwhile, and taken the file with it.
      const there = statSync(file, { throwIfNoEntry: false })
      if (there?.ino !== fstatSync(this.#descriptor).ino) throw this.#refused('was removed by another run')
      this.begunAt = this.#begin(tenantId, now)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** How many answers it holds. */
  get size(): number {
    return this.#places.size
  }

  find(path: string): string | undefined {
    const place = this.#places.get(path)
    return place && answer.parse(JSON.parse(this.#read(place))).body
  }

  add(path: string, body: string): void {
    this.#places.set(path, this.#append({ path, body }))
  }

  /** Once everything has been read, or nothing more will be. */
  close(): void {
    closeSync(this.#descriptor)
    this.#lock.release()
  }

  /** Once everything has been said, too. */
  remove(): void {
    rmSync(this.#file, { force: true })
  }

  /** @returns when the inventory was begun */
  #begin(tenantId: string, now: Date): string {
    const { size } = fstatSync(this.#descriptor)
    const [first, ...rest] = places(this.#descriptor, size)
    if (first === undefined) {
      if (size > 0) throw this.#refused('is no checkpoint of an inventory')
      const begunAt = now.toISOString()
      // It may have been there, empty.
      fchmodSync(this.#descriptor, 0o600)
      this.#append({ inventoryOf: tenantId, begunAt })
      return begunAt
    }
    const begun = parsed(header, this.#read(first))
    if (!begun) throw this.#refused('is no checkpoint of an inventory')
    if (begun.inventoryOf !== tenantId) throw this.#refused(`is of tenant ${begun.inventoryOf}`)
    for (const place of rest) {
      const kept = parsed(answer, this.#read(place))
      if (!kept) throw this.#refused('holds something that no inventory has written')
      this.#places.set(kept.path, place)
    }
    const last = rest.at(-1) ?? first
    this.#end = last.at + last.length + 1
    ftruncateSync(this.#descriptor, this.#end)
    return begun.begunAt
  }

  #append(line: object): Place {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`)
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#end + done)
    }
    const place = { at: this.#end, length: bytes.length - 1 }
    this.#end += bytes.length
    return place
  }

  #read({ at, length }: Place): string {
    const bytes = Buffer.alloc(length)
    for (let done = 0; done < length; ) {
      const count = readSync(this.#descriptor, bytes, done, length - done, at + done)
      if (count === 0) throw this.#refused('was changed by somebody else')
      done += count
    }
    return bytes.toString('utf8')
  }

  #refused(what: string): CommandError {
    return new CommandError(
      'BAD_OPTIONS',
      `--checkpoint: ${this.#file} ${what}. Name another file, or delete it to begin anew.`,
    )
  }
}

function open(file: string): number {
  try {
    return openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  } catch (error) {
    throw new CommandError('BAD_OPTIONS', `--checkpoint: ${(error as Error).message}`)
  }
}

/** The whole lines of a file. */
function places(descriptor: number, size: number): Place[] {
  const found: Place[] = []
  const chunk = Buffer.alloc(CHUNK)
  let start = 0
  for (let at = 0; at < size; ) {
    const count = readSync(descriptor, chunk, 0, CHUNK, at)
    if (count === 0) break
    const bytes = chunk.subarray(0, count)
    for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) {
      found.push({ at: start, length: at + i - start })
      start = at + i + 1
    }
    at += count
  }
  return found
}

function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
