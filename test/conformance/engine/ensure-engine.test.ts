import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type EngineOptions, ensureEngine } from '../../../engine/index.ts'
import { pulumiProgram } from '../../../engine/pins.ts'
import { type Sandbox, sandbox } from '../../unit/engine/sandbox.ts'
import { engineFolder, fakeGo } from './fake-go.ts'

const { version } = pulumiProgram()

/** Asks for the engine of a sandbox and keeps what was logged. */
function ask(machine: Sandbox, options: EngineOptions = {}) {
  const lines: string[] = []
  const { cacheDir, env } = machine
  const engine = ensureEngine({ cacheDir, env, log: (line) => lines.push(line), ...options })
  return { engine, lines }
}

test('a good pulumi on PATH is used, and nothing is said, built or kept', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  const command = machine.tool('pulumi', 'echo v3.274.1')
  machine.tool('pulumi-language-nodejs', '')
  const { engine, lines } = ask(machine)
  expect(await engine).toEqual({
    command,
    binDir: machine.bin,
    version: '3.274.1',
    source: 'path',
    description: `Pulumi CLI 3.274.1 on PATH (${command})`,
  })
  expect(lines).toEqual([])
  expect(go.builds()).toEqual([])
})

test('without a CLI and without network it is built once and then comes from the cache', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  const first = ask(machine)
  const built = await first.engine
  expect(built).toMatchObject({ version, source: 'build', binDir: dirname(built.command) })
  expect(built.description).toBe(
    `Pulumi CLI ${version}, built from source, now in the cache (${built.binDir})`,
  )
  expect(first.lines).toEqual([
    'Looking for the Pulumi CLI: no pulumi on PATH.',
    'No download: ENTRA_APPS_OFFLINE is set.',
    `Building Pulumi ${version} with go1.99.0: about 5 minutes on two cores, once.`,
  ])
  const second = ask(machine)
  expect(await second.engine).toMatchObject({ command: built.command, version, source: 'cache' })
  expect(second.lines).toEqual([])
  expect(go.builds()).toEqual(['pulumi-language-nodejs', 'pulumi'])
})

test('an old pulumi on PATH is named and passed over', async () => {
  const machine = sandbox()
  fakeGo(machine)
  machine.tool('pulumi', 'echo v3.100.0')
  const { engine, lines } = ask(machine)
  expect(await engine).toMatchObject({ version, source: 'build' })
  expect(lines[0]).toContain('is 3.100.0, older than')
})

test('a long build reports how far it is', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  go.hold()
  const { engine, lines } = ask(machine, { progressEvery: 10 })
  await vi.waitUntil(() => lines.some((line) => line.includes('host: 1 of 2 packages compiled')), {
    timeout: 20_000,
  })
  go.release()
  expect(await engine).toMatchObject({ source: 'build' })
})

test.each([
  [
    'a program was cut short',
    'bin/pulumi',
    'pulumi has not its original content',
    (file: string) => truncateSync(file, 3),
  ],
  [
    'a program has other content of the same size',
    'bin/pulumi',
    'pulumi has not its original content',
    (file: string) => {
      const { atime, mtime } = statSync(file)
      writeFileSync(file, readFileSync(file, 'utf8').replace('echo', 'exec'))
      utimesSync(file, atime, mtime)
    },
  ],
  [
    'a program was added',
    'bin/pulumi-analyzer-policy',
    'pulumi-analyzer-policy has not its original content',
    (file: string) => writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 }),
  ],
  [
    'a program can be changed by anybody',
    'bin/pulumi',
    'can be written by other users',
    (file: string) => chmodSync(file, 0o777),
  ],
  [
    'the manifest is garbage',
    'entry.json',
    'its entry.json is not what was written',
    (file: string) => writeFileSync(file, '{'),
  ],
])('an entry of which %s is made again', async (_, name, complaint, spoil) => {
  const machine = sandbox()
  const go = fakeGo(machine)
  const { binDir } = await ask(machine).engine
  spoil(join(binDir, '..', name))
  const { engine, lines } = ask(machine)
  expect(await engine).toMatchObject({ source: 'build' })
  expect(lines.join('\n')).toContain(complaint)
  expect(go.builds()).toHaveLength(4)
  expect(await ask(machine).engine).toMatchObject({ source: 'cache' })
})

test('an entry that was copied, as the cache of a pipeline is, stays good', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  const { binDir } = await ask(machine).engine
  const entry = dirname(binDir)
  cpSync(entry, `${entry}.copy`, { recursive: true })
  rmSync(entry, { recursive: true })
  cpSync(`${entry}.copy`, entry, { recursive: true })
  expect(await ask(machine).engine).toMatchObject({ source: 'cache' })
  expect(go.builds()).toHaveLength(2)
})

test.runIf(process.getuid?.() === 0)(
  'a cache of another user is refused before anything is built',
  async () => {
    const machine = sandbox()
    const go = fakeGo(machine)
    mkdirSync(join(machine.cacheDir, 'engine'), { recursive: true })
    chownSync(join(machine.cacheDir, 'engine'), 12_345, 12_345)
    await expect(ask(machine).engine).rejects.toMatchObject({ code: 'CACHE_UNUSABLE' })
    await expect(ask(machine).engine).rejects.toThrow(/belongs to another user.*ENTRA_APPS_CACHE/)
    expect(go.builds()).toEqual([])
  },
)

test('a cache that anybody can write is refused', async () => {
  const machine = sandbox()
  fakeGo(machine)
  mkdirSync(join(machine.cacheDir, 'engine'), { recursive: true })
  chmodSync(join(machine.cacheDir, 'engine'), 0o777)
  await expect(ask(machine).engine).rejects.toThrow(/can be written by other users/)
})

test('a failing build leaves nothing and is explained with everything else that was tried', async () => {
  const machine = sandbox()
  fakeGo(machine)
  machine.tool(
    'go',
    'case "$1" in env) printf "go1.99.0\\nauto\\n" ;; *) echo "dial tcp: no such host" >&2; exit 1 ;; esac',
  )
  const { engine } = ask(machine)
  await expect(engine).rejects.toMatchObject({ name: 'EngineError', code: 'NO_ENGINE' })
  const message = await engine.then(String, (error: Error) => error.message)
  expect(message).toContain('installed: no pulumi on PATH')
  expect(message).toContain('official download: ENTRA_APPS_OFFLINE is set')
  expect(message).toContain(
    'build from source: the modules of the Node language host cannot be fetched: dial tcp: no such host',
  )
  expect(message).toContain('Install the Pulumi CLI to 3.200.0 or newer')
  expect(engineFolder(machine)).toEqual([])
})

test('without Go the error says which one to install', async () => {
  const { engine } = ask(sandbox())
  await expect(engine).rejects.toThrow(/build from source: no go on PATH[\s\S]*install Go 1\.\d+/)
})

test('when an old pulumi is all there is, the error asks for an update', async () => {
  const machine = sandbox()
  machine.tool('pulumi', 'echo v3.100.0')
  const { engine } = ask(machine)
  await expect(engine).rejects.toMatchObject({ code: 'ENGINE_TOO_OLD' })
  await expect(engine).rejects.toThrow('Update the Pulumi CLI')
})

test('a build that yields another version than the pinned one is refused', async () => {
  const machine = sandbox()
  fakeGo(machine, '3.1.0')
  await expect(ask(machine).engine).rejects.toThrow(`the CLI says v3.1.0, not ${version}`)
  expect(engineFolder(machine)).toEqual([])
})

test('a cache that cannot be written is named with its fix', async () => {
  const machine = sandbox()
  writeFileSync(machine.cacheDir, 'a file, not a folder')
  const { engine } = ask(machine)
  await expect(engine).rejects.toMatchObject({ code: 'CACHE_UNUSABLE' })
  await expect(engine).rejects.toThrow(/cache folder.*ENTRA_APPS_CACHE/)
})
