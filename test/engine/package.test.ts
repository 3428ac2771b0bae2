import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine, ensureYamlHost, installYamlHost } from '../../engine/index.ts'
import { PROJECT_DIR_VARIABLE } from '../../infra/program/project-dir.ts'
import manifest from '../../package.json' with { type: 'json' }
import { TEMPLATE } from '../../scripts/commands/shared-options.ts'
import { readDirectory } from '../support/directory-objects.ts'
import { type Ended, openStage, REPOSITORY, run, type Stage } from '../support/stage.ts'

const PROGRAM = join(REPOSITORY, 'examples/library')
const YAML_PROGRAM = join(REPOSITORY, 'examples/yaml-program')
const TESTS = join(REPOSITORY, 'examples/testing')

/** What is published, installed into projects that have nothing to do with this repository. */
describe.sequential('the packed package', () => {
  let stage: Stage
  let tarball: string
  beforeAll(async () => {
    stage = await openStage()
    const packed = await run('npm', ['pack', '--json', '--pack-destination', stage.dir], {
      cwd: REPOSITORY,
      env: process.env,
    })
    expect(packed.code, packed.output).toBe(0)
    tarball = join(stage.dir, `${manifest.name}-${manifest.version}.tgz`)
    await install(stage.dir, tarball)
    const made = await stage.pulumi('stack', 'init', 'test')
    expect(made.code, made.output).toBe(0)
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const bin = (name: string, cwd: string, ...args: string[]) =>
    run(process.execPath, [join(stage.dir, 'node_modules', name), ...args], { cwd, env: stage.env })
  const entraApps = (cwd: string, ...args: string[]) => bin('.bin/entra-apps', cwd, ...args)

  it('is well formed, and its types are found however they are looked for', async () => {
    const tool = (name: string, ...args: string[]) =>
      run(process.execPath, [join(REPOSITORY, 'node_modules/.bin', name), ...args], { cwd: stage.dir })
    ok(await tool('publint', '--strict', tarball))
    ok(await tool('attw', '--profile', 'esm-only', tarball))
  })

  it('shares the Pulumi SDK of the program: a second copy would not know its resources', () => {
    expect(existsSync(join(stage.dir, 'node_modules/@pulumi/pulumi'))).toBe(true)
    expect(existsSync(join(stage.dir, 'node_modules/entra-apps/node_modules/@pulumi'))).toBe(false)
  })

  it('has types that accept the program and refuse a mistake in it', async () => {
    ok(await bin('typescript/bin/tsc', stage.dir, '-p', '.'))
    const wrong = `import { AppRegistration } from 'entra-apps'\nnew AppRegistration('a', { displayNam: 'A' })\n`
    await writeFile(join(stage.dir, 'wrong.ts'), wrong)
    const ended = await bin('typescript/bin/tsc', stage.dir, '-p', '.')
    expect(ended.stdout).toMatch(/wrong\.ts\(2,\d+\): error .*displayNam/)
  })

  it('registers the applications of the program, which a second run leaves alone', async () => {
    ok(await stage.pulumi('up', '--yes'))
    const directory = await readDirectory(stage.tenant)
    const api = await directory.application('Files API')
    expect(api).toMatchObject({ identifierUris: [`api://${api['appId']}`] })
    expect(await directory.application('Files for phones')).toBeDefined()
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
  })

  it('brings commands that prove the program', async () => {
    const ended = await entraApps(stage.dir, 'verify', '--stack', 'test')
    ok(ended)
    expect(ended.stdout).toMatch(/exactly Importer/)
    const held = await entraApps(stage.dir, 'up', '--preview', '--stack', 'test', '--policy-pack')
    ok(held)
    expect(held.output).toMatch(/entra-apps@v/)
    expect((await entraApps(stage.dir, '--version')).stdout.trim()).toBe(manifest.version)
  })

  it('brings a rotation that issues, proves, delivers and retires a secret of the program', async () => {
    const only = ['--stack', 'test', '--app', 'importer', '--secret', 'nightly', '--successes', '1'] as const
    const ended = await entraApps(stage.dir, 'rotate', ...only, '--revoke', '--immediately', '--json')
    ok(ended)
    const { outcomes } = JSON.parse(ended.stdout)
    expect(outcomes).toMatchObject([
      { secret: 'nightly', generation: 2, result: 'rotated' },
      { secret: 'nightly', generation: 1, result: 'retired' },
    ])
    const shown = await stage.pulumi('stack', 'output', 'secretValues', '--json', '--show-secrets')
    const { main, nightly } = JSON.parse(shown.stdout).importer
    expect([Object.keys(main), Object.keys(nightly)]).toEqual([['1'], ['2']])
    expect(await readFile(join(stage.dir, '.env'), 'utf8')).toBe(`IMPORTER_SECRET=${nightly[2]}\n`)
    const { passwordCredentials } = await (await readDirectory(stage.tenant)).application('Importer')
    expect(passwordCredentials).toHaveLength(2)
  })

  it('brings the plugin that a program of YAML finds on PATH, with which it is deployed and proved', async () => {
    const engine = await ensureEngine()
    const host = await ensureYamlHost(engine, { log: console.error })
    installYamlHost(stage.env['PULUMI_HOME'] ?? '', host)
    const cwd = join(stage.dir, 'yaml')
    await cp(YAML_PROGRAM, cwd, { recursive: true })
    await symlink(join(stage.dir, 'node_modules'), join(cwd, 'node_modules'))
    // As docs/languages.md tells it, and without the plugin of this repository.
    const plugin = join(cwd, 'node_modules/entra-apps/dist/scripts/provider')
    const ours = join(REPOSITORY, 'scripts/provider')
    const folders = (stage.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ours)
    const env = {
      ...stage.env,
      PATH: [plugin, ...folders].join(delimiter),
      PULUMI_IGNORE_AMBIENT_PLUGINS: 'false',
      PULUMI_STACK: 'yaml',
      [PROJECT_DIR_VARIABLE]: cwd,
    }
    ok(await run(engine.command, ['stack', 'init', 'yaml', '--non-interactive'], { cwd, env }))
    const up = ['up', '--yes', '--skip-preview', '--non-interactive']
    const ended = await run(engine.command, up, { cwd, env })
    ok(ended)
    expect(ended.output).toContain(`from $PATH at ${join(plugin, 'pulumi-resource-entra-apps')}`)
    const main = join(stage.dir, 'node_modules/.bin/entra-apps')
    const verified = await run(process.execPath, [main, 'verify', '--successes', '1'], { cwd, env })
    ok(verified)
    expect(verified.stdout).toMatch(/exactly Files\.Read\.All/)
  })

  it('has nothing to install in the folder that `pulumi package add` takes, where Pulumi does so', async () => {
    const cwd = join(stage.dir, 'node_modules/entra-apps/dist/scripts/provider')
    const ended = await run('npm', ['install', '--dry-run', '--offline', '--json'], { cwd, env: stage.env })
    ok(ended)
    expect(JSON.parse(ended.stdout)).toMatchObject({ added: 0, changed: 0 })
  })

  it('brings a tenant and a proof for the tests of any application, with types', async () => {
    const example = join(stage.dir, 'testing')
    await cp(TESTS, example, { recursive: true })
    ok(await bin('typescript/bin/tsc', example, '-p', '.'))
    const ended = await bin('vitest/vitest.mjs', example, 'run')
    ok(ended)
    expect(ended.output).toMatch(/3 passed/)
  })

  it('starts a project that only declares, with an application from each template, and deploys and proves it', async () => {
    const project = join(stage.dir, 'declared')
    await mkdir(project)
    await symlink(join(stage.dir, 'node_modules'), join(project, 'node_modules'))
    ok(await entraApps(project, 'init', '--yes', '--app', 'worker', '--pipeline', 'github'))
    for (const name of (TEMPLATE.choices ?? []).filter((each) => each !== 'daemon')) {
      ok(await entraApps(project, 'add', name, '--template', name))
    }
    ok(await entraApps(project, 'check'))
    const again = await entraApps(project, 'init', '--yes', '--app', 'worker', '--pipeline', 'github')
    ok(again)
    expect(again.output).not.toMatch(/create|differs/)
    const demo = await entraApps(join(project, 'apps'), 'demo')
    ok(demo)
    expect(demo.output).toMatch(/4\. The proof/)
  })
})

/** The example's program with the tarball in place of the published package, and libraries as this repository has them. */
async function install(dir: string, tarball: string): Promise<void> {
  await cp(PROGRAM, dir, { recursive: true })
  const file = join(dir, 'package.json')
  const project = JSON.parse(await readFile(file, 'utf8'))
  // Its tests run below the same folder, and find their packages there.
  const tests = JSON.parse(await readFile(join(TESTS, 'package.json'), 'utf8'))
  project.dependencies = { ...tests.dependencies, ...tests.devDependencies, ...project.dependencies }
  const pinned: Record<string, string> = manifest.devDependencies
  for (const group of ['dependencies', 'devDependencies']) {
    for (const name of Object.keys(project[group])) project[group][name] = pinned[name] ?? `file:${tarball}`
  }
  await writeFile(file, JSON.stringify(project))
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock']
  const installed = await run('npm', ['install', ...flags], { cwd: dir, env: process.env })
  expect(installed.code, installed.output).toBe(0)
}
