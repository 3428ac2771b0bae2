import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EventLog } from '../../../../scripts/stack/event-log.ts'

describe('an event log that an engine is writing', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'entra-apps-event-log-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const summary = { summaryEvent: { result: 'succeeded' } }

  it('is read line by line, each once, wherever the engine is in its writing', () => {
    const log = new EventLog(join(dir, 'log'))
    const write = (text: string | Buffer) => appendFileSync(log.file, text)
    expect(log.read()).toEqual([])
    const text = Buffer.from(`${JSON.stringify({ ...summary, said: 'ü' })}\n`)
    const middleOfCharacter = text.indexOf(0xbc)
    write(text.subarray(0, middleOfCharacter))
    expect(log.read()).toEqual([])
    write(text.subarray(middleOfCharacter))
    expect(log.read()).toEqual([summary])
    expect(log.read()).toEqual([])
    write(`no event\n${JSON.stringify({ sequence: 2 })}\n{"cut":`)
    expect(log.read()).toEqual([undefined, {}])
    expect(log.events).toEqual([summary, undefined, {}])
  })

  it('is read in whole where it is longer than what is read at a time', () => {
    const log = new EventLog(join(dir, 'log'))
    const long = { ...summary, said: 'x'.repeat(50_000) }
    appendFileSync(log.file, `${JSON.stringify(long)}\n`.repeat(5))
    expect(log.read()).toEqual(Array(5).fill(summary))
  })
})
