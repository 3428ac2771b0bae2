import { closeSync, fchmodSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import type { RequestRecord } from './request-record.ts'

/** A full file makes way for a new one; the one before is kept, so that the two together stay below twice this. */
const DEFAULT_LIMIT_BYTES = 5_000_000

/**
 * Keeps the records of requests over restarts, a line of JSON each, in `file` and (older ones) `file.1`, mode 0600. Each
 * is with the operating system before its request is answered, so a kill loses none.
 */
export class RequestFile {
  readonly #file: string
  readonly #limit: number
  #descriptor: number
  #size: number

  /** @param limit bytes; default 5 MB */
  constructor(file: string, limit: number = DEFAULT_LIMIT_BYTES) {
    this.#file = file
    this.#limit = limit
    this.#descriptor = openPrivate(file)
    this.#size = fstatSync(this.#descriptor).size
  }

  append(record: RequestRecord): void {
    const line = `${JSON.stringify(record)}\n`
    if (this.#size > 0 && this.#size + line.length > this.#limit) this.#turnOver()
    this.#size += writeSync(this.#descriptor, line)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #turnOver(): void {
    closeSync(this.#descriptor)
    renameSync(this.#file, `${this.#file}.1`)
    this.#descriptor = openPrivate(this.#file)
    this.#size = 0
  }
}

function openPrivate(file: string): number {
  const descriptor = openSync(file, 'a', 0o600)
  // One that was there may have been made with other permissions.
  fchmodSync(descriptor, 0o600)
  return descriptor
}
