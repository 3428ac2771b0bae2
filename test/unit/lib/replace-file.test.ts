import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { abandonedBeside, replaceFileSync } from '../../../lib/replace-file.ts'

describe('replaceFileSync', () => {
  let dir: string
  let file: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'entra-apps-replace-'))
    file = join(dir, 'a.env')
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('gives the file exactly the mode, whatever the umask and the mode it had', () => {
    const umask = process.umask(0o077)
    try {
      for (const mode of [0o600, 0o755, 0o640]) {
        replaceFileSync(file, `mode ${mode}`, { mode })
        expect(statSync(file).mode & 0o7777).toBe(mode)
        expect(readFileSync(file, 'utf8')).toBe(`mode ${mode}`)
      }
    } finally {
      process.umask(umask)
    }
    expect(readdirSync(dir)).toEqual(['a.env'])
  })

  it('replaces a link and leaves alone what it points to', () => {
    writeFileSync(join(dir, 'other'), 'kept')
    symlinkSync('other', file)
    replaceFileSync(file, 'new', { mode: 0o600 })
    expect([readFileSync(file, 'utf8'), readFileSync(join(dir, 'other'), 'utf8')]).toEqual(['new', 'kept'])
  })

  it('leaves nothing when it fails', () => {
    expect(() => replaceFileSync(dir, 'new', { mode: 0o600 })).toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
    expect(() => replaceFileSync(join(dir, 'no/such'), 'new', { mode: 0o600 })).toThrow(/ENOENT/)
    expect(readdirSync(dir)).toEqual([])
    expect(abandonedBeside(dir)).toEqual([])
  })

  it('tells what killed processes left from files of the same kind', () => {
    const left = 'a.env.0123456789ab.tmp'
    for (const name of [
      left,
      'a.env',
      'a.env.tmp',
      'a.env.0123.tmp',
      'xa.env.0123456789ab.tmp',
      `${left}.bak`,
    ])
      writeFileSync(join(dir, name), '')
    expect(abandonedBeside(file)).toEqual([join(dir, left)])
  })
})
