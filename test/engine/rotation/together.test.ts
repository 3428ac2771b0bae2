import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnBackends } from '../../support/backends/index.ts'
import { REPOSITORY, run } from '../../support/stage.ts'
import { openRotationStage, type RotationStage } from './support.ts'

const DRIVER = join(REPOSITORY, 'test/engine/rotation/driver.ts')
const MONTH = 31 * 86_400_000

/** A schedule that overlaps itself, or somebody who starts a rotation by hand while the pipeline is at it. */
describeOnBackends('two rotations at once', (backend) => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage(undefined, { backend })
    await rotation.rotate()
  })
  afterAll(() => rotation?.close())

  it('take turns at the lock, and end with one new generation that both files hold', async () => {
    rotation.advance(31)
    const old = await rotation.read('one.env')
    const { dir, env } = rotation.stage
    const start = () => run(process.execPath, [DRIVER, dir, String(MONTH), '$^'], { cwd: dir, env })
    const ended = await Promise.all([start(), start()])
    const output = ended.map((each) => each.output).join('\n---\n')
    // The one that finds the other's generation taken over, or promoted, says so; it has not failed to keep anybody in.
    expect(
      ended.some(({ code }) => code === 0),
      output,
    ).toBe(true)
    expect(output).toMatch(/waiting: process \d+ on \S+, since/)
    expect(await rotation.phases()).toEqual(['g1 previous', 'g2 current'])
    const [one, two] = [await rotation.read('one.env'), await rotation.read('two.env')]
    expect(one).toBe(two)
    expect(one).not.toBe(old)
    expect([await rotation.token(old), await rotation.token(one)]).toEqual(['issued', 'issued'])
    expect(await rotation.orphans()).toEqual([])
  })
})
