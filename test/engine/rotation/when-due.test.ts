import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureEngine } from '../../../engine/index.ts'
import { INTENT_VARIABLE } from '../../../infra/contract/intent.ts'
import { run } from '../../support/stage.ts'
import { openRotationStage, ROTATED, type RotationStage } from './support.ts'

/** A pipeline that only knows `pulumi up`. */
describe.sequential('rotateWhenDue', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage({
      secrets: { onedrive: { ...ROTATED, deliver: [], rotateWhenDue: true } },
    })
  })
  afterAll(() => rotation.close())

  /** `pulumi up` some days later, by the tenant's clock; the intent holds no steps, only that moment. */
  const upAfter = async (days: number) => {
    rotation.advance(days)
    const { stage } = rotation
    const intent = join(stage.dir, 'intent.json')
    const at = `${stage.tenant.control.clock.now().toISOString().slice(0, 19)}Z`
    await writeFile(intent, JSON.stringify({ at, steps: [] }))
    const { command } = await ensureEngine()
    const ended = await run(
      command,
      ['up', '--yes', '--skip-preview', '--non-interactive', '--color=never'],
      {
        cwd: stage.dir,
        env: { ...stage.env, [INTENT_VARIABLE]: intent },
      },
    )
    expect(ended.code, ended.output).toBe(0)
    return rotation.phases()
  }

  it('issues, promotes and retires by pulumi up alone, one at a time, with the overlap kept', async () => {
    expect(await upAfter(29)).toEqual(['g1 current'])
    expect(await upAfter(2)).toEqual(['g1 current', 'g2 issued'])
    expect(await upAfter(0)).toEqual(['g1 previous', 'g2 current'])
    expect(await upAfter(6)).toEqual(['g1 previous', 'g2 current'])
    expect(await upAfter(2)).toEqual(['g1 retired', 'g2 current'])
  })

  it('names an intent that cannot be read, and changes nothing', async () => {
    const { stage } = rotation
    const { command } = await ensureEngine()
    const ended = await run(command, ['up', '--yes', '--non-interactive', '--color=never'], {
      cwd: stage.dir,
      env: { ...stage.env, [INTENT_VARIABLE]: join(stage.dir, 'missing.json') },
    })
    expect(ended.code).not.toBe(0)
    expect(ended.output).toMatch(/The intent in .*missing\.json.*\n.*Unset ENTRA_APPS_INTENT/)
    expect(ended.output).not.toMatch(/^\s+at .*\.ts:\d+/m)
    expect(await rotation.phases()).toEqual(['g1 retired', 'g2 current'])
  })
})
