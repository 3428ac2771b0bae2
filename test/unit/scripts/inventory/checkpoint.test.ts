import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { Checkpoint } from '../../../../scripts/inventory/checkpoint.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'entra-apps-checkpoint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const newFile = () => join(folder, `${count++}.ndjson`)
const open = (file: string, tenantId = 'tenant') => new Checkpoint(file, tenantId, NOW)

/** A file with these answers. */
function written(answers: Readonly<Record<string, string>>): string {
  const file = newFile()
  const checkpoint = open(file)
  for (const [path, body] of Object.entries(answers)) checkpoint.add(path, body)
  checkpoint.close()
  return file
}

describe('the checkpoint of an inventory', () => {
  it('gives back every answer, whatever is in it, in this run and the next', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), (answers) => {
        const file = written(answers)
        const next = open(file)
        expect(next.size).toBe(Object.keys(answers).length)
        for (const [path, body] of Object.entries(answers)) expect(next.find(path)).toBe(body)
        next.close()
        next.remove()
      }),
    )
  })

  it('goes on after half a line, wherever the process ended', () => {
    const file = written({ '/a': 'first', '/b': 'second\u2028ü' })
    const whole = readFileSync(file)
    const lines = whole.toString('utf8').split('\n')
    const afterHeader = lines[0]!.length + 1
    const afterFirst = afterHeader + lines[1]!.length + 1
    for (let length = afterHeader; length < whole.length; length++) {
      writeFileSync(file, whole)
      truncateSync(file, length)
      const next = open(file)
      expect([next.find('/a'), next.find('/b')]).toEqual([
        length < afterFirst ? undefined : 'first',
        undefined,
      ])
      next.add('/c', 'third')
      next.close()
      const last = open(file)
      expect(last.find('/c')).toBe('third')
      last.close()
    }
  })

  it('is for its owner alone, and goes when it is not needed any more', () => {
    const file = newFile()
    const checkpoint = open(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    checkpoint.close()
    checkpoint.remove()
    expect(() => statSync(file)).toThrow('ENOENT')
    writeFileSync(file, '', { mode: 0o644 })
    open(file).close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is written by one run at a time', () => {
    const file = newFile()
    const first = open(file)
    expect(() => open(file)).toThrow(`--checkpoint: ${file} is written by another run.`)
    first.add('/a', 'first')
    first.close()
    const next = open(file)
    expect(next.find('/a')).toBe('first')
    next.close()
    next.remove()
    expect(readdirSync(folder).filter((each) => file.endsWith(each) || each.endsWith('.lock'))).toEqual([])
  })

  it('leaves the file of something else alone', () => {
    const other = written({})
    expect(() => open(other, 'elsewhere')).toThrow(`--checkpoint: ${other} is of tenant tenant.`)
    for (const text of ['notes', 'notes\n', '{"inventoryOf":"tenant"}\n']) {
      writeFileSync(other, text)
      expect(() => open(other)).toThrow('is no checkpoint of an inventory. Name another file, or delete it')
      expect(readFileSync(other, 'utf8')).toBe(text)
    }
    const changed = written({ '/a': 'first' })
    appendFileSync(changed, '{}\n')
    expect(() => open(changed)).toThrow('holds something that no inventory has written')
    expect(() => open(folder)).toThrow('--checkpoint: EISDIR')
  })
})
