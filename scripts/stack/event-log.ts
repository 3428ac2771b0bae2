import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { type EngineEvent, readEngineEvent } from './engine-events.ts'

const CHUNK_BYTES = 65_536

/** The event log of an engine, one JSON object a line, read while the engine writes it. */
export class EventLog {
  /** What the engine said so far; undefined for a line that is no event. */
  readonly events: (EngineEvent | undefined)[] = []
  /** Need not be there yet. */
  readonly file: string
  readonly #decoder = new StringDecoder('utf8')
  #offset = 0
  #open = ''

  constructor(file: string) {
    this.file = file
  }

  /** Reads what came since the last time, as far as its lines are whole. */
  read(): readonly (EngineEvent | undefined)[] {
    const lines = `${this.#open}${this.#readRest()}`.split('\n')
    this.#open = lines.pop() ?? ''
    const news = lines.filter((line) => line !== '').map(readEngineEvent)
    for (const event of news) this.events.push(event)
    return news
  }

  #readRest(): string {
    const buffer = Buffer.alloc(CHUNK_BYTES)
    let text = ''
    let file: number | undefined
    try {
      file = openSync(this.file, 'r')
      for (;;) {
        const bytes = readSync(file, buffer, 0, CHUNK_BYTES, this.#offset)
        if (bytes === 0) return text
        this.#offset += bytes
        text += this.#decoder.write(buffer.subarray(0, bytes))
      }
    } catch {
      // It is not there yet.
      return text
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }
}
