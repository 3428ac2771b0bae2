import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { ensureEngine } from '../../../engine/index.ts'
import { pulumiProgram } from '../../../engine/pins.ts'
import { type Sandbox, sandbox } from '../../unit/engine/sandbox.ts'
import { engineFolder, fakeGo } from './fake-go.ts'

const { version } = pulumiProgram()
const reachable = (async () => new Response()) as typeof fetch
const unreachable = (async () => {
  throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') })
}) as typeof fetch

/** Serves `installer` to the process that downloads, in place of the real install script. */
function serve(machine: Sandbox, installer: string): void {
  delete machine.env['ENTRA_APPS_OFFLINE']
  const preload = join(machine.home, 'preload.mjs')
  writeFileSync(preload, `globalThis.fetch = async () => new Response(${JSON.stringify(installer)})`)
  machine.env['NODE_OPTIONS'] = `--import ${pathToFileURL(preload)}`
}

test('where the downloads can be reached, the official CLI of the pinned version is installed', async () => {
  const machine = sandbox()
  const go = fakeGo(machine)
  // The script's contract with the Automation API: --no-edit-path --install-root ROOT --version VERSION.
  serve(
    machine,
    `mkdir -p "$3/bin"
     for name in pulumi pulumi-language-nodejs; do
       printf '#!/bin/sh\\necho v%s\\n' "$5" > "$3/bin/$name"; chmod 755 "$3/bin/$name"
     done`,
  )
  const lines: string[] = []
  const { cacheDir, env } = machine
  const engine = await ensureEngine({ cacheDir, env, fetch: reachable, log: (line) => lines.push(line) })
  expect(engine, lines.join('\n')).toMatchObject({ version, source: 'download' })
  expect(engine.description).toContain('official download')
  expect(await ensureEngine({ cacheDir, env, fetch: unreachable })).toMatchObject({
    version,
    source: 'cache',
  })
  expect(go.builds()).toEqual([])
})

test('a failing download is reported, leaves nothing, and the build is tried', async () => {
  const machine = sandbox()
  fakeGo(machine)
  serve(machine, 'mkdir -p "$3/bin"; echo "404: no such release" >&2; exit 1')
  const lines: string[] = []
  const { cacheDir, env } = machine
  const engine = await ensureEngine({ cacheDir, env, fetch: reachable, log: (line) => lines.push(line) })
  expect(engine).toMatchObject({ source: 'build' })
  expect(lines.find((line) => line.startsWith('The download failed'))).toContain('404: no such release')
  expect(engineFolder(machine)).toHaveLength(1)
})

test('where they cannot, no installer is started', async () => {
  const machine = sandbox()
  fakeGo(machine)
  serve(machine, `touch '${join(machine.home, 'installer-ran')}'`)
  const lines: string[] = []
  const { cacheDir, env } = machine
  const engine = await ensureEngine({ cacheDir, env, fetch: unreachable, log: (line) => lines.push(line) })
  expect(engine).toMatchObject({ source: 'build' })
  expect(lines).toContain('No download: get.pulumi.com cannot be reached (getaddrinfo ENOTFOUND).')
})
