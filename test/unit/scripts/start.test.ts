import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { COMMANDS } from '../../../scripts/commands/definitions.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../..')

/** Appends the URL of every module that Node loads to the file that TRACE names. */
const TRACER = `
  import { appendFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  registerHooks({
    load(url, context, next) {
      appendFileSync(process.env.TRACE, url + '\\n')
      return next(url, context)
    },
  })`

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'entra-apps-start-'))
  await writeFile(join(dir, 'tracer.mjs'), TRACER)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** What the command line loads: npm packages by name, own modules by path. */
function loadedBy(...args: string[]): Promise<Loaded> {
  return loadedByNode(join(REPOSITORY, 'scripts/main.js'), ...args)
}

interface Loaded {
  readonly packages: ReadonlySet<string>
  readonly modules: readonly string[]
}

async function loadedByNode(...args: string[]): Promise<Loaded> {
  const trace = join(await mkdtemp(join(dir, 'trace-')), 'loaded.txt')
  const env = { ...process.env, TRACE: trace, ENTRA_APPS_CACHE: join(dir, 'cache') }
  const argv = ['--import', join(dir, 'tracer.mjs'), ...args]
  await promisify(execFile)(process.execPath, argv, { cwd: REPOSITORY, env })
  const files = (await readFile(trace, 'utf8')).split('\n').filter((url) => url.startsWith('file:'))
  const paths = files.map((url) => relative(REPOSITORY, fileURLToPath(url)))
  const packages = paths.flatMap((path) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  return { packages: new Set(packages), modules: paths.filter((path) => !path.includes('node_modules')) }
}

/** Each starts a process, which takes its time on a busy machine. */
const TIMEOUT = 60_000

it.each([['--version'], ['--help'], ...COMMANDS.map(({ name }) => [...name.split(' '), '--help'])])(
  '%s %s loads the command line and nothing else',
  async (...args) => {
    const { packages, modules } = await loadedBy(...args.filter(Boolean))
    expect([...packages].sort()).toEqual(['commander', 'picocolors'])
    expect(modules).toContain('scripts/cli.ts')
    const others = modules.filter((path) => !/^scripts\/(lib|commands\/.*(definition|options))/.test(path))
    expect(others.sort()).toEqual([
      'engine/context.ts',
      'engine/node-version.js',
      'infra/program/project-dir.ts',
      'lib/invocation.ts',
      'scripts/cli.ts',
      'scripts/compile-cache.ts',
      'scripts/main.js',
    ])
  },
  TIMEOUT,
)

it('check loads neither an SDK nor the local tenant', { timeout: TIMEOUT }, async () => {
  const { packages, modules } = await loadedBy('check')
  expect([...packages].sort()).toEqual([
    'commander',
    'fastest-levenshtein',
    'picocolors',
    'uuid',
    'yaml',
    'zod',
  ])
  expect(modules).toContain('infra/rules/registry.ts')
  expect(modules.filter((path) => /^(tenant|plugin)\//.test(path))).toEqual([])
})

/** What commands load before they know what they are asked for. */
async function loadedByCommands(files: readonly string[]): Promise<Loaded> {
  const all = join(await mkdtemp(join(dir, 'commands-')), 'commands.mjs')
  const urls = files.map((file) => pathToFileURL(join(REPOSITORY, 'scripts/commands', file)))
  await writeFile(all, urls.map((url) => `import '${url}'`).join('\n'))
  return loadedByNode(all)
}

it('no command loads the SDK of Pulumi, which the program alone needs', { timeout: TIMEOUT }, async () => {
  const files = await readdir(join(REPOSITORY, 'scripts/commands'))
  const { packages, modules } = await loadedByCommands(files.filter((file) => file.endsWith('.ts')))
  expect(modules).toContain('scripts/commands/rotate.ts')
  expect([...packages].filter((name) => name.startsWith('@pulumi/'))).toEqual([])
})

it('rotate, deliver and report load no library of a target before it is used', {
  timeout: TIMEOUT,
}, async () => {
  const { packages, modules } = await loadedByCommands(['rotate.ts', 'deliver.ts', 'report.ts'])
  expect(modules).toContain('scripts/delivery/key-vault.ts')
  const ofTargets = [
    '@azure/keyvault-secrets',
    '@kubernetes/client-node',
    '@octokit/core',
    'libsodium-wrappers',
  ]
  expect(ofTargets.filter((name) => packages.has(name))).toEqual([])
})

it('works on when nobody reads what it prints', { timeout: TIMEOUT }, async () => {
  const main = join(REPOSITORY, 'scripts/main.js')
  const child = spawn(process.execPath, [main, 'check', '--json'], { cwd: REPOSITORY })
  child.stdout.destroy()
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect([code, said]).toEqual([0, ''])
})
