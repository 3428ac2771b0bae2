import { delimiter, dirname, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canBuild } from '../../../engine/build.ts'
import { elapsed } from '../../../engine/child.ts'
import { parseVersion } from '../../../engine/find.ts'
import { cacheDirectory, engineEnvironment } from '../../../engine/index.ts'
import { nodeProblem } from '../../../engine/node-version.js'
import { azureadVersion, languageHostProgram, pulumiProgram } from '../../../engine/pins.ts'

describe('parseVersion', () => {
  test.each([
    ['v3.274.1', '3.274.1'],
    ['v3.274.1\n', '3.274.1'],
    ['3.200.0', '3.200.0'],
    ['v3.300.0-alpha.1+abc', '3.300.0-alpha.1'],
    ['pulumi wrapper', undefined],
    ['', undefined],
  ])('%j is %s', (printed, version) => {
    expect(parseVersion(printed)).toBe(version)
  })
})

describe('canBuild', () => {
  test.each([
    ['go1.26.6', 'local', true],
    ['go1.27rc1', 'local', true],
    ['devel go1.28-abcdef', 'local', true],
    ['go1.26.5', 'local', false],
    ['go1.26.5', 'auto', true],
    ['go1.21.0', 'go1.21.0+auto', true],
    ['go1.19.8', '', false],
    ['', '', false],
  ])('%s with GOTOOLCHAIN=%s: %s', (version, toolchain, expected) => {
    expect(canBuild(version, toolchain, '1.26.6')).toBe(expected)
  })
})

describe('cacheDirectory', () => {
  const home = { HOME: '/home/ada' }
  test.each([
    [
      'ENTRA_APPS_CACHE first',
      { ...home, ENTRA_APPS_CACHE: '/big/disk', XDG_CACHE_HOME: '/xdg' },
      'linux',
      '/big/disk',
    ],
    ['then XDG_CACHE_HOME', { ...home, XDG_CACHE_HOME: '/xdg' }, 'linux', '/xdg/entra-apps'],
    [
      'a relative XDG_CACHE_HOME is ignored',
      { ...home, XDG_CACHE_HOME: 'x' },
      'linux',
      '/home/ada/.cache/entra-apps',
    ],
    ['macOS', home, 'darwin', '/home/ada/Library/Caches/entra-apps'],
  ] as const)('%s', (_, env, platform, expected) => {
    expect(cacheDirectory(env, platform)).toBe(expected)
  })
})

describe('nodeProblem', () => {
  test.each(['v12.22.12', 'v20.20.2', 'v22.18.0', 'v23.11.1', 'v24.4.1'])('%s is too old', (version) => {
    const message = nodeProblem(version)
    expect(message).toContain(`Node.js ${version} is too old: entra-apps needs 22.19, or 24.5 or newer`)
    expect(message).toContain('npm run')
    expect(message).toContain('node_modules/.bin')
  })
  test.each(['v22.19.0', 'v24.5.0', 'v24.21.0', 'v26.0.0', 'v100.0.0'])('%s will do', (version) => {
    expect(nodeProblem(version, 'strip')).toBeUndefined()
  })
  test('a Node without its TypeScript support is refused, whatever its version', () => {
    expect(nodeProblem('v24.21.0', false)).toContain('without its TypeScript support')
  })
})

describe('engineEnvironment', () => {
  const engine = {
    command: '/cache/bin/pulumi',
    binDir: '/cache/bin',
    version: '3.274.1',
    source: 'cache',
    description: '',
  } as const

  test('PATH begins with the engine and the running Node', () => {
    const { PATH } = engineEnvironment(engine, { PATH: '/usr/bin' })
    const own = resolve(import.meta.dirname, '../../../scripts/provider')
    expect(PATH?.split(delimiter)).toEqual(['/cache/bin', dirname(process.execPath), own, '/usr/bin'])
  })
  test('a PATH under another spelling is replaced, not doubled', () => {
    const laid = engineEnvironment(engine, { Path: '/usr/bin' })
    expect(Object.keys(laid).filter((name) => name.toUpperCase() === 'PATH')).toEqual(['Path'])
  })
  test('compiled modules are kept in the cache, unless the caller keeps them elsewhere', () => {
    expect(engineEnvironment(engine, { ENTRA_APPS_CACHE: '/cache' })['NODE_COMPILE_CACHE']).toBe(
      '/cache/compiled',
    )
    expect(engineEnvironment(engine, { NODE_COMPILE_CACHE: '/mine' })['NODE_COMPILE_CACHE']).toBe('/mine')
  })
  test('an environment without PATH gets no empty entry, which would mean the current folder', () => {
    expect(engineEnvironment(engine, {})['PATH']?.split(delimiter)).not.toContain('')
  })
})

test('pins are read from the go.mod files and from the installed @pulumi/azuread', () => {
  expect(pulumiProgram()).toMatchObject({
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    version: expect.stringMatching(/^3\.\d+\.\d+$/),
    go: expect.stringMatching(/^1\.\d+/),
  })
  expect(languageHostProgram()).toMatchObject({
    package: 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs',
    version: '3.68.0',
  })
  expect(azureadVersion()).toMatch(/^6\.\d+\.\d+$/)
})

test.each([
  [400, '0 s'],
  [59_000, '59 s'],
  [75_000, '1 min 15 s'],
])('%d ms is shown as %s', (milliseconds, shown) => {
  expect(elapsed(milliseconds)).toBe(shown)
})
