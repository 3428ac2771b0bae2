import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NIGHTLY } from '../support/backends/index.ts'
import { INSTALL_TIMEOUT } from '../support/clients/describe.ts'
import { type DirectoryReader, readDirectory } from '../support/directory-objects.ts'
import { installPythonHost } from '../support/python-host.ts'
import { type Ended, openStage, REPOSITORY, type Stage } from '../support/stage.ts'

const EXAMPLE = join(REPOSITORY, 'examples/python-program')

/** The same component as in yaml-program.test.ts, constructed for another language. */
describe.skipIf(!NIGHTLY)('a program of Python (nightly)', () => {
  let stage: Stage
  let directory: DirectoryReader
  beforeAll(async () => {
    stage = await openStage()
    directory = await readDirectory(stage.tenant)
    const [, sdk = ''] = (await readFile(join(EXAMPLE, 'requirements.txt'), 'utf8')).trim().split('==')
    await installPythonHost(stage.env['PULUMI_HOME'] ?? '', sdk)
    await cp(EXAMPLE, stage.dir, { recursive: true })
    ok(await stage.pulumi('stack', 'init', 'test'))
  }, INSTALL_TIMEOUT)
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)

  it('registers applications that the commands prove, keeps secrets, and deletes everything in the end', async () => {
    ok(await stage.pulumi('up', '--yes'))
    const api = await directory.application('Files API')
    expect(await directory.application('FileManager')).toMatchObject({
      web: { homePageUrl: `https://portal.example.com/apps/${api['appId']}` },
    })
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    const verified = await stage.cli('verify', '--successes', '1')
    ok(verified)
    expect(verified.stdout).toMatch(/exactly Files\.Read\.All/)
    const shown = await stage.pulumi('stack', 'output', 'secret', '--show-secrets')
    expect(shown.stdout.trim()).toMatch(/^\S{30,}$/)
    expect(await stage.state()).not.toContain(shown.stdout.trim())
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
