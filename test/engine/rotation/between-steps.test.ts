import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watched } from '../../../scripts/rehearsal/watch.ts'
import type { RotationPorts } from '../../../scripts/rotation/ports.ts'
import { openRotationStage, type RotationStage } from './support.ts'

/** Somebody else's pipeline runs whatever it runs, at every moment between two steps of a rotation. */
describe.sequential('pulumi preview, up and refresh between any two steps', () => {
  let rotation: RotationStage
  const seen: string[] = []
  beforeAll(async () => {
    rotation = await openRotationStage()
    await rotation.rotate()
  })
  afterAll(() => rotation.close())

  const disturb = async (moment: string) => {
    seen.push(moment)
    await rotation.expectUnchanged(moment)
  }

  const disturbed = (ports: RotationPorts) =>
    watched(ports, async (moment) => {
      if (moment.startsWith('after')) await disturb(moment)
    })

  it('change nothing, from issue to promotion', async () => {
    const old = await rotation.read('one.env')
    rotation.advance(31)
    expect(await rotation.rotate('due', { wrap: disturbed })).toMatchObject({ ok: true })
    expect(seen).toEqual([
      'after issue',
      'after proof of onedrive g2',
      'after delivery to dotenv:one.env#CLIENT_SECRET',
      'after delivery to dotenv:two.env#CLIENT_SECRET',
      'after promote',
    ])
    expect(await rotation.phases()).toEqual(['g1 previous', 'g2 current'])
    expect(await rotation.token(old)).toBe('issued')
  })

  it('change nothing around a retirement', async () => {
    rotation.advance(8)
    expect(await rotation.rotate('due', { wrap: disturbed })).toMatchObject({
      outcomes: [{ generation: 1, result: 'retired' }],
    })
    expect(seen.slice(-2)).toEqual(['after retire', 'after refusal of onedrive g1'])
    expect(await rotation.phases()).toEqual(['g1 retired', 'g2 current'])
    expect(await rotation.token(await rotation.read('two.env'))).toBe('issued')
  })
})
