import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine, ensureYamlHost, installYamlHost } from '../../engine/index.ts'
import { packageSchema } from '../../scripts/provider/package-schema.ts'
import { type DirectoryReader, readDirectory } from '../support/directory-objects.ts'
import { type Ended, openStage, REPOSITORY, type Stage } from '../support/stage.ts'

/** The component across the boundary of a process: the program is of another language, and our plugin constructs it. */
describe.sequential('a program of Pulumi YAML', () => {
  let stage: Stage
  let directory: DirectoryReader
  beforeAll(async () => {
    stage = await openStage()
    directory = await readDirectory(stage.tenant)
    const host = await ensureYamlHost(await ensureEngine(), { log: console.error })
    installYamlHost(stage.env['PULUMI_HOME'] ?? '', host)
    await cp(join(REPOSITORY, 'examples/yaml-program'), stage.dir, { recursive: true })
    ok(await stage.pulumi('stack', 'init', 'test'))
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const change = async (from: string, to: string) => {
    const file = join(stage.dir, 'Pulumi.yaml')
    const program = await readFile(file, 'utf8')
    expect(program).toContain(from)
    await writeFile(file, program.replace(from, to))
  }

  it('finds the component in the schema of the package', async () => {
    const plugin = join(REPOSITORY, 'scripts/provider/pulumi-resource-entra-apps')
    const ended = await stage.pulumi('package', 'get-schema', plugin)
    ok(ended)
    expect(Object.keys(JSON.parse(ended.stdout).types)).toEqual(
      Object.keys(JSON.parse(packageSchema()).types).sort(),
    )
  })

  it('registers applications that the commands prove, and a second run and a refresh leave alone', async () => {
    const up = await stage.pulumi('up', '--yes')
    ok(up)
    expect(up.output).not.toContain('of-a-resource')
    const api = await directory.application('Files API')
    // The output of another resource, which the preview did not know.
    expect(await directory.application('FileManager')).toMatchObject({
      web: { homePageUrl: `https://portal.example.com/apps/${api['appId']}` },
    })
    expect(api).toMatchObject({ identifierUris: [`api://${api['appId']}`] })
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    const verified = await stage.cli('verify', '--successes', '1')
    ok(verified)
    expect(verified.stdout).toMatch(/exactly Files\.Read\.All/)
  })

  it('keeps secret values encrypted in the state', async () => {
    const shown = await stage.pulumi('stack', 'output', 'secret', '--show-secrets')
    ok(shown)
    expect(shown.stdout.trim()).toMatch(/^\S{30,}$/)
    expect(await stage.state()).not.toContain(shown.stdout.trim())
  })

  it('is rotated and delivered by what it exports', async () => {
    const rotated = await stage.cli('rotate', '--now', '--secret', 'onedrive', '--successes', '1')
    ok(rotated)
    const shown = await stage.pulumi('stack', 'output', 'secret', '--show-secrets')
    expect(await readFile(join(stage.dir, '.env'), 'utf8')).toBe(`ONEDRIVE_SECRET=${shown.stdout.trim()}\n`)
    const reported = await stage.cli('report', '--json')
    ok(reported)
    expect(JSON.parse(reported.stdout).credentials).toMatchObject([
      { app: 'file-manager', generation: 1, phase: 'previous' },
      { generation: 2, phase: 'current', deliveries: [{ target: 'dotenv:.env#ONEDRIVE_SECRET' }] },
    ])
  })

  it('refuses mistakes in the inputs, each with place, rule and fix, before anything changes', async () => {
    await change('https://files.example.com/cb', 'http://files.example.com/cb')
    await change('Files.Read.All', 'Files.Raed.All')
    const refused = await stage.pulumi('up', '--yes')
    expect(refused.code, refused.output).not.toBe(0)
    expect(refused.output).toMatch(/2 mistakes in the inputs of AppRegistration "file-manager"/)
    expect(refused.output).toMatch(/redirectUris\.web\[0\]: .*http to a host other than.*\n.*use https/)
    expect(refused.output).toMatch(
      /permissions\."Microsoft Graph"\.application\[0\]: .*no application permission "Files\.Raed\.All".*\n.*did you mean "Files\.Read\.All"/,
    )
    expect(refused.output).not.toMatch(/^\s+at /m)
    await change('Files.Raed.All', 'Files.Read.All')
    await change('http://files.example.com/cb', 'https://files.example.com/callback')
  })

  it('changes what the program changes, and deletes everything in the end', async () => {
    ok(await stage.pulumi('up', '--yes'))
    expect(await directory.application('FileManager')).toMatchObject({
      web: { redirectUris: ['https://files.example.com/callback'] },
    })
    // What was rotated into place has consumers, and is protected.
    ok(await stage.pulumi('state', 'unprotect', '--all', '--yes'))
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
