import { execFile } from 'node:child_process'
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setVariable as setInBytes, variableIn } from '../../../../scripts/delivery/dotenv-text.ts'
import { type DeliveryOptions, GenerationLost, openTarget } from '../../../../scripts/delivery/index.ts'
import { certificateDelivery, delivery } from '../../../conformance/delivery/support.ts'

const setVariable = (text: string, variable: string, value: string) =>
  setInBytes(Buffer.from(text), variable, value).toString()

describe('setVariable', () => {
  it.each([
    ['an empty file', '', 'A=new\n'],
    ['a file without it', 'B=1\n', 'B=1\nA=new\n'],
    ['a file without a last line end', 'B=1', 'B=1\nA=new\n'],
    ['its line, in place', '# secret\nA=old\nB=1\n', '# secret\nA=new\nB=1\n'],
    ['an exported line', 'export A="old"\n', 'export A=new\n'],
    ['Windows line ends', 'A=old\r\nB=1\r\n', 'A=new\r\nB=1\r\n'],
    ['the last of two, which counts', 'A=1\nA=2\n', 'A=1\nA=new\n'],
    ['a longer name that begins alike', 'AB=1\n', 'AB=1\nA=new\n'],
    ['a comment that mentions it', '# A=old\n', '# A=old\nA=new\n'],
    ['a value of several lines, as a whole', "A='1\nB=2\n'\nC=3\n", 'A=new\nC=3\n'],
    ['no line inside the value of another', 'B="\nA=old\n"\n', 'B="\nA=old\n"\nA=new\n'],
    ['a line whose quote is never closed', "A='old\nB=1\n", 'A=new\nB=1\n'],
    ['Windows line ends, at the end', 'B=1\r\n', 'B=1\r\nA=new\r\n'],
    ['the first line after a byte order mark', '\ufeffA=old\nB=1\n', '\ufeffA=new\nB=1\n'],
    ['a file that begins with a byte order mark', '\ufeffB=1\n', '\ufeffB=1\nA=new\n'],
    ['a quoted line with a comment', "A='old' # why\nB=1\n", 'A=new\nB=1\n'],
  ])('changes %s', (_, before, after) => {
    expect(setVariable(before, 'A', 'new')).toBe(after)
  })

  it('writes what a reader of .env files reads back, and leaves the others alone', () => {
    const value = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/[\r\n'"`\\]/.test(text))
    const variables = fc.dictionary(fc.stringMatching(/^[B-Z]{1,5}$/), fc.stringMatching(/^[\w.~-]{1,9}$/))
    fc.assert(
      fc.property(value, variables, (secret, others) => {
        const before = Object.entries(others).map(([name, text]) => `${name}=${text}\n`)
        const after = parseEnv(setVariable(before.join(''), 'A', secret))
        expect({ ...after }).toEqual({ ...others, A: secret })
      }),
    )
  })

  it('writes values of several lines over and beside others', () => {
    const value = fc
      .array(fc.stringMatching(/^[\w+/=#$ .~-]{0,12}$/), { minLength: 1, maxLength: 4 })
      .map((lines) => lines.join('\n'))
      .filter((text) => text !== '')
    const variables = fc.dictionary(fc.stringMatching(/^[A-E]$/), value)
    fc.assert(
      fc.property(value, value, variables, (first, second, others) => {
        const before = Object.entries(others).reduce(
          (text, [name, each]) => setVariable(text, name, each),
          '',
        )
        const after = setVariable(setVariable(before, 'C', first), 'C', second)
        expect({ ...parseEnv(after) }).toEqual({ ...others, C: second })
      }),
    )
  })

  it('keeps every byte of any file outside one assignment, or refuses to change it', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('A=', 'A="', 'export A=', 'B=1', "'", '"', '`', '#', '\n', '\r\n', ' ', '\ufeff', 'ü=')
        .map((text) => Buffer.from(text)),
    )
    const anyFile = fc.array(piece, { maxLength: 14 }).map((pieces) => Buffer.concat(pieces))
    const anyValue = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    let changed = 0
    fc.assert(
      fc.property(anyFile, anyValue, (before, value) => {
        let after: Buffer
        try {
          after = setInBytes(before, 'A', value)
        } catch {
          return
        }
        changed++
        expect(variableIn(after, 'A')).toBe(value)
        const start = commonLength(before, after)
        const end = commonLength(before.subarray(start).toReversed(), after.subarray(start).toReversed())
        const added = after.subarray(start, after.length - end)
        expect(added.length).toBeLessThanOrEqual(Buffer.byteLength(value) + 'A=""\r\n\r\n'.length)
        expect(othersIn(after)).toEqual(othersIn(before))
      }),
      { numRuns: 3000 },
    )
    expect(changed).toBeGreaterThan(500)
  })

  it('refuses what cannot be written', () => {
    expect(() => setVariable('', 'A', 'two\r\nlines')).toThrow(/carriage returns/)
    expect(() => setVariable('', 'A', `'"\``)).toThrow(/every kind of quote/)
  })
})

/** Every variable but `A`, byte by byte, as a reader that skips the byte order mark sees it. */
function othersIn(bytes: Buffer): object {
  const read = Object.entries(parseEnv(bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '')))
  // Node takes "export" before an empty value for a part of the name.
  const named = read.map(([name, value]) => [name.replace(/^export[ \t]+/, ''), value])
  const { A: _, ...others } = Object.fromEntries(named)
  return others
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  const length = a.findIndex((byte, i) => byte !== b[i])
  return length < 0 ? a.length : length
}

describe('delivery to a .env file', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-dotenv-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const open = (file = '.env', options: Partial<DeliveryOptions> = {}) =>
    openTarget(
      { dotenv: { file, variable: 'CLIENT_SECRET' } },
      { projectDir: dir, env: {}, azureCredential: () => expect.unreachable(), ...options },
    )

  it('creates the file for its owner only, and reads it back', async () => {
    await open().deliver(delivery())
    expect(await readFile(join(dir, '.env'), 'utf8')).toBe(`CLIENT_SECRET=${delivery().value}\n`)
    expect((await stat(join(dir, '.env'))).mode & 0o777).toBe(0o600)
    expect(await readdir(dir)).toEqual(['.env'])
    expect(await open().holds(delivery())).toBe('yes')
    expect(await open().holds(delivery(2))).toBe('no')
  })

  it.each([0o600, 0o640, 0o440, 0o660, 0o644])('keeps the mode %o of a file that is there', async (mode) => {
    await writeFile(join(dir, '.env'), 'PORT=80\nCLIENT_SECRET=old\n')
    await chmod(join(dir, '.env'), mode)
    const said: string[] = []
    await open('.env', { note: (line) => said.push(line) }).deliver(delivery())
    expect(await readFile(join(dir, '.env'), 'utf8')).toBe(`PORT=80\nCLIENT_SECRET=${delivery().value}\n`)
    expect((await stat(join(dir, '.env'))).mode & 0o777).toBe(mode)
    expect(said).toEqual(
      mode === 0o644 ? [expect.stringMatching(/every user .* can read .*: chmod o= \.env/)] : [],
    )
  })

  it.runIf(process.getuid?.() === 0)('keeps owner and group, which its consumer reads it by', async () => {
    await writeFile(join(dir, '.env'), 'CLIENT_SECRET=old\n')
    await chmod(join(dir, '.env'), 0o640)
    await chown(join(dir, '.env'), 1234, 5678)
    await open().deliver(delivery())
    expect(await stat(join(dir, '.env'))).toMatchObject({ uid: 1234, gid: 5678, mode: 0o100640 })
  })

  it.runIf(process.getuid?.() === 0)('refuses a file whose owner it may not keep', async () => {
    const file = join(dir, '.env')
    await chmod(dir, 0o777)
    await writeFile(file, 'CLIENT_SECRET=old\n')
    await chmod(file, 0o644)
    const program = [process.execPath, join(import.meta.dirname, 'deliver-once.ts'), dir]
    const { stdout } = await promisify(execFile)('setpriv', ['--reuid=1234', '--clear-groups', ...program])
    expect(JSON.parse(stdout)).toMatchObject({
      exposed: false,
      message: expect.stringMatching(/belongs to user 0 and group 0, which this user may not keep/),
    })
    expect(await readFile(file, 'utf8')).toBe('CLIENT_SECRET=old\n')
    expect(await readdir(dir)).toEqual(['.env'])
  })

  it('creates the file that a dangling link names, and keeps the link', async () => {
    await mkdir(join(dir, 'secrets'))
    await mkdir(join(dir, 'app'))
    await symlink('../secrets/env', join(dir, 'app/.env'))
    await symlink('app/.env', join(dir, '.env'))
    await open().deliver(delivery())
    expect((await lstat(join(dir, '.env'))).isSymbolicLink()).toBe(true)
    expect((await lstat(join(dir, 'app/.env'))).isSymbolicLink()).toBe(true)
    expect(await readFile(join(dir, 'secrets/env'), 'utf8')).toBe(`CLIENT_SECRET=${delivery().value}\n`)
    await symlink('loop', join(dir, 'loop'))
    await expect(open('loop').deliver(delivery())).rejects.toThrow(/ELOOP|too many/)
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffCLIENT_SECRET=old\n', 'utf16le'), /UTF-16/],
    ['UTF-16 without a mark', Buffer.from('CLIENT_SECRET=old\n', 'utf16le'), /UTF-16/],
    ['carriage returns alone', Buffer.from('A=1\rCLIENT_SECRET=old\r'), /carriage return/],
    ['a quote that ours would close', Buffer.from('A="1\nB=2\n'), /close the quotes/],
  ])('refuses what it cannot change safely: %s', async (_, bytes, message) => {
    await writeFile(join(dir, '.env'), bytes)
    const value = bytes.includes('"') ? 'in "double" quotes' : delivery().value
    await expect(open().deliver({ ...delivery(), value })).rejects.toMatchObject({
      exposed: false,
      message: expect.stringMatching(message),
    })
    expect(await readFile(join(dir, '.env'))).toEqual(bytes)
    expect(await readdir(dir)).toEqual(['.env'])
  })

  it('refuses a file with another name, whose readers would keep the old content', async () => {
    await writeFile(join(dir, '.env'), 'A=1\n')
    await link(join(dir, '.env'), join(dir, 'other'))
    await expect(open().deliver(delivery())).rejects.toThrow(/2 names \(hard links\)/)
    await expect(open('missing/..').deliver(delivery())).rejects.toMatchObject({ exposed: false })
  })

  it('clears away what killed runs left beside the file, and nothing else', async () => {
    const left = ['.env.0123456789ab.tmp', '.env.ba9876543210.tmp']
    const others = ['.env.local', '.env.2024', '.env.0123456789ab', 'other.env.0123456789ab.tmp']
    for (const name of [...left, ...others]) await writeFile(join(dir, name), 'CLIENT_SECRET=leaked\n')
    await open().deliver(delivery())
    expect((await readdir(dir)).sort()).toEqual(['.env', ...others].sort())
    await writeFile(join(dir, '.env.0123456789ab.tmp'), '')
    expect(await open().holds(delivery())).toBe('yes')
    expect((await readdir(dir)).sort()).toEqual(['.env', ...others].sort())
  })

  it('does not write once the generation is lost, and says nothing else', async () => {
    await writeFile(join(dir, '.env'), 'CLIENT_SECRET=newer\n')
    const beforeWrite = () => Promise.reject(new GenerationLost('g2 is retired'))
    await expect(open().deliver(delivery(), { beforeWrite })).rejects.toThrow(GenerationLost)
    expect(await readFile(join(dir, '.env'), 'utf8')).toBe('CLIENT_SECRET=newer\n')
  })

  it('writes key and certificate over those of the last generation, and reads them back', async () => {
    await writeFile(join(dir, '.env'), 'PORT=80\nCLIENT_SECRET=old\nHOST=here\n')
    for (const generation of [1, 2]) {
      await open().deliver(certificateDelivery(generation))
      const text = await readFile(join(dir, '.env'), 'utf8')
      const { value } = certificateDelivery(generation)
      expect({ ...parseEnv(text) }).toEqual({ PORT: '80', CLIENT_SECRET: value, HOST: 'here' })
      expect(text.split('BEGIN PRIVATE KEY')).toHaveLength(2)
      expect(await open().holds(certificateDelivery(generation))).toBe('yes')
    }
    expect(await open().holds(certificateDelivery(1))).toBe('no')
  })

  it('does not touch a file that holds it already', async () => {
    await open().deliver(delivery())
    const before = await stat(join(dir, '.env'))
    await open().deliver(delivery())
    expect((await stat(join(dir, '.env'))).ino).toBe(before.ino)
  })

  it('replaces what a link points to, and keeps the link', async () => {
    await mkdir(join(dir, 'shared'))
    await writeFile(join(dir, 'shared/env'), 'A=1\n')
    await symlink('shared/env', join(dir, '.env'))
    await open().deliver(delivery())
    expect(await readFile(join(dir, 'shared/env'), 'utf8')).toBe(`A=1\nCLIENT_SECRET=${delivery().value}\n`)
  })

  it('leaves everything as it was when it fails, and exposes nothing', async () => {
    await mkdir(join(dir, 'here'))
    await writeFile(join(dir, 'file'), '')
    const error: unknown = await open('file/.env')
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED', exposed: false })
    expect((error as Error).message).toMatch(/^dotenv:file\/\.env#CLIENT_SECRET: .*ENOTDIR/)
    expect((error as Error).message).not.toContain('NeverLogThis')
    await expect(open('missing/.env').deliver(delivery())).rejects.toThrow(/ENOENT/)
  })

  it.runIf(process.platform === 'linux')(
    'keeps the old file whole when there is no room for the new one',
    async () => {
      await open().deliver(delivery())
      const before = await readFile(join(dir, '.env'), 'utf8')
      // A limit of the shell stands for a full disk: the write fails in the middle, with EFBIG instead of ENOSPC.
      const { stdout } = await promisify(execFile)('sh', [
        '-c',
        'trap "" XFSZ; ulimit -f 0; exec "$@"',
        'sh',
        process.execPath,
        join(import.meta.dirname, 'deliver-once.ts'),
        dir,
      ])
      expect(JSON.parse(stdout)).toMatchObject({ code: 'DELIVERY_FAILED', exposed: false })
      expect(await readFile(join(dir, '.env'), 'utf8')).toBe(before)
      expect(await readdir(dir)).toEqual(['.env'])
    },
  )

  it.skipIf(process.getuid?.() === 0)('cannot write where it may not', async () => {
    await chmod(dir, 0o500)
    await expect(open().deliver(delivery())).rejects.toMatchObject({ exposed: false })
    await chmod(dir, 0o700)
  })

  it.each([2, 4, 8])(
    'holds all of %i credentials that are delivered at the same time, 100 times over',
    async (count) => {
      await mkdir(join(dir, 'deploy'))
      await symlink('deploy/.env', join(dir, '.env'))
      // However the file is named, it is the same one.
      const files = ['.env', 'deploy/.env', './deploy/../.env', join(dir, 'deploy/.env')]
      const names = Array.from({ length: count }, (_, i) => `SECRET_${i}`)
      const targets = names.map((variable, i) =>
        openTarget(
          { dotenv: { file: files[i % files.length] ?? '', variable } },
          { projectDir: dir, env: {}, azureCredential: () => expect.unreachable() },
        ),
      )
      for (let round = 0; round < 100; round++) {
        const values = names.map((name) => ({ ...delivery(), value: `${name}-in-round-${round}` }))
        await Promise.all(targets.map((target, i) => target.deliver(values[i] ?? expect.unreachable())))
        expect({ ...parseEnv(await readFile(join(dir, '.env'), 'utf8')) }).toEqual(
          Object.fromEntries(names.map((name, i) => [name, values[i]?.value])),
        )
      }
      expect((await readdir(join(dir, 'deploy'))).sort()).toEqual(['.env'])
    },
    120_000,
  )

  it('holds all of four credentials that four processes deliver at the same time', async () => {
    await writeFile(join(dir, '.env'), 'PORT=80\n')
    const names = ['ONE', 'TWO', 'THREE', 'FOUR']
    const program = join(import.meta.dirname, 'deliver-many.ts')
    await Promise.all(
      names.map((name) => {
        const declaration = JSON.stringify({ dotenv: { file: '.env', variable: name } })
        return promisify(execFile)(process.execPath, [program, dir, declaration, name, '60'])
      }),
    )
    expect({ ...parseEnv(await readFile(join(dir, '.env'), 'utf8')) }).toEqual({
      PORT: '80',
      ...Object.fromEntries(names.map((name) => [name, `${name}-60`])),
    })
    expect(await readdir(dir)).toEqual(['.env'])
  }, 120_000)
})
