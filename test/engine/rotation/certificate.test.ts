import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watched } from '../../../scripts/rehearsal/watch.ts'
import { CERTIFICATE, openRotationStage, type RotationStage } from './support.ts'

/**
 * A key pair that is made here, by the commands and in order: each step starts from what the one before it left. The
 * tenant's clock stays, because Azure Identity signs by the computer's; the run's own goes ahead instead.
 */
describe.sequential('rotation of a certificate', () => {
  let rotation: RotationStage
  const held: string[] = []
  beforeAll(async () => {
    rotation = await openRotationStage(CERTIFICATE)
  })
  afterAll(() => rotation.close())

  const cli = async (code: number, ...args: string[]) => {
    const ended = await rotation.stage.cli(...args)
    expect(ended.code, ended.output).toBe(code)
    expect(ended.output).not.toMatch(/PRIVATE KEY/)
    return ended.stdout
  }

  it('starts with a first generation, whose key is nowhere in the clear', async () => {
    const state = await rotation.stage.state()
    expect(state).toContain('pulumi:index:Stash')
    expect(state).not.toMatch(/PRIVATE KEY/)
    await rotation.expectUnchanged('after the first deployment')
  })

  it('is delivered as PEM, which gets a token', async () => {
    expect(await cli(0, 'rotate')).toMatch(/✓ fm\/onedrive g1 delivered/)
    held.push(await rotation.read('one.env'))
    expect(held[0]).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\s\S]+-----END CERTIFICATE-----\n$/)
    expect(await rotation.token(held[0] ?? '')).toBe('issued')
    expect(await cli(0, 'verify', '--no-probes')).toContain('onedrive g1')
  })

  it('is rotated with overlap, and nothing in between changes anything', async () => {
    const report = await rotation.rotate('now', {
      wrap: (ports) =>
        watched(ports, async (moment) => {
          if (moment.startsWith('after')) await rotation.expectUnchanged(moment)
        }),
    })
    expect(report).toMatchObject({ ok: true })
    held.push(await rotation.read('two.env'))
    expect(await rotation.phases()).toEqual(['g1 previous', 'g2 current'])
    expect(held[1]).not.toBe(held[0])
    expect(await Promise.all(held.map(rotation.token))).toEqual(['issued', 'issued'])
  })

  it('is refused once it is retired', async () => {
    expect(await rotation.rotate('due', { skew: 8 * 86_400_000 })).toMatchObject({
      ok: true,
      outcomes: [{ generation: 1, result: 'retired' }],
    })
    expect(await Promise.all(held.map(rotation.token))).toEqual(['700027', 'issued'])
    expect(await rotation.keyIds()).toHaveLength(1)
  })
})
