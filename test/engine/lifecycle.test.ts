import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'

/** The life of a stack, in order: each step starts from what the one before it left. */
describe.sequential('a stack by hand', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    await stage.declare({ 'file-manager': FILE_MANAGER })
  })
  afterAll(() => stage.close())

  const succeed = async (...args: string[]) => {
    const ended = await stage.pulumi(...args)
    expect(ended.code, ended.output).toBe(0)
    return ended
  }

  it('previews without changing anything', async () => {
    const before = stage.tenant.requests().length
    const { stdout } = await succeed('preview')
    expect(stdout).toMatch(/\+ 8 to create/)
    const writes = stage.tenant
      .requests()
      .slice(before)
      .filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'))
    expect(writes).toEqual([])
  })

  it('comes up', async () => {
    const { stdout } = await succeed('up', '--yes')
    expect(stdout).toMatch(/\+ 8 created/)
    expect(stdout).not.toMatch(/warning/i)
  })

  it('is proved', async () => {
    const ended = await stage.cli('verify')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stdout).toMatch(/exactly Files\.Read\.All, User\.Read\.All/)
    expect(ended.stdout).toMatch(/found: .*Documents\//)
  })

  it('tells the secret and the tokens to nobody', async () => {
    const { secretValues } = await outputs(stage)
    const secret: string = secretValues['file-manager'].onedrive['1']
    const deployerSecret = (await readFile(stage.tenant.deployer.secretFile, 'utf8')).trim()
    const state = await succeed('stack', 'export')
    const files = ['junit.xml', 'report.md'].map((name) => join(stage.dir, name)) as [string, string]
    const proof = await stage.cli('verify', '--json', '--junit', files[0], '--markdown', files[1])
    const reports = await Promise.all(files.map((file) => readFile(file, 'utf8')))
    const said = [
      stage.log(),
      JSON.stringify(stage.tenant.requests()),
      state.output,
      proof.output,
      ...reports,
    ]
    expect(stage.log()).toMatch(/POST .*\/token 200/)
    for (const text of said) {
      for (const confidential of [secret, deployerSecret, 'eyJ'])
        expect(text.includes(confidential)).toBe(false)
    }
  })

  it('changes nothing the second time, nor after a refresh', async () => {
    await succeed('up', '--yes', '--expect-no-changes')
    await succeed('refresh', '--yes', '--expect-no-changes')
    await succeed('up', '--yes', '--expect-no-changes')
  })

  it('keeps the secret when its display name or lifetime changes', async () => {
    const before = await outputs(stage)
    await stage.declare({
      'file-manager': { ...FILE_MANAGER, secrets: { onedrive: { displayName: 'Renamed', lifetime: '30d' } } },
    })
    await succeed('up', '--yes')
    expect((await outputs(stage)).secretValues).toEqual(before.secretValues)
  })

  it('updates redirect URIs and permissions in place', async () => {
    await stage.declare({
      'file-manager': {
        ...FILE_MANAGER,
        displayName: 'File Manager 2',
        redirectUris: { web: ['https://files.example.com/other'] },
        permissions: { 'Microsoft Graph': { application: ['Files.Read.All'], delegated: ['User.Read'] } },
        verify: [],
      },
    })
    const { stdout } = await succeed('up', '--yes')
    expect(stdout).not.toMatch(/replaced/)
    const ended = await stage.cli('verify', '--json')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stdout).toMatch(/"exactly Files\.Read\.All"/)
    await succeed('up', '--yes', '--expect-no-changes')
  })

  it('goes away without a trace', async () => {
    const { stdout } = await succeed('destroy', '--yes')
    expect(stdout).toMatch(/deleted/)
    const state = JSON.parse((await succeed('stack', 'export')).stdout)
    expect(state.deployment.resources ?? []).toEqual([])
  })
})

async function outputs(stage: Stage) {
  return JSON.parse((await stage.pulumi('stack', 'output', '--json', '--show-secrets')).stdout)
}
