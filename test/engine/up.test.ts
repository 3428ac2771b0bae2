import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { FILE_MANAGER, openStage, type Stage } from '../support/stage.ts'

const { secrets: _, ...PLAIN } = FILE_MANAGER

/** How often the engine runs, in order: each step starts from what the one before it left. */
describe.sequential('up', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage()
    await stage.declare({ one: PLAIN })
  })
  afterAll(() => stage.close())

  const up = async () => {
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(0)
    return ended.stdout
  }
  const updated = async () => (await stage.pulumi('stack', 'export')).stdout

  it('makes the first deployment in one run, and says what applications may do', async () => {
    const said = await up()
    expect(said).not.toMatch(/Previewing/)
    expect(said).toMatch(/\+ 7 created/)
    expect(said).toMatch(/one gets Files\.Read\.All of Microsoft Graph/)
  })

  it('ends after the preview when there is nothing to change, and leaves the state alone', async () => {
    const before = await updated()
    const said = await up()
    expect(said).toMatch(/Previewing update[\s\S]*7 unchanged/)
    expect(said).not.toMatch(/Updating/)
    expect(await updated()).toBe(before)
  })

  it('previews a change before it makes it', async () => {
    await stage.declare({ one: { ...PLAIN, description: 'before' } })
    expect(await up()).toMatch(/Previewing update[\s\S]*1 to update[\s\S]*Updating[\s\S]*1 updated/)
  })

  it('tries again what waiting may fix, and never what it cannot', async () => {
    const { control } = stage.tenant
    const on = { method: 'PATCH', path: '/applications/*' }
    await stage.declare({ one: { ...PLAIN, description: 'denied' } })
    control.addFault({ effect: 'refuse', status: 403, on })
    const denied = await stage.cli('up')
    expect(denied.code, denied.output).toBe(1)
    expect(denied.output).not.toMatch(/try 2/)
    control.clearFaults()
    control.addFault({ effect: 'refuse', status: 409, on, times: 1 })
    await stage.declare({ one: { ...PLAIN, description: 'changed' } })
    const ended = await stage.cli('up')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stderr).toMatch(/pulumi up: try 2 of 4 in 5 s; one: Directory_ConcurrencyViolation: /)
    expect(control.faults().map(({ hits }) => hits)).toEqual([1])
    control.clearFaults()
  })

  it('records what Pulumi does not count as a change', async () => {
    await stage.declare({ one: { ...PLAIN, description: 'changed', verify: ['GET /organization'] } })
    expect(await up()).toMatch(/Previewing[\s\S]*7 unchanged[\s\S]*Updating[\s\S]*7 unchanged/)
    expect(await updated()).toMatch(/GET \/organization/)
    expect(await up()).not.toMatch(/Updating/)
  })

  it('sets what holds the client id by a second deployment', async () => {
    const broker = 'ms-appx-web://microsoft.aad.brokerplugin/{clientId}'
    const native = {
      displayName: 'Broker app',
      fallbackPublicClient: true,
      redirectUris: { publicClient: [broker, 'http://localhost'], web: ['https://a.example/{tenantId}'] },
      web: { logoutUrl: 'https://a.example/out/{clientId}' },
      servicePrincipal: { loginUrl: 'https://a.example/{clientId}', tags: ['tenant-{tenantId}'] },
    }
    await stage.declare({ one: PLAIN, native })
    const said = await up()
    expect(said).toMatch(
      /native: what holds \{clientId\} in redirectUris\.publicClient, web\.logoutUrl is set once/,
    )
    expect(said.match(/Updating/g)).toHaveLength(2)
    trust(stage.tenant.caPem)
    const graph = await deployerGraph(stage.tenant)
    const first = async (path: string) =>
      ((await graph('GET', path))['value'] as Record<string, unknown>[])[0] ?? {}
    const found = await first(`/applications?$filter=displayName eq 'Broker app'`)
    const [clientId, { tenantId }] = [String(found['appId']), stage.tenant]
    expect(found).toMatchObject({
      publicClient: {
        redirectUris: expect.arrayContaining([broker.replace('{clientId}', clientId), 'http://localhost']),
      },
      web: {
        redirectUris: [`https://a.example/${tenantId}`],
        logoutUrl: `https://a.example/out/${clientId}`,
      },
    })
    expect(await first(`/servicePrincipals?$filter=appId eq '${clientId}'`)).toMatchObject({
      loginUrl: `https://a.example/${clientId}`,
      tags: [`tenant-${tenantId}`],
    })
    expect(await up()).not.toMatch(/Updating/)
    const live = await stage.cli('verify', '--live', '--app', 'native')
    expect(live.code, live.output).toBe(0)
  })
})
