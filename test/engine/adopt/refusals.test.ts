import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { adoptionReport } from '../../../scripts/adopt/report.ts'
import { localStage } from '../../../scripts/stack/local-stage.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { deployerGraph, trust } from '../../support/rehearsal.ts'
import { type Ended, openStage, REPOSITORY, type Stage } from '../../support/stage.ts'
import { makePortalApp } from './portal-app.ts'

const ROLES = [
  ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
  'Application.ReadWrite.All',
  'User.Read.All',
  'Group.ReadWrite.All',
]

const OTHER = { displayName: 'Other' }

describe.sequential('adopting beside a deployed application', () => {
  let stage: Stage
  let graph: Awaited<ReturnType<typeof deployerGraph>>
  beforeAll(async () => {
    stage = await openStage({ deployerRoles: ROLES })
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
    await stage.declare({ other: OTHER })
    ok(await stage.cli('up'))
  })
  afterAll(() => stage?.close())

  const ok = (ended: Ended) => expect(ended.code, ended.output).toBe(0)
  const register = async (displayName: string, withPrincipal = true) => {
    const { id, appId } = await graph('POST', '/applications', { displayName })
    if (withPrincipal) await graph('POST', '/servicePrincipals', { appId })
    return { objectId: String(id), clientId: String(appId) }
  }
  const files = () => readdir(join(stage.dir, 'apps')).catch(() => [])
  /** Ends with one message, and has written nothing into the tenant or the project. */
  const isRefused = async (ended: Ended, code: number, wanted: RegExp, writes: number) => {
    expect(ended.code, ended.output).toBe(code)
    expect(ended.output).toMatch(wanted)
    expect(ended.output).not.toMatch(/^\s+at .*\.ts:\d+/m)
    expect(graphWrites()).toBe(writes)
    expect(await files()).toEqual([])
  }
  const graphWrites = () =>
    stage.tenant
      .requests()
      .filter(
        ({ method, path }) => method !== 'GET' && !path.includes('/oauth2/') && !path.includes('$batch'),
      ).length

  it.each([
    ['nothing that says which', [], /one of --client-id, --name, --all-owned and --from/],
    ['two ways to say which', ['--name', 'x', '--all-owned'], /one of --client-id/],
    ['an id that is none', ['--client-id', '42'], /"42" is not a GUID/],
    ['an unknown id', ['--client-id', randomUUID()], /The tenant has no registration with client id/],
    ['an unknown name', ['--name', 'Nobody'], /The tenant has no registration called "Nobody"/],
    [
      'what is managed already',
      ['--name', 'Other'],
      /Other \(client id .*\) is managed by this stack already, as "other"/,
    ],
    ['a name for several', ['--all-owned', '--app', 'x'], /--app names one application/],
    ['a name that is none', ['--name', 'x', '--app', 'X Y'], /"X Y" is not a name/],
  ])('refuses %s', async (_, args, wanted) => {
    const writes = graphWrites()
    await isRefused(await stage.cli('adopt', ...args), 2, wanted, writes)
  })

  it('lists both of two namesakes', async () => {
    const twins = [await register('Twin'), await register('Twin')]
    const writes = graphWrites()
    const ended = await stage.cli('adopt', '--name', 'Twin')
    await isRefused(ended, 2, /2 registrations are called "Twin"\. Say which one with --client-id/, writes)
    for (const { clientId, objectId } of twins)
      expect(ended.output).toContain(`${clientId}  (object id ${objectId}`)
  })

  it('says how to restore one that was deleted', async () => {
    const { objectId, clientId } = await register('Gone')
    await graph('DELETE', `/applications/${objectId}`)
    const writes = graphWrites()
    const wanted = new RegExp(`It was deleted at .*deletedItems/${objectId}/restore`)
    await isRefused(await stage.cli('adopt', '--client-id', clientId), 2, wanted, writes)
  })

  it('refuses a name that is taken', async () => {
    const writes = graphWrites()
    const twin = await register('Third')
    const ended = await stage.cli('adopt', '--client-id', twin.clientId, '--app', 'other')
    await isRefused(ended, 2, /has an application "other" already/, writes + 2)
  })

  it('refuses one without a service principal, with how to fix it', async () => {
    const { clientId } = await register('Bare', false)
    const writes = graphWrites()
    const ended = await stage.cli('adopt', '--client-id', clientId)
    await isRefused(
      ended,
      1,
      new RegExp(`no service principal in this tenant.*az ad sp create --id ${clientId}`),
      writes,
    )
  })

  it('refuses while other changes wait', async () => {
    const { clientId } = await register('Patient')
    await stage.declare({ other: { ...OTHER, notes: 'changed' } })
    const writes = graphWrites()
    const ended = await stage.cli('adopt', '--client-id', clientId)
    await isRefused(
      ended,
      1,
      /changes of its own that are not deployed yet[\s\S]*update Application other/,
      writes,
    )
    await stage.declare({ other: OTHER })
  })

  it('says what the deployer lacks', async () => {
    const { objectId, clientId } = await register('Powerless')
    const secret = await graph('POST', `/applications/${objectId}/addPassword`, {})
    const writes = graphWrites()
    const powerless = { ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: String(secret['secretText']) }
    const ended = await stage.cliWith(powerless, 'adopt', '--name', 'Other')
    await isRefused(ended, 2, /could not be read: Authorization_RequestDenied/, writes)
  })

  it('continues what was killed, and nothing is deleted in between', async () => {
    const app = await makePortalApp(stage, {
      displayName: 'Interrupted',
      owned: false,
      roles: ['User.Read.All', 'Group.Read.All'],
    })
    const before = await app.snapshot()
    const args = ['adopt', '--client-id', app.clientId, '--app', 'interrupted']
    await killedOnceStateHas(app.objectId, stage, args)
    expect(await files()).toEqual([])
    // Some of it is in the state, and no file declares it yet: the next deployment must not take it for deleted.
    const deployed = await stage.cli('up')
    expect(deployed.code, deployed.output).toBe(1)
    expect(deployed.output).toMatch(/cannot be deleted[\s\S]*protected/)
    expect(await app.snapshot()).toEqual(before)

    ok(await stage.cli(...args))
    ok(await stage.pulumi('up', '--yes', '--expect-no-changes'))
    expect(await app.snapshot()).toEqual(before)
    const declared = parse(await readFile(join(stage.dir, 'apps/interrupted.yaml'), 'utf8'))
    expect(declared).toMatchObject({ owners: ['ada@contoso.onmicrosoft.com'], deployerIsOwner: false })
    expect(declared.consented).toEqual({
      'Microsoft Graph': {
        application: ['Group.Read.All', 'User.Read.All'],
        delegated: ['User.Read', 'offline_access'],
      },
    })
    expect(declared.servicePrincipal).toMatchObject({ owners: ['grace@contoso.onmicrosoft.com'] })
  })

  it('takes those of an inventory that match', async () => {
    const inventory = join(stage.dir, 'inventory.json')
    await writeFile(inventory, (await stage.cli('inventory', '--json', '--stack', 'test')).stdout)
    const ended = await stage.cli(
      ...['adopt', '--from', inventory, '--match', 'name=t*', 'owner=*', '--json'],
    )
    expect(ended.code, ended.output).toBe(0)
    const { adopted } = adoptionReport.parse(JSON.parse(ended.stdout))
    expect(adopted.map(({ app }) => app).sort()).toEqual(['third', 'twin', 'twin-2'])
    const again = await stage.cli('adopt', '--from', inventory, '--match', 'name=Other')
    expect(again.code, again.output).toBe(2)
    expect(again.output).toMatch(/none of these matches name=Other/)
  })

  it('takes all that the deployer owns, and says which it cannot', async () => {
    const namesake = await register('Patient')
    await graph('DELETE', `/applications/${namesake.objectId}`)
    const ended = await stage.cli('adopt', '--all-owned', '--json')
    expect(ended.code, ended.output).toBe(1)
    const { adopted, notAdoptable, alreadyManaged, deletedNamesakes } = adoptionReport.parse(
      JSON.parse(ended.stdout),
    )
    expect(adopted.map(({ app }) => app).sort()).toEqual(['patient', 'powerless'])
    expect(notAdoptable.map(({ displayName }) => displayName).sort()).toEqual([
      'Bare',
      'Client of Interrupted',
    ])
    expect(alreadyManaged.toSorted()).toEqual(['other', 'third', 'twin', 'twin-2'])
    expect(deletedNamesakes).toMatchObject([{ displayName: 'Patient', clientId: namesake.clientId }])
    ok(await stage.pulumi('preview', '--expect-no-changes'))
  })
})

/** Kills a command and its engine together, as soon as the state names an object. */
async function killedOnceStateHas(objectId: string, stage: Stage, args: readonly string[]): Promise<void> {
  const { stateDir } = localStage(stage.dir)
  const state = join(stateDir, '.pulumi/stacks/entra-apps/test.json')
  const command = [join(REPOSITORY, 'scripts/main.js'), '-C', stage.dir, ...args]
  const child = spawn(process.execPath, command, { cwd: stage.dir, env: stage.env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!(await resourceIds(state)).includes(`/applications/${objectId}`)) {
    if (child.exitCode !== null) throw new Error(`adopt ended with ${child.exitCode} before it was killed`)
    await setTimeout(1)
  }
  const locks = join(stateDir, '.pulumi/locks/organization/entra-apps/test')
  const [lock = ''] = await readdir(locks)
  const { pid } = JSON.parse(await readFile(join(locks, lock), 'utf8')) as { pid: number }
  process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')
  await ended
}

/** Ids of the resources in a state file; none while it is being written. */
async function resourceIds(file: string): Promise<readonly string[]> {
  try {
    const { checkpoint } = JSON.parse(await readFile(file, 'utf8')) as {
      checkpoint: { latest?: { resources?: readonly { id?: string }[] } }
    }
    return (checkpoint.latest?.resources ?? []).map(({ id = '' }) => id)
  } catch {
    return []
  }
}
