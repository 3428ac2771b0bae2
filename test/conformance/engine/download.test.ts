import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureEngine } from '../../../engine/index.ts'
import { pulumiProgram } from '../../../engine/pins.ts'
import { type Sandbox, sandbox } from '../../unit/engine/sandbox.ts'
import { engineFolder, fakeGo } from './fake-go.ts'
import { ARCHIVE, type ReleaseServer, releaseArchive, releaseServer } from './release-server.ts'

const { version } = pulumiProgram()
const PIN = 'ENTRA_APPS_PULUMI_SHA256'

/** A machine with network. */
function connected(): Sandbox {
  const machine = sandbox()
  delete machine.env['ENTRA_APPS_OFFLINE']
  return machine
}

/** Asks for the engine of a sandbox and keeps what was logged. */
function ask({ cacheDir, env }: Sandbox, { url }: Pick<ReleaseServer, 'url'>) {
  const lines: string[] = []
  const engine = ensureEngine({ cacheDir, env, downloads: url, log: (line) => lines.push(line) })
  return { engine, lines }
}

const recordOf = (machine: Sandbox) => join(machine.cacheDir, 'engine', `${ARCHIVE}.sha256`)

/** Deletes the engine, as one clears away a damaged one. What the cache knows of the archive stays. */
async function removeEngine(engine: Promise<{ binDir: string }>): Promise<void> {
  rmSync(dirname((await engine).binDir), { recursive: true })
}

test('the archive of the pinned version is downloaded, compared with its release, and its checksum recorded', async () => {
  const machine = connected()
  const go = fakeGo(machine)
  const server = await releaseServer()
  const sum = server.publish(releaseArchive())
  const { engine, lines } = ask(machine, server)
  expect(await engine, lines.join('\n')).toMatchObject({ version, source: 'download' })
  expect((await engine).description).toContain('official download')
  expect(server.asked).toEqual([server.listPath, server.archivePath])
  expect(readFileSync(recordOf(machine), 'utf8')).toBe(`${sum}  ${ARCHIVE}\n`)
  expect(lines.at(-1)).toBe(
    `Recorded the checksum of ${ARCHIVE}, ${sum}. To accept no other, set ${PIN} to it.`,
  )
  expect(await ask(machine, { url: 'http://127.0.0.1:1/' }).engine).toMatchObject({ source: 'cache' })
  expect(go.builds()).toEqual([])

  await removeEngine(engine)
  expect(await ask(machine, server).engine).toMatchObject({ source: 'download' })
})

test('an archive that is not the published one is refused, and nothing else is tried or run', async () => {
  const machine = connected()
  const go = fakeGo(machine)
  const server = await releaseServer()
  const ran = join(machine.home, 'ran')
  server.files.set(server.archivePath, releaseArchive(version, `; touch '${ran}'`))
  const { engine } = ask(machine, server)
  await expect(engine).rejects.toMatchObject({
    code: 'UNTRUSTED_DOWNLOAD',
    message: expect.stringMatching(
      /has the checksum [0-9a-f]{64}, not [0-9a-f]{64}, that its release publishes/,
    ),
  })
  expect(existsSync(ran)).toBe(false)
  expect(go.builds()).toEqual([])
  expect(engineFolder(machine)).toEqual([])
})

test('a release that was replaced after its first use here is refused, whatever it publishes', async () => {
  const machine = connected()
  const server = await releaseServer()
  const first = server.publish(releaseArchive())
  await removeEngine(ask(machine, server).engine)
  const second = server.publish(releaseArchive(version, '# replaced'))
  server.asked.length = 0
  await expect(ask(machine, server).engine).rejects.toMatchObject({
    code: 'UNTRUSTED_DOWNLOAD',
    message: expect.stringContaining(
      `with the checksum ${second}, but had ${first} when it was first used here`,
    ),
  })
  expect(server.asked).toEqual([server.listPath])
  expect(readFileSync(recordOf(machine), 'utf8')).toContain(first)

  // Whoever looked into it says which one is right.
  machine.env[PIN] = second.toUpperCase()
  expect(await ask(machine, server).engine).toMatchObject({ source: 'download' })
  expect(readFileSync(recordOf(machine), 'utf8')).toContain(second)
})

test('a pinned checksum wins over what the release publishes, and over the cache', async () => {
  const machine = connected()
  fakeGo(machine)
  const server = await releaseServer()
  const good = releaseArchive()
  const sum = server.publish(good)
  machine.env[PIN] = `${'1'.repeat(64)}, ${sum}`
  server.publish(releaseArchive(version, '# replaced'))
  await expect(ask(machine, server).engine).rejects.toMatchObject({
    code: 'UNTRUSTED_DOWNLOAD',
    message: expect.stringMatching(new RegExp(`, not 1{64} or ${sum}, that ${PIN} pins`)),
  })
  server.files.set(server.archivePath, good).delete(server.listPath)
  expect(await ask(machine, server).engine).toMatchObject({ source: 'download' })

  machine.env[PIN] = '1'.repeat(64)
  const { engine, lines } = ask(machine, server)
  await expect(engine).rejects.toMatchObject({ code: 'UNTRUSTED_DOWNLOAD' })
  expect(lines.join('\n')).toContain(`its archive has the checksum ${sum}, which is not pinned`)
})

test('what should be a pin and is not one ends the run before anything is downloaded', async () => {
  const machine = connected()
  const server = await releaseServer()
  machine.env[PIN] = 'sha256:abc'
  await expect(ask(machine, server).engine).rejects.toMatchObject({
    code: 'PIN_INVALID',
    message: expect.stringContaining('"sha256:abc" is not a SHA-256 checksum'),
  })
  expect(server.asked).toEqual([])
})

test('a download over a redirect is compared as well', async () => {
  const machine = connected()
  const server = await releaseServer()
  server.files.set('/store', releaseArchive(version, '# other')).set(server.archivePath, '/store')
  await expect(ask(machine, server).engine).rejects.toMatchObject({ code: 'UNTRUSTED_DOWNLOAD' })
  server.publish(server.files.get('/store') as Buffer)
  server.files.set(server.archivePath, '/store')
  expect(await ask(machine, server).engine).toMatchObject({ source: 'download' })
})

test.each<[string, (server: ReleaseServer) => void, RegExp]>([
  ['the release is missing', ({ files }) => files.clear(), /checksums\.txt answers 404/],
  ['the archive is missing', ({ files, archivePath }) => files.set(archivePath, 503), /gz answers 503/],
  [
    'a proxy answers with a page',
    ({ files, listPath }) => files.set(listPath, Buffer.from('<html>Sign in</html>')),
    /checksums\.txt has no checksum of pulumi-v/,
  ],
  ['it is no archive', ({ publish }) => publish(Buffer.from('hello')), /cannot be unpacked/],
  [
    'it holds another version',
    ({ publish }) => publish(releaseArchive('3.1.0')),
    /the CLI says v3\.1\.0, not/,
  ],
])('where %s, that is said, nothing is left, and the build is tried', async (_, spoil, reason) => {
  const machine = connected()
  fakeGo(machine)
  const server = await releaseServer()
  spoil(server)
  const { engine, lines } = ask(machine, server)
  expect(await engine).toMatchObject({ source: 'build' })
  expect(lines.find((line) => line.startsWith('The download failed'))).toMatch(reason)
  expect(engineFolder(machine)).toHaveLength(1)
})

test('where the downloads are out of reach, the build is tried', async () => {
  const machine = connected()
  fakeGo(machine)
  const { engine, lines } = ask(machine, { url: 'http://127.0.0.1:1/' })
  expect(await engine).toMatchObject({ source: 'build' })
  expect(lines.find((line) => line.startsWith('No download'))).toMatch(
    /^No download: 127\.0\.0\.1:1 cannot be reached \(.+\)\.$/,
  )
})
