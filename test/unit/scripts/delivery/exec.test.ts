import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTarget } from '../../../../scripts/delivery/index.ts'
import { certificateDelivery, delivery } from '../../../conformance/delivery/support.ts'

describe('delivery by a command', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-exec-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const open = (...command: string[]) =>
    openTarget(
      { exec: { command } },
      {
        projectDir: dir,
        env: { PATH: process.env['PATH'], ARM_CLIENT_SECRET: 'the deployer', MARK: 'kept' },
        azureCredential: () => expect.unreachable(),
      },
    )
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
    const env = await readFile(join(dir, 'env.txt'), 'utf8')
    expect(env).toContain('MARK=kept')
    expect(env).not.toMatch(/NeverLogThis|the deployer/)
    expect(await readFile(join(dir, 'argv.txt'), 'utf8')).not.toContain('NeverLogThis')
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
      message: expect.stringMatching(/was ended by SIGKILL/),
    })
    await expect(open('true').deliver(delivery())).resolves.toEqual({})
    expect(await failureOf('/no/such/program')).toMatchObject({
      exposed: false,
      message: expect.stringMatching(/ENOENT/),
    })
  })

  it('cannot tell what the place holds', async () => {
    expect(await open('true').holds(delivery())).toBe('unknown')
  })
})
