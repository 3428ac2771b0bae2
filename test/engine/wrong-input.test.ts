import { readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localStage } from '../../scripts/stack/local-stage.ts'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'

/** Each mistake ends with one message that names the place and the fix, and changes nothing in the tenant. */
describe('invalid input', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
  })
  afterAll(() => stage.close())

  const graphWrites = () =>
    stage.tenant.requests().filter(({ method, path }) => method !== 'GET' && !path.includes('/oauth2/'))

  it.each([
    [
      'an unknown permission',
      { permissions: { 'Microsoft Graph': { application: ['Files.Raed.All'] } } },
      /apps\.file-manager\.permissions\."Microsoft Graph"\.application\[0\]: .*no application permission "Files\.Raed\.All".*\n.*did you mean "Files\.Read\.All"/,
    ],
    [
      'an API the tenant does not have',
      { permissions: { 'Microsoft Grpah': { application: ['Files.Read.All'] } } },
      /permissions\."Microsoft Grpah": the API "Microsoft Grpah" has no service principal in this tenant.*\n.*did you mean "Microsoft Graph"/,
    ],
    [
      'an http redirect URI to a public host',
      { redirectUris: { web: ['http://files.example.com/cb'] } },
      /redirectUris\.web\[0\]: .*http to a host other than this computer.*\n.*use https/,
    ],
    [
      'a duplicate redirect URI',
      { redirectUris: { web: ['https://a.example/'], spa: ['https://a.example'] } },
      /redirectUris\.spa\[0\]: .*listed twice/,
    ],
    [
      'a malformed redirect URI',
      { redirectUris: { web: ['callback'] } },
      /"callback" is not an absolute URI/,
    ],
  ])('%s', async (_, change, wanted) => {
    await stage.declare({ 'file-manager': { ...FILE_MANAGER, ...change } })
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(1)
    expect(ended.output).toMatch(wanted)
    expect(ended.output).not.toMatch(/^\s+at .*\.ts:\d+/m)
    expect(graphWrites()).toEqual([])
  })

  it.each([
    ['no tenant', { ARM_TENANT_ID: undefined }, /no tenant is named.*\n.*set azuread:tenantId/],
    ['a wrong deployer secret', { ARM_CLIENT_SECRET: 'not-it-at-all' }, /AADSTS7000215/],
    ['a metadata host nobody listens on', { ARM_METADATA_HOSTNAME: 'localhost:9' }, /localhost:9/],
  ])('%s', async (_, env, wanted) => {
    await stage.declare({ 'file-manager': FILE_MANAGER })
    const ended = await stage.cliWith(env, 'up')
    expect(ended.code, ended.output).toBe(1)
    expect(ended.output).toMatch(wanted)
    expect(ended.output).not.toContain('not-it-at-all')
    expect(graphWrites()).toEqual([])
  })

  it('a stack that was never brought up', async () => {
    const ended = await stage.cli('verify')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/has no applications yet\. Bring it up first: npm run up/)
  })

  it.each([['verify'], ['rotate'], ['report'], ['up'], ['retire', 'file-manager'], ['inventory']])(
    'a stack that does not exist: %s',
    async (...command) => {
      const ended = await stage.cli(...command, '--stack', 'nope')
      expect(ended.code, ended.output).toBe(2)
      expect(ended.stderr).toMatch(/The state back end has no stack "nope"\. .*pulumi stack init nope/)
      expect(graphWrites()).toEqual([])
    },
  )

  it('a wrong passphrase', async () => {
    await stage.declare({ 'file-manager': FILE_MANAGER })
    expect((await stage.cli('up')).code).toBe(0)
    const ended = await stage.cliWith({ PULUMI_CONFIG_PASSPHRASE: 'wrong' }, 'verify')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/The passphrase does not open this stack\. Set PULUMI_CONFIG_PASSPHRASE/)
  })

  it('a state whose description was never written, as a killed engine leaves it', async () => {
    await stage.declare({ 'file-manager': FILE_MANAGER })
    expect((await stage.cli('up')).code).toBe(0)
    const stacks = join(localStage(stage.dir).stateDir, '.pulumi/stacks/entra-apps')
    expect(await readdir(stacks), 'the local stage keeps none').not.toContain('test.json.attrs')
    await writeFile(join(stacks, 'test.json.attrs'), '')
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(2)
    expect(ended.stderr).toMatch(/The state itself is whole\. Delete .*\.json\.attrs/)
    const preview = await stage.cli('up', '--preview')
    expect(preview.stderr).toMatch(/The state itself is whole/)
    await rm(join(stacks, 'test.json.attrs'))
    expect((await stage.cli('up')).code).toBe(0)
  })

  it('an unknown option', async () => {
    const ended = await stage.cli('verify', '--al')
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/unknown option '--al'/)
  })

  it('tenant:env without a tenant', async () => {
    const ended = await stage.cli('tenant:env', '--data', join(stage.dir, 'nowhere'))
    expect(ended.code).toBe(2)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toMatch(/No local tenant is running on .*nowhere.*npm run tenant/)
  })

  it('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const ended = await stage.cli('tenant', '--port', String(port), '--data', join(stage.dir, 'other'))
    server.close()
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(new RegExp(`port ${port}`, 'i'))
  })

  it('no engine obtainable', async () => {
    const ended = await stage.cliWith(
      { PATH: '/nonexistent', ENTRA_APPS_CACHE: join(stage.dir, 'cache'), ENTRA_APPS_OFFLINE: '1' },
      'up',
    )
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/No usable Pulumi CLI.*[\s\S]*Install the Pulumi CLI/)
  })
})
