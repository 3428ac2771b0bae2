import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveryDeclaration } from '../../../../infra/declaration/schema/delivery.ts'
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { certificateDelivery, delivery } from '../../../conformance/delivery/support.ts'

describe('delivery by a command', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-exec-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const open = (...command: string[]) => openWith({ command })
  const openWith = (exec: object, env: NodeJS.ProcessEnv = {}) =>
    openTarget(deliveryDeclaration.parse({ exec }), {
      projectDir: dir,
      env: { PATH: process.env['PATH'], ENTRA_APPS_CACHE: join(dir, 'cache'), ...env },
      azureCredential: () => expect.unreachable(),
    })
  const failureOf = async (...command: string[]) => {
    const error: unknown = await open(...command)
      .deliver(delivery())
      .catch((caught: unknown) => caught)
    expect((error as Error).message).not.toContain('NeverLogThis')
    return error
  }

  it('hands over JSON on standard input, in the project directory, and nothing on the command line', async () => {
    const script = 'cat > got.json; env > env.txt; tr "\\0" " " < /proc/$$/cmdline > argv.txt'
    await open('sh', '-c', script).deliver(delivery())
    expect(JSON.parse(await readFile(join(dir, 'got.json'), 'utf8'))).toEqual(delivery())
    expect(await readFile(join(dir, 'env.txt'), 'utf8')).not.toContain('NeverLogThis')
    expect(await readFile(join(dir, 'argv.txt'), 'utf8')).not.toContain('NeverLogThis')
  })

  it('never runs a program beside itself, from whatever process', async () => {
    // Exit code 9 when another one is at work; otherwise it takes longer than a delivery starts.
    const command = ['sh', '-c', 'mkdir busy || exit 9; sleep 0.1; cat >> got.txt; rmdir busy']
    const declaration = JSON.stringify(deliveryDeclaration.parse({ exec: { command } }))
    const program = join(import.meta.dirname, 'deliver-many.ts')
    const env = { ...process.env, ENTRA_APPS_CACHE: join(dir, 'cache') }
    const deliver = (name: string) =>
      promisify(execFile)(process.execPath, [program, dir, declaration, name, '5'], { env })
    await Promise.all(['ONE', 'TWO', 'THREE'].map(deliver))
    expect((await readFile(join(dir, 'got.txt'), 'utf8')).match(/"value":/g)).toHaveLength(15)
  }, 60_000)

  it('delivers where no lock can be kept', async () => {
    await writeFile(join(dir, 'file'), '')
    const env = { ENTRA_APPS_CACHE: join(dir, 'file/cache') }
    const target = openWith({ command: ['sh', '-c', 'cat > got.json'] }, env)
    await target.deliver(delivery())
    expect(JSON.parse(await readFile(join(dir, 'got.json'), 'utf8'))).toEqual(delivery())
  })

  it('shows what a failing command said, without the value, which may have gone anywhere', async () => {
    const error = await failureOf('sh', '-c', 'echo "cannot store $(cat)" >&2; exit 3')
    expect(error).toMatchObject({ code: 'DELIVERY_FAILED', exposed: true })
    expect((error as Error).message).toMatch(/the command ended with exit code 3: cannot store .*\*\*\*/)
  })

  it('shows no line of a key either, whichever the command repeats', async () => {
    const script = `
      const { value } = JSON.parse(fs.readFileSync(0, 'utf8'))
      value.split('\\n').forEach((line, i) => console.error(i + ': ' + line))
      process.exit(1)`
    const error: unknown = await open(process.execPath, '-e', script)
      .deliver(certificateDelivery())
      .catch((caught: unknown) => caught)
    expect((error as Error).message).toMatch(/1: \*\*\*\n2: \*\*\*\n3: -----END/)
    expect((error as Error).message).not.toContain('NeverLogThis')
  })

  it('leaves no part of the value where the output is cut, whatever its form', async () => {
    const { value } = delivery()
    const form = Buffer.from(`client:${value}`).toString('base64')
    for (let padding = 1990; padding < 2040; padding += 7) {
      const script = `
        const { value } = JSON.parse(fs.readFileSync(0, 'utf8'))
        const form = Buffer.from('client:' + value).toString('base64')
        process.stderr.write(form + ' ' + 'x'.repeat(${padding}))
        process.exit(1)`
      const error = await failureOf(process.execPath, '-e', script)
      const { message } = error as Error
      for (let i = 0; i + 6 <= form.length; i++) expect(message).not.toContain(form.slice(i, i + 6))
    }
  })

  it('says when a command was killed, or does not read, or does not exist', async () => {
    expect(await failureOf('sh', '-c', 'kill -9 $$')).toMatchObject({
      exposed: true,
      message: expect.stringMatching(/ended with SIGKILL/),
    })
    await expect(open('true').deliver(delivery())).resolves.toEqual({})
    expect(await failureOf('/no/such/program')).toMatchObject({
      exposed: false,
      message: expect.stringMatching(/ENOENT/),
    })
  })

  it('gives the command what programs need, and nothing else of the run', async () => {
    const allowed = { HOME: dir, LANG: 'C.UTF-8', LC_ALL: 'C', TMPDIR: dir }
    await openWith({ command: ['sh', '-c', 'env > env.txt'] }, { ...allowed, ...DEPLOYER }).deliver(
      delivery(),
    )
    const names = (await readFile(join(dir, 'env.txt'), 'utf8')).match(/^\w+(?==)/gm) ?? []
    expect(names).toEqual(expect.arrayContaining(['PATH', ...Object.keys(allowed)]))
    // Set by the shell itself.
    const ofShell = ['PWD', 'OLDPWD', 'SHLVL', '_']
    expect(names.filter((name) => !ofShell.includes(name)).sort()).toEqual(
      ['PATH', ...Object.keys(allowed)].sort(),
    )
  })

  it('passes on what the declaration names, and masks it in what the command says', async () => {
    const command = [
      'sh',
      '-c',
      'echo "$CLUSTER_TOKEN" > token.txt; echo "refused: $CLUSTER_TOKEN" >&2; exit 1',
    ]
    const target = openWith(
      { command, pass: ['CLUSTER_TOKEN', 'UNSET'] },
      { CLUSTER_TOKEN: 'of-the-cluster' },
    )
    await expect(target.deliver(delivery())).rejects.toThrow('ended with exit code 1: refused: ***')
    expect(await readFile(join(dir, 'token.txt'), 'utf8')).toBe('of-the-cluster\n')
  })

  it.each([
    ['in one line', 1, ' '],
    ['line by line', 3000, '\n'],
    ['without a line end', 3000, ' '],
    ['until more is said than is kept', 40_000, '\n'],
    ['until more is said than is kept, without a line end', 40_000, ' '],
  ])('masks what a command repeats before it shortens it: %s', async (_, count, separator) => {
    // Whatever the shift, the cut would fall inside one of the values.
    for (const shift of [0, 7, 13]) {
      const script = `
        const { value } = JSON.parse(fs.readFileSync(0, 'utf8'))
        fs.writeSync(2, 'x'.repeat(${shift}) + (value + ${JSON.stringify(separator)}).repeat(${count}))
        process.exit(1)`
      const error: unknown = await open(process.execPath, '-e', script)
        .deliver(delivery())
        .catch((caught: unknown) => caught)
      expect((error as Error).message.length).toBeLessThan(2400)
      for (let from = 0; from + 8 <= delivery().value.length; from++) {
        expect((error as Error).message).not.toContain(delivery().value.slice(from, from + 8))
      }
    }
  })

  it('ends a command that takes too long, with everything that it started', async () => {
    const script = 'sleep 300 & echo $! > child.txt; echo waiting >&2; sleep 300'
    const target = openWith({ command: ['sh', '-c', script], timeout: '1s' })
    const start = performance.now()
    const error: unknown = await target.deliver(delivery()).catch((caught: unknown) => caught)
    expect(performance.now() - start).toBeLessThan(5000)
    expect(error).toMatchObject({
      code: 'DELIVERY_FAILED',
      exposed: true,
      message: expect.stringMatching(/did not end within 1s and was stopped: waiting/),
    })
    const child = Number(await readFile(join(dir, 'child.txt'), 'utf8'))
    await expect.poll(() => isRunning(child)).toBe(false)
  })

  it('does not take a command for done that was stopped and says that all is well', async () => {
    const script = 'trap "exit 0" TERM; sleep 300 & wait'
    const target = openWith({ command: ['sh', '-c', script], timeout: '1s' })
    await expect(target.deliver(delivery())).rejects.toThrow(/did not end within 1s/)
  })

  it('does not wait for a process that the command leaves behind', async () => {
    const start = performance.now()
    await open('sh', '-c', 'sleep 4 & exit 0').deliver(delivery())
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('runs one program for several credentials one at a time', async () => {
    const script = 'mkdir busy || exit 1; sleep 0.1; rmdir busy'
    await Promise.all([1, 2, 3].map((n) => open('sh', '-c', script, String(n)).deliver(delivery(n))))
  })

  it('cannot tell what the place holds', async () => {
    expect(await open('true').holds(delivery())).toBe('unknown')
  })
})

/** What a pipeline and its deployer have in their environment, and a delivery command has no business with. */
const DEPLOYER = Object.fromEntries(
  [
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ARM_CLIENT_CERTIFICATE',
    'ARM_CLIENT_CERTIFICATE_PASSWORD',
    'ARM_CLIENT_SECRET',
    'ARM_OIDC_REQUEST_TOKEN',
    'ARM_OIDC_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AZURE_CLIENT_CERTIFICATE_PASSWORD',
    'AZURE_CLIENT_SECRET',
    'AZURE_PASSWORD',
    'AZURE_STORAGE_KEY',
    'GH_TOKEN',
    'GITHUB_TOKEN',
    'HTTPS_PROXY',
    'PULUMI_ACCESS_TOKEN',
    'PULUMI_CONFIG_PASSPHRASE',
    'SOMETHING_NEW',
    'SYSTEM_ACCESSTOKEN',
  ].map((name) => [name, 'the deployer']),
)

/** A process that has ended and waits to be asked how is a zombie (`Z`). */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
