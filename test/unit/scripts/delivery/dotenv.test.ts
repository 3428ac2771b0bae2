import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setVariable } from '../../../../scripts/delivery/dotenv.ts'
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { certificateDelivery, delivery } from '../../../conformance/delivery/support.ts'

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

  it('refuses what cannot be written', () => {
    expect(() => setVariable('', 'A', 'two\r\nlines')).toThrow(/carriage returns/)
    expect(() => setVariable('', 'A', `'"\``)).toThrow(/every kind of quote/)
  })
})

describe('delivery to a .env file', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-dotenv-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const open = (file = '.env') =>
    openTarget(
      { dotenv: { file, variable: 'CLIENT_SECRET' } },
      { projectDir: dir, env: {}, azureCredential: () => expect.unreachable() },
    )

  it('creates the file for its owner only, and reads it back', async () => {
    await open().deliver(delivery())
    expect(await readFile(join(dir, '.env'), 'utf8')).toBe(`CLIENT_SECRET=${delivery().value}\n`)
    expect((await stat(join(dir, '.env'))).mode & 0o777).toBe(0o600)
    expect(await readdir(dir)).toEqual(['.env'])
    expect(await open().holds(delivery())).toBe('yes')
    expect(await open().holds(delivery(2))).toBe('no')
  })

  it('closes a file that others could read, and keeps its other lines', async () => {
    await writeFile(join(dir, '.env'), 'PORT=80\nCLIENT_SECRET=old\n', { mode: 0o644 })
    await open().deliver(delivery())
    expect(await readFile(join(dir, '.env'), 'utf8')).toBe(`PORT=80\nCLIENT_SECRET=${delivery().value}\n`)
    expect((await stat(join(dir, '.env'))).mode & 0o777).toBe(0o600)
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
})
