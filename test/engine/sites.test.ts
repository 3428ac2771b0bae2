import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../tenant/index.ts'
import { deployerGraph, trust } from '../support/rehearsal.ts'
import { type Ended, openStage, type Stage } from '../support/stage.ts'

const HOST = 'contoso.sharepoint.com'
const FINANCE = `https://${HOST}/sites/finance`
const PROJECTS = `https://${HOST}/sites/projects`

const fileManager = (sites: Readonly<Record<string, 'read' | 'write'>>) => ({
  'file-manager': {
    displayName: 'FileManager',
    permissions: { 'Microsoft Graph': { application: ['Sites.Selected'] } },
    consent: 'grant' as const,
    secrets: { main: { displayName: 'Main', lifetime: '90d' } },
    sites,
  },
})

/** What the mission's file manager needs: chosen sites in place of every file of the tenant. */
describe.sequential('permissions on chosen sites', () => {
  let stage: Stage
  let graph: Awaited<ReturnType<typeof deployerGraph>>
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Sites.FullControl.All'] })
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
  })
  afterAll(() => stage?.close())

  const ok = ({ code, output }: Ended) => expect(code, output).toBe(0)
  const permissions = async (path: string) => {
    const { value } = await graph('GET', `/sites/${HOST}:${path}:/permissions`)
    return value as { id: string }[]
  }

  it('are granted, proved, and left as they are by a second run and a refresh', async () => {
    await stage.declare(fileManager({ [FINANCE]: 'read' }))
    const first = await stage.cli('up')
    ok(first)
    expect(first.output).toContain(`file-manager gets the role read on ${FINANCE}.`)
    const [granted] = await permissions('/sites/finance')
    expect(granted).toMatchObject({
      grantedToIdentitiesV2: [{ application: { displayName: 'FileManager' } }],
    })
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    ok(await stage.pulumi('refresh', '--yes', '--expect-no-changes'))
    const verified = await stage.cli('verify', '--successes', '1', '--json')
    ok(verified)
    const { apps } = JSON.parse(verified.stdout)
    const checks = [...apps[0].checks, ...apps[0].credentials[0].checks]
    expect(checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: `site ${FINANCE}`, status: 'passed' }),
        expect.objectContaining({ name: `GET /sites/${HOST}:/sites/finance`, status: 'passed' }),
        expect.objectContaining({ name: 'no other site: GET /sites/root', status: 'passed' }),
      ]),
    )
  })

  it('are changed in place, and what was changed by hand is seen and put back', async () => {
    const [granted] = await permissions('/sites/finance')
    await graph('PATCH', `/sites/${HOST}:/sites/finance:/permissions/${granted?.id}`, { roles: ['manage'] })
    const verified = await stage.cli('verify', '--successes', '1', '--no-probes')
    expect(verified.code, verified.output).toBe(1)
    expect(verified.output).toContain('SITE_ROLE_DIFFERS')
    ok(await stage.pulumi('refresh', '--yes'))
    await stage.declare(fileManager({ [FINANCE]: 'write', [PROJECTS]: 'read' }))
    ok(await stage.cli('up'))
    const one = await graph('GET', `/sites/${HOST}:/sites/finance:/permissions/${granted?.id}`)
    expect(one).toMatchObject({ roles: ['write'] })
    expect(await permissions('/sites/projects')).toHaveLength(1)
  })

  it('go when they are not declared any more, one that somebody deleted too', async () => {
    const [granted] = await permissions('/sites/projects')
    await graph('DELETE', `/sites/${HOST}:/sites/projects:/permissions/${granted?.id}`)
    await stage.declare(fileManager({}))
    const up = await stage.cli('up')
    ok(up)
    expect(up.output).toContain(`file-manager loses the role write on ${FINANCE}.`)
    expect(await permissions('/sites/finance')).toEqual([])
    ok(await stage.pulumi('destroy', '--yes'))
  })
})
