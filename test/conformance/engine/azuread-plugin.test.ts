import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Engine, ensureAzureadPlugin } from '../../../engine/index.ts'
import { azureadVersion } from '../../../engine/pins.ts'
import { type Sandbox, sandbox } from '../../unit/engine/sandbox.ts'
import { releaseServer } from './release-server.ts'

const version = azureadVersion()
const folderName = `resource-azuread-v${version}`

/** An engine whose `pulumi plugin install` does what the real one does, or fails. */
function engineOf(machine: Sandbox, install = 'exit 1'): Engine {
  const command = machine.tool('pulumi', install)
  machine.tool('pulumi-language-nodejs', '')
  return { command, binDir: machine.bin, version: '3.274.1', source: 'path', description: '' }
}

function pluginIn(machine: Sandbox, home: string, says = 'official'): string {
  return machine.tool('pulumi-resource-azuread', `echo ${says} "$@"`, join(home, 'plugins', folderName))
}

/** Starts the plugin that the engine would find in the `PULUMI_HOME` of `env`, as the engine does. */
function start(env: Record<string, string>, ...args: string[]): string {
  const file = join(env['PULUMI_HOME'] ?? '', 'plugins', folderName, 'pulumi-resource-azuread')
  return execFileSync(file, args, { encoding: 'utf8' }).trim()
}

function ask(machine: Sandbox, target: 'loopback' | 'entra', more: object = {}) {
  const { cacheDir, env } = machine
  return ensureAzureadPlugin(engineOf(machine), target, { cacheDir, env, ...more })
}

test.each(['loopback', 'entra'] as const)(
  'a forced file is used for %s, whatever else is there',
  async (target) => {
    const machine = sandbox()
    pluginIn(machine, join(machine.home, '.pulumi'))
    // Blanks and quotes in the path must survive the shell.
    const file = machine.tool('my plugin', 'echo forced "$@"', join(machine.home, "it's here"))
    machine.env['ENTRA_APPS_AZUREAD_PLUGIN'] = file
    const plugin = await ask(machine, target)
    expect(plugin).toMatchObject({ kind: 'forced', version, description: expect.stringContaining(file) })
    expect(start(plugin.env, '127.0.0.1:1234', 'a b')).toBe('forced 127.0.0.1:1234 a b')
    expect(plugin.env['PULUMI_HOME']?.startsWith(machine.cacheDir)).toBe(true)
  },
)

test('with a forced file a real stack keeps the login of the user', async () => {
  const machine = sandbox()
  machine.env['ENTRA_APPS_AZUREAD_PLUGIN'] = machine.tool('plugin', '')
  const entra = await ask(machine, 'entra')
  expect(entra.env['PULUMI_CREDENTIALS_PATH']).toBe(join(machine.home, '.pulumi'))
  const loopback = await ask(machine, 'loopback')
  expect(loopback.env).not.toHaveProperty('PULUMI_CREDENTIALS_PATH')
})

test.each([
  [
    'missing',
    '/nowhere/plugin',
    'PLUGIN_FILE_MISSING',
    'does not exist. Correct the path, or unset the variable',
  ],
  ['relative', 'plugin', 'PLUGIN_FILE_UNUSABLE', 'absolute path'],
  ['a folder', tmpdir(), 'PLUGIN_FILE_UNUSABLE', 'not an executable file'],
  ['no program', fileURLToPath(import.meta.url), 'PLUGIN_FILE_UNUSABLE', 'not an executable file'],
])('a forced file that is %s is refused', async (_, file, code, words) => {
  const machine = sandbox()
  machine.env['ENTRA_APPS_AZUREAD_PLUGIN'] = file
  const plugin = ask(machine, 'loopback')
  await expect(plugin).rejects.toMatchObject({ code })
  await expect(plugin).rejects.toThrow(words)
  await expect(plugin).rejects.toThrow(`"${file}" (ENTRA_APPS_AZUREAD_PLUGIN)`)
})

test('for a real tenant the plugin in the own home is used as it is', async () => {
  const machine = sandbox()
  pluginIn(machine, join(machine.home, '.pulumi'))
  expect(await ask(machine, 'entra')).toMatchObject({ kind: 'official', version, env: {} })
})

test('for a real tenant the official plugin is installed into the own home', async () => {
  const machine = sandbox()
  delete machine.env['ENTRA_APPS_OFFLINE']
  const home = join(machine.home, 'own')
  machine.env['PULUMI_HOME'] = home
  const folder = join(home, 'plugins', folderName)
  const engine = engineOf(
    machine,
    `[ "$*" = "plugin install resource azuread ${version}" ] || exit 9
     mkdir -p "$PULUMI_HOME/plugins/${folderName}"; cd "$PULUMI_HOME/plugins/${folderName}"
     printf '#!/bin/sh\\n' > pulumi-resource-azuread; chmod 755 pulumi-resource-azuread`,
  )
  const { cacheDir, env } = machine
  const downloads = (await releaseServer()).url
  const plugin = await ensureAzureadPlugin(engine, 'entra', { cacheDir, env, downloads })
  expect(plugin).toMatchObject({ kind: 'official', env: {} })
  expect(existsSync(join(folder, 'pulumi-resource-azuread'))).toBe(true)
})

test('the official plugin is installed with the checksum that is pinned', async () => {
  const machine = sandbox()
  delete machine.env['ENTRA_APPS_OFFLINE']
  const engine = engineOf(machine, 'echo "asked: $*" >&2; exit 1')
  const { cacheDir, env } = machine
  const downloads = (await releaseServer()).url
  const install = (pin: string) =>
    ensureAzureadPlugin(engine, 'entra', {
      cacheDir,
      env: { ...env, ENTRA_APPS_AZUREAD_SHA256: pin },
      downloads,
    })
  await expect(install('A'.repeat(64))).rejects.toThrow(
    `asked: plugin install resource azuread ${version} --checksum ${'a'.repeat(64)}`,
  )
  await expect(install('abc')).rejects.toMatchObject({ code: 'PIN_INVALID' })
})

test('for a real tenant there is no local azuread plugin', async () => {
  const machine = sandbox()
  const localPlugin = machine.tool('local-plugin', '')
  const plugin = ask(machine, 'entra', { localPlugin })
  await expect(plugin).rejects.toMatchObject({ code: 'NO_OFFICIAL_PLUGIN' })
  await expect(plugin).rejects.toThrow(`pulumi plugin install resource azuread ${version}`)
})

test('for the local tenant an installed official plugin is used from a home in the cache', async () => {
  const machine = sandbox()
  pluginIn(machine, join(machine.home, '.pulumi'))
  const plugin = await ask(machine, 'loopback')
  expect(plugin).toMatchObject({ kind: 'official', version })
  expect(plugin.env['PULUMI_HOME']?.startsWith(machine.cacheDir)).toBe(true)
  expect(start(plugin.env, 'port')).toBe('official port')
})

test('without it the local azuread plugin is used, with a line that says why', async () => {
  const machine = sandbox()
  const lines: string[] = []
  const localPlugin = machine.tool('local-plugin', 'echo local "$@"')
  const plugin = await ask(machine, 'loopback', { localPlugin, log: (line: string) => lines.push(line) })
  expect(plugin).toMatchObject({ kind: 'local', version })
  expect(start(plugin.env, 'port')).toBe('local port')
  expect(lines).toEqual([
    'No official azuread plugin: ENTRA_APPS_OFFLINE is set. The local azuread plugin is used.',
  ])
})

test.each(['loopback', 'entra'] as const)(
  'in a shell that has the environment of the local tenant, the local azuread plugin does not pass for official (%s)',
  async (target) => {
    const machine = sandbox()
    const localPlugin = machine.tool('local-plugin', '')
    const { env } = await ask(machine, 'loopback', { localPlugin })
    Object.assign(machine.env, env)
    const again = ask(machine, target, { localPlugin })
    if (target === 'loopback') expect(await again).toMatchObject({ kind: 'local', env })
    else await expect(again).rejects.toMatchObject({ code: 'NO_OFFICIAL_PLUGIN' })
    const own = join(machine.home, '.pulumi')
    pluginIn(machine, own)
    const official = await ask(machine, target, { localPlugin })
    expect(official.kind).toBe('official')
    if (target === 'entra') expect(official.env).toEqual({ PULUMI_HOME: own })
  },
)

test('an unfinished installation of the official plugin is not used', async () => {
  const machine = sandbox()
  const home = join(machine.home, '.pulumi')
  pluginIn(machine, home)
  writeFileSync(join(home, 'plugins', `${folderName}.partial`), '')
  const localPlugin = machine.tool('local-plugin', '')
  expect(await ask(machine, 'loopback', { localPlugin })).toMatchObject({ kind: 'local' })
})

test('two checkouts have homes of their own', async () => {
  const machine = sandbox()
  const homes = await Promise.all(
    ['one', 'two'].map(async (checkout) => {
      const localPlugin = machine.tool('local-plugin', `echo ${checkout}`, join(machine.home, checkout))
      return (await ask(machine, 'loopback', { localPlugin })).env
    }),
  )
  expect(homes.map((env) => start(env))).toEqual(['one', 'two'])
})

test('a spoilt wrapper is written anew', async () => {
  const machine = sandbox()
  const localPlugin = machine.tool('local-plugin', 'echo local')
  const { env } = await ask(machine, 'loopback', { localPlugin })
  const wrapper = join(env['PULUMI_HOME'] ?? '', 'plugins', folderName, 'pulumi-resource-azuread')
  writeFileSync(wrapper, 'exit 1')
  chmodSync(wrapper, 0o644)
  await ask(machine, 'loopback', { localPlugin })
  expect(start(env)).toBe('local')
})

test('plugins on PATH are switched off where the language host does not need PATH', async () => {
  const machine = sandbox()
  const localPlugin = machine.tool('local-plugin', '')
  const { cacheDir, env } = machine
  const beside = await ask(machine, 'loopback', { localPlugin })
  expect(beside.env['PULUMI_IGNORE_AMBIENT_PLUGINS']).toBe('true')
  const command = machine.tool('pulumi', '', join(machine.home, 'alone'))
  const alone = { ...engineOf(machine), command }
  const apart = await ensureAzureadPlugin(alone, 'loopback', { cacheDir, env, localPlugin })
  expect(apart.env).not.toHaveProperty('PULUMI_IGNORE_AMBIENT_PLUGINS')
})
