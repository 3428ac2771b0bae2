import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { MOVE_RECORD } from '../../../infra/contract/move.ts'
import type { AppDeclarationInput } from '../../../infra/declaration/schema.ts'
import { NIGHTLY } from '../../support/backends/index.ts'
import { FILE_MANAGER, REPOSITORY, run } from '../../support/stage.ts'
import { startConsumers } from '../rotation/consumers.ts'
import { openRotationStage, ROTATED, type RotationStage } from '../rotation/support.ts'

const DRIVER = join(REPOSITORY, 'test/engine/move/driver.ts')

const api: AppDeclarationInput = {
  displayName: 'API',
  appRoles: { Reader: { displayName: 'Reader', description: 'Reads', for: ['applications'] } },
}
const client: AppDeclarationInput = {
  displayName: 'Client',
  permissions: { api: { application: ['Reader'] } },
  consent: 'grant',
}

/** How often the engine runs, in order: each step starts from what the one before it left. */
describe.sequential('a move from one stack to another', () => {
  let rotation: RotationStage
  let consumers: ReturnType<typeof startConsumers>
  const target = ['--stack', 'other']
  beforeAll(async () => {
    rotation = await openRotationStage()
    const { stage } = rotation
    const fm = { ...FILE_MANAGER, secrets: { onedrive: ROTATED } }
    await stage.declare({ fm, api, client })
    await stage.pulumi('stack', 'init', 'other')
    const file = join(stage.dir, 'Pulumi.other.yaml')
    const settings = parse(readFileSync(file, 'utf8')) as object
    const two = { displayName: 'Two' }
    writeFileSync(file, stringify({ ...settings, config: { 'entra-apps:apps': { two } } }))
    const deployed = await stage.cli('up', '--all-stacks', '--parallel', '2')
    expect(deployed.code, deployed.output).toBe(0)
    await rotation.rotate('now')
    consumers = startConsumers(rotation)
  })
  afterAll(() => rotation?.close())

  /** Requests that change the directory; tokens are none. */
  const writes = () =>
    rotation.stage.tenant
      .requests()
      .filter(({ method, path }) => method !== 'GET' && !/\/token$/.test(path) && !/\$batch$/.test(path))

  const moveKilledAfter = async (step: string) => {
    const { dir, env } = rotation.stage
    const ended = await run(process.execPath, [DRIVER, dir, 'test', 'other', step, 'fm'], { cwd: dir, env })
    expect(ended.code, ended.output).toBe(null)
    return ended
  }

  it('refuses to tear apart what refers to each other', async () => {
    const { stage } = rotation
    const torn = await stage.cli('move', 'api', '--to', 'other')
    expect(torn.code, torn.output).toBe(1)
    expect(torn.output).toMatch(/client refers to api/)
  })

  it('is continued after every kill, and changes nothing in the tenant', async () => {
    const { stage } = rotation
    const before = writes().length
    const source = (await stage.pulumi('stack', 'export')).stdout
    await moveKilledAfter('record')
    expect(statSync(join(stage.dir, MOVE_RECORD)).mode & 0o777).toBe(0o600)
    const refused = await stage.pulumi('preview', ...target)
    expect(refused.output).toMatch(/Continue it first: npx entra-apps move fm --stack test --to other/)
    if (NIGHTLY) await moveKilledAfter('protect')
    await moveKilledAfter('moveState')
    // As if it had been killed when only the target was written.
    writeFileSync(join(stage.dir, 'source.json'), source)
    await stage.pulumi('stack', 'import', '--file', join(stage.dir, 'source.json'))
    for (const step of NIGHTLY
      ? ['forget', 'writeFiles', 'deploy target', 'deploy source']
      : ['deploy target'])
      await moveKilledAfter(step)
    const ended = await stage.cli('move', 'fm', '--to', 'other')
    expect(ended.code, ended.output).toBe(0)
    expect(existsSync(join(stage.dir, MOVE_RECORD))).toBe(false)
    for (const stack of ['test', 'other']) {
      const up = await stage.cli('up', '--stack', stack)
      expect(up.code, up.output).toBe(0)
      // Nor is anything else recorded, such as an output or a protection.
      expect(up.output).toMatch(/Previewing[\s\S]*unchanged/)
      expect(up.output).not.toMatch(/Updating/)
    }
    expect(writes().slice(before)).toEqual([])
  })

  it('takes the rotation along', async () => {
    const { stage } = rotation
    const left = JSON.parse((await stage.pulumi('stack', 'output', '--json')).stdout)
    expect(Object.keys(left.apps).sort()).toEqual(['api', 'client'])
    expect(left.ledger).not.toHaveProperty('fm')
    const { deployment } = JSON.parse((await stage.pulumi('stack', 'export', ...target)).stdout)
    const guarded = deployment.resources.filter((each: { protect?: boolean }) => each.protect)
    expect(guarded.map(({ urn }: { urn: string }) => urn.split('::').at(-1))).toEqual(['fm-onedrive-g2'])
    const rotated = await stage.cli('rotate', ...target, '--app', 'fm', '--now', '--successes', '1')
    expect(rotated.code, rotated.output).toBe(0)
    const { ledger } = JSON.parse((await stage.pulumi('stack', 'output', '--json', ...target)).stdout)
    expect(ledger.fm.onedrive).toMatchObject([
      { generation: 1, phase: 'previous' },
      { generation: 2, phase: 'previous' },
      { generation: 3, phase: 'current' },
    ])
    const served = await consumers.stop()
    expect(served.refused).toEqual([])
    expect(served.issued).toBeGreaterThan(50)
  })
})
