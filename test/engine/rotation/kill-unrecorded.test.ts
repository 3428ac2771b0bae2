import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KilledRun } from './killed-run.ts'
import { openRotationStage, type RotationStage } from './support.ts'

/** Issued by the engine, and unknown to the ledger, because run and engine were killed in between; nothing else is due. */
describe.sequential('a secret that was issued and not recorded', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage()
    await rotation.rotate()
  })
  afterAll(() => rotation.close())

  const killed = async () => {
    await new KilledRun(rotation, 0, '$^', 'now').killInside('issue', 'keyId')
    expect(await rotation.phases()).toEqual(['g1 current'])
    expect(await rotation.keyIds()).toHaveLength(2)
  }
  const expectGone = async () => {
    const live = (await rotation.ledger()).filter(({ phase }) => phase !== 'retired')
    expect((await rotation.keyIds()).sort()).toEqual(live.map(({ keyId }) => keyId).sort())
  }

  it('is listed by report, and deleted by the next run of rotate', async () => {
    await killed()
    const { code, stdout, output } = await rotation.stage.cli('report', '--json')
    expect(code, output).toBe(0)
    expect(JSON.parse(stdout).credentials).toEqual([
      expect.objectContaining({ generation: 1, phase: 'current' }),
      expect.objectContaining({
        generation: 2,
        phase: 'issued',
        attention: expect.stringMatching(/not recorded.*run `rotate`/),
      }),
    ])
    expect(await rotation.rotate()).toMatchObject({
      ok: true,
      outcomes: [{ generation: 2, result: 'retired' }],
    })
    await expectGone()
    expect(await rotation.rotate()).toEqual({ ok: true, outcomes: [] })
  })

  it.each([
    ['deliver', 'deliver'],
    ['up', 'up'],
  ])('is deleted by the next run of %s', async (_, command) => {
    await killed()
    const { code, output } = await rotation.stage.cli(command)
    expect(code, output).toBe(0)
    await expectGone()
    expect(await rotation.token(await rotation.read('one.env'))).toBe('issued')
  })
})
