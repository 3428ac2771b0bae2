import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine } from '../../../engine/index.ts'
import { type RetireOptions, retireCommand } from '../../../scripts/commands/retire.ts'
import { Mask } from '../../../scripts/lib/mask.ts'
import type { RetireReport } from '../../../scripts/retirement/retire.ts'
import { Pulumi } from '../../../scripts/stack/pulumi.ts'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/seed/seed.ts'
import { FILE_MANAGER } from '../../support/stage.ts'
import { recordingTerminal } from '../../support/terminal.ts'
import { KilledRun } from '../rotation/killed-run.ts'
import { openRotationStage, ROTATED, type RotationStage } from '../rotation/support.ts'
import { isDeletion, RETIREMENT } from './support.ts'

const FM = {
  ...FILE_MANAGER,
  appRoles: { Reader: { displayName: 'Reader', description: 'Reads', for: ['applications' as const] } },
  secrets: { onedrive: ROTATED },
}
const VIEWER = {
  displayName: 'Viewer',
  permissions: { fm: { application: ['Reader'] } },
  consent: 'grant' as const,
}

let rotation: RotationStage
beforeAll(async () => {
  rotation = await openRotationStage(undefined, {
    deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'AuditLog.Read.All'],
  })
  await rotation.stage.declare({ fm: FM, viewer: VIEWER })
  // Deploys what is declared and delivers the secret, which is protected from then on.
  await rotation.rotate()
})
afterAll(() => rotation?.close())

/** The command, by the tenant's clock. */
async function retire(options: Partial<RetireOptions> = {}): Promise<[code: number, report: RetireReport]> {
  const { stage } = rotation
  const terminal = recordingTerminal()
  const pulumi = new Pulumi({
    command: (await ensureEngine()).command,
    cwd: stage.dir,
    env: stage.env,
    mask: new Mask(),
  })
  const code = await retireCommand(
    { app: 'fm', unusedFor: '30d', json: true, ...options },
    {
      openWorkspace: async () => ({ pulumi }),
      projectDir: stage.dir,
      env: stage.env,
      terminal,
      now: () => stage.tenant.control.clock.now(),
    },
  )
  return [code, JSON.parse(terminal.printed.join(''))]
}

const secret = () => rotation.read('one.env')
const isProofKept = () =>
  existsSync(join(rotation.stage.dir, '.entra-apps/proofs', `${rotation.clientId}.json`))
const stackFile = () => readFile(join(rotation.stage.dir, 'Pulumi.test.yaml'), 'utf8')

/** The end of an application, from its last use until it is gone; each step starts from what the one before it left. */
describe('retire', () => {
  it('shows who uses it and holds rights on it, and refuses while it is in use', async () => {
    expect(await rotation.token(await secret())).toBe('issued')
    const before = await stackFile()
    const [code, report] = await retire()
    expect(code).toBe(1)
    expect(report).toMatchObject({ phase: 'active', did: 'nothing', next: 'disable' })
    expect(report.usage?.uses.map(({ what }) => what)).toEqual(['signed in by itself', 'used onedrive g1'])
    expect(report.usage?.unknown).toEqual([])
    expect(report.holders).toEqual([{ name: 'Viewer', kind: 'application', holds: 'app role Reader' }])
    expect(report.refusals[0]?.reason).toMatch(/signed in by itself at .*, which is within 30 days/)
    expect(await stackFile()).toBe(before)
  })

  it('disables its sign-in, so that the token is refused and nothing is drift', async () => {
    const killed = await new KilledRun(rotation, 0, 'after set', 'retire fm', RETIREMENT).end()
    expect(killed.signal, killed.output).toBe('SIGKILL')
    expect(await rotation.token(await secret())).toBe('issued')
    const [code, report] = await retire({ force: true })
    expect([code, report.phase, report.did]).toEqual([3, 'disabled', 'disabled'])
    expect(await stackFile()).toMatch(/fm:[\s\S]*retire:\n\s+after: 30d/)
    expect(await rotation.token(await secret())).toBe('7000112')
    const verify = await rotation.stage.cli('verify', '--app', 'fm', '--live')
    expect(verify.code, verify.output).toBe(0)
    expect(isProofKept()).toBe(true)
  })

  it('waits, and comes back when it is cancelled', async () => {
    expect((await retire())[0]).toBe(3)
    const [code, report] = await retire({ cancel: true })
    expect([code, report.did]).toEqual([0, 'cancelled'])
    expect(await rotation.token(await secret())).toBe('issued')
    expect(await stackFile()).not.toContain('retire')
  })

  it('is deleted after its time, once nobody refers to it', async () => {
    expect((await retire({ force: true }))[0]).toBe(3)
    rotation.advance(31)
    const [refused, waiting] = await retire()
    expect(refused).toBe(1)
    expect(waiting.refusals.map(({ reason }) => reason)).toEqual(['viewer of this stack refers to it'])
    await rotation.stage.declare({ fm: { ...FM, retire: { after: '30d' } } })
    const { objectId } = JSON.parse(
      (await rotation.stage.pulumi('stack', 'output', 'apps', '--json')).stdout,
    ).fm
    const run = new KilledRun(rotation, 31 * 86_400_000, '$^', 'retire fm', RETIREMENT)
    // Not that of the viewer, which is deleted as well.
    await run.killInside('deploy', 'write', (each) => isDeletion(each) && each.path.endsWith(`/${objectId}`))
    const [code, report] = await retire()
    expect([code, report.phase, report.did]).toEqual([0, 'deleted', 'deleted'])
    expect(await rotation.token(await secret())).toBe('700016')
    expect(isProofKept()).toBe(false)
  })

  it('is gone for the next run and for the next deployment', async () => {
    const [code, report] = await retire()
    expect([code, report.phase, report.next]).toEqual([0, 'deleted', 'nothing'])
    const [cancelled, back] = await retire({ cancel: true })
    expect(cancelled).toBe(1)
    expect(back.refusals[0]?.fix).toContain(`/directory/deletedItems/${report.deleted?.objectId}/restore`)
    const up = await rotation.stage.pulumi('up', '--yes', '--skip-preview', '--expect-no-changes')
    expect(up.code, up.output).toBe(0)
    const unknown = await rotation.stage.cli('retire', 'fn')
    expect(unknown.code, unknown.output).toBe(2)
    expect(unknown.stderr).toMatch(/No application "fn" is declared; did you mean "fm"/)
  })
})
