import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownName } from '../../../scripts/acceptance/fence.ts'
import type { Recording } from '../../../scripts/acceptance/recording.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { NIGHTLY } from '../../support/backends/index.ts'
import { deployerGraph, type Rehearsal, trust } from '../../support/rehearsal.ts'
import { openStage, REPOSITORY, run, type Stage } from '../../support/stage.ts'

/** Waits for an overlap of a minute, so not with each change. */
describe.runIf(NIGHTLY)('npm run acceptance, with a local tenant in place of a real one', () => {
  let stage: Stage
  let graph: Rehearsal['graph']
  beforeAll(async () => {
    // Removing applications for good needs more than deploying them.
    const more = ['AuditLog.Read.All', 'Application.ReadWrite.All']
    stage = await openStage({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, ...more] })
    trust(stage.tenant.caPem)
    graph = await deployerGraph(stage.tenant)
  })
  afterAll(() => stage?.close())

  const acceptance = (...args: string[]) =>
    run(process.execPath, [join(REPOSITORY, 'scripts/acceptance/main.ts'), ...args], {
      cwd: stage.dir,
      env: { ...stage.env, ENTRA_APPS_ACCEPTANCE_TENANTS: stage.tenant.tenantId },
    })
  const namesIn = async (path: string) =>
    ((await graph('GET', path))['value'] as { displayName: string }[]).map(({ displayName }) => displayName)

  it('does the whole job, leaves nothing, and differs in nothing from another local tenant', async () => {
    const before = await namesIn('/applications')
    const ended = await acceptance('--tenant', '--compare', '--yes')
    expect(ended.code, ended.output).toBe(0)
    const report = await readFile(join(stage.dir, 'acceptance.md'), 'utf8')
    expect(report.match(/\| done \|/g), report).toHaveLength(9)
    expect(report).toMatch(/\d+ requests, no differences\./)
    expect(await namesIn('/applications')).toEqual(before)
    expect(await namesIn('/directory/deletedItems/microsoft.graph.application')).toEqual([])
    const { exchanges } = JSON.parse(await readFile(join(stage.dir, 'acceptance.json'), 'utf8')) as Recording
    const text = JSON.stringify(exchanges)
    for (const secret of [
      stage.tenant.tenantId,
      stage.tenant.deployer.clientId,
      stage.env['ARM_CLIENT_SECRET'],
      'eyJ',
    ]) {
      expect(text).not.toContain(secret)
    }
  })

  it('refuses a tenant that is not listed', async () => {
    const { tenantId } = stage.tenant
    const env = { ...stage.env, ENTRA_APPS_ACCEPTANCE_TENANTS: '00000000-0000-0000-0000-000000000001' }
    const main = join(REPOSITORY, 'scripts/acceptance/main.ts')
    const ended = await run(process.execPath, [main, '--sweep', '--yes'], { cwd: stage.dir, env })
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(`The tenant "${tenantId}"`) })
  })

  it('sweeps what a broken run left, and nothing else', async () => {
    await graph('POST', '/applications', { displayName: 'entra-apps acceptance of somebody' })
    await graph('POST', '/applications', { displayName: ownName('0badcafe', 'left') })
    const ended = await acceptance('--sweep', '--yes')
    expect(ended.code, ended.output).toBe(0)
    expect(ended.stdout).toContain(ownName('0badcafe', 'left'))
    const left = await namesIn('/applications')
    expect(left).toContain('entra-apps acceptance of somebody')
    expect(left).not.toContain(ownName('0badcafe', 'left'))
  })
})
