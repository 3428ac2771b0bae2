import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveryDeclaration, targetId } from '../../../../infra/declaration/schema/delivery.ts'
import { DeliveryError, GenerationLost, openTarget } from '../../../../scripts/delivery/index.ts'
import { delivery } from '../../../conformance/delivery/support.ts'

/** A place that is a file, named by a setting. */
const STORE = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
const file = ({ settings }: { settings: { file: string } }) => new URL(settings.file, import.meta.url)
export default {
  async deliver({ value }: { value: string }, context: never) {
    writeFileSync(file(context), value, { flag: 'a' })
    return { version: 'v1' }
  },
  async holds({ value }: { value: string }, context: never) {
    return existsSync(file(context)) && readFileSync(file(context), 'utf8') === value ? 'yes' : 'no'
  },
}`

describe('delivery by a module of the project', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'entra-apps-module-'))
    await mkdir(join(dir, 'project'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const open = async (source: string, more: object = {}, env: NodeJS.ProcessEnv = {}) => {
    await writeFile(join(dir, 'project/deliver.ts'), source)
    return openFile('./deliver.ts', more, env)
  }
  const openFile = (file: string, more: object = {}, env: NodeJS.ProcessEnv = {}, signal?: AbortSignal) =>
    openTarget(deliveryDeclaration.parse({ module: { file, with: { file: 'store.txt' }, ...more } }), {
      projectDir: join(dir, 'project'),
      env: { ENTRA_APPS_CACHE: join(dir, 'cache'), ...env },
      ...(signal && { signal }),
      azureCredential: () => expect.unreachable(),
    })
  const failureOf = async (target: ReturnType<typeof openTarget>) => {
    const error: unknown = await target.deliver(delivery()).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DeliveryError)
    expect((error as Error).message).not.toContain('NeverLogThis')
    return error as DeliveryError
  }
  const stored = () => readFile(join(dir, 'project/store.txt'), 'utf8')

  it('stores what the place lacks, once, and says what it holds', async () => {
    const target = await open(STORE)
    expect(await target.holds(delivery())).toBe('no')
    expect(await target.deliver(delivery())).toEqual({ version: 'v1' })
    expect(await target.deliver(delivery())).toEqual({})
    expect(await stored()).toBe(delivery().value)
    expect(await target.holds(delivery())).toBe('yes')
    expect(await target.holds(delivery(2))).toBe('no')
  })

  it('writes nothing when the generation is lost, and asks about that only before a write', async () => {
    const target = await open(STORE)
    const beforeWrite = async () => {
      throw new GenerationLost('replaced')
    }
    await expect(target.deliver(delivery(), { beforeWrite })).rejects.toThrow(GenerationLost)
    await expect(stored()).rejects.toThrow('ENOENT')
    await target.deliver(delivery())
    await expect(target.deliver(delivery(), { beforeWrite })).resolves.toEqual({})
  })

  it('notices that the place does not hold what the module has stored', async () => {
    const error = await failureOf(await open("export default { async deliver() {}, holds: () => 'no' }"))
    expect(error).toMatchObject({
      exposed: true,
      message: expect.stringMatching(/does not hold what it has/),
    })
  })

  it.each([
    ['throws', "throw new Error('no room for ' + value)", true, /the module failed: no room for \*\*\*$/],
    [
      'was refused',
      "throw Object.assign(new Error('refused'), { exposed: false })",
      false,
      /the module failed: refused$/,
    ],
    ['throws a text', 'throw value', true, /failed: \*\*\*$/],
    ['ends the thread', 'process.exit(3)', true, /it ended the thread/],
    [
      'fails outside',
      "setImmediate(() => { throw new Error('late ' + value) }); await new Promise(() => {})",
      true,
      /late \*\*\*/,
    ],
    ['returns nonsense', 'return { version: 7 }', true, /returned a version that is not a string/],
  ])('says of a module that %s whether a consumer may have read it', async (_, body, exposed, wanted) => {
    const error = await failureOf(await open(`export default { async deliver({ value }) { ${body} } }`))
    expect(error).toMatchObject({ exposed, message: expect.stringMatching(wanted) })
  })

  it('shows what the module printed, masked, and prints none of it', async () => {
    const source = `export default { async deliver({ value }) {
      console.log('sending ' + value)
      console.error('as base64 ' + btoa(value))
      await new Promise((resolve) => setTimeout(resolve, 50))
      throw new Error('refused')
    } }`
    const { message } = await failureOf(await open(source))
    expect(message).toMatch(/refused\n(sending|as base64) \*\*\*\n(sending|as base64) \*\*\*$/)
  })

  it('ends a module that takes too long, and lets it know before', async () => {
    const waiting = `export default { async deliver(_, { signal }) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told'))))
    } }`
    // A busy machine takes a second until a module runs at all.
    const error = await failureOf(await open(waiting, { timeout: '4s' }))
    expect(error).toMatchObject({
      exposed: true,
      message: expect.stringMatching(/did not end within 4s: told/),
    })
    const deaf = 'export default { async deliver() { for (;;); } }'
    expect((await failureOf(await open(deaf, { timeout: '1s' }))).message).toMatch(/within 1s: it was ended/)
  })

  it('gives the module what programs need, and nothing else of the run', async () => {
    const source =
      'export default { async deliver() { throw new Error(Object.keys(process.env).sort().join()) } }'
    const env = { HOME: dir, ARM_CLIENT_SECRET: 'deployers-own', STORE_TOKEN: 'stores-own' }
    const { message } = await failureOf(await open(source, { pass: ['STORE_TOKEN'] }, env))
    expect(message).toMatch(/failed: HOME,STORE_TOKEN$/)
  })

  it('runs no file from outside the project directory, whatever links lead there', async () => {
    await writeFile(join(dir, 'outside.ts'), STORE)
    await symlink(join(dir, 'outside.ts'), join(dir, 'project/link.ts'))
    await symlink(dir, join(dir, 'project/folder'))
    for (const file of ['../outside.ts', './link.ts', './folder/outside.ts', join(dir, 'outside.ts')]) {
      const target = openFile(file)
      expect(await failureOf(target)).toMatchObject({
        exposed: false,
        message: expect.stringContaining('is outside the project directory; move the module into it'),
      })
      await expect(target.holds(delivery())).rejects.toThrow('outside the project directory')
    }
    expect(await failureOf(openFile('./missing.ts'))).toMatchObject({ exposed: false })
  })

  it('says what is wrong with a module that cannot be used', async () => {
    expect(await failureOf(await open('export default 7'))).toMatchObject({
      exposed: false,
      message: expect.stringMatching(/its default export has no function "deliver"/),
    })
    expect(await failureOf(await open("throw new Error('no start')"))).toMatchObject({
      exposed: false,
      message: expect.stringMatching(/no start/),
    })
    const nonsense = await open("export default { async deliver() {}, holds: () => 'maybe' }")
    await expect(nonsense.holds(delivery())).rejects.toThrow('"holds" must return "yes", "no" or "unknown"')
  })

  it('works as the documentation shows', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../../docs/delivery.md'), 'utf8')
    let held = '{}'
    const server = createServer(async (request, response) => {
      if (request.headers.authorization !== 'Bearer t0ken') return response.writeHead(403).end()
      if (request.method === 'PUT') held = await text(request)
      return response.end(held)
    }).listen(0, '127.0.0.1')
    try {
      await once(server, 'listening')
      const settings = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
      const source = /^```ts\n(.*?)^```/ms.exec(page)?.[1] ?? ''
      const declared = { with: settings, pass: ['CONFIG_TOKEN'] }
      const target = await open(source, declared, { CONFIG_TOKEN: 't0ken' })
      await target.deliver(delivery())
      expect(JSON.parse(held)).toMatchObject({ value: delivery().value })
      expect(await target.holds(delivery())).toBe('yes')
      expect(await failureOf(await open(source, declared))).toMatchObject({
        exposed: false,
        message: expect.stringMatching(/answered 403$/),
      })
    } finally {
      server.close()
    }
  })

  it('names a target by its module and its settings, in whatever order', () => {
    const id = (settings: object) =>
      targetId(deliveryDeclaration.parse({ module: { file: './deliver.ts', with: settings } }))
    expect(id({})).toBe('module:./deliver.ts')
    expect(id({ b: { d: 1, c: [2] }, a: 1 })).toBe('module:./deliver.ts {"a":1,"b":{"c":[2],"d":1}}')
    expect(id({ a: 1, b: { c: [2], d: 1 } })).toBe(id({ b: { d: 1, c: [2] }, a: 1 }))
  })
})
