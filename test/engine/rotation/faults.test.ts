import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NIGHTLY } from '../../support/backends/index.ts'
import { openRotationStage, type RotationStage } from './support.ts'

/** One stack through a rotation after the other, a month apart, each with another trouble of the real world. */
describe.sequential('a rotation in trouble', () => {
  let rotation: RotationStage
  let held: string[] = []
  beforeAll(async () => {
    rotation = await openRotationStage()
    await rotation.rotate()
  })
  afterAll(() => rotation.close())

  const control = () => rotation.stage.tenant.control
  const readBoth = () => Promise.all([rotation.read('one.env'), rotation.read('two.env')])
  const current = async () => (await rotation.phases()).find((phase) => phase.endsWith('current'))
  const generation = async () => Number(/\d+/.exec((await current()) ?? '')?.[0])

  beforeEach(async () => {
    rotation.advance(31)
    held = await readBoth()
  })

  /** Whatever the trouble was: who held a secret before still gets in, and so does who reads one now. */
  afterEach(async () => {
    control().clearFaults()
    control().setLag(0)
    await rm(join(rotation.stage.dir, 'two.env.lock'), { recursive: true, force: true })
    for (const secret of new Set([...held, ...(await readBoth())])) {
      expect(await rotation.token(secret)).toBe('issued')
    }
  })

  it.each([
    ['a burst of 429', { effect: 'throttle', retryAfter: '1s', times: 4 }],
    ...(NIGHTLY
      ? ([['a burst of 503', { effect: 'unavailable', retryAfter: '1s', times: 4 }]] as const)
      : []),
    ['cut connections', { effect: 'drop-before', times: 2 }],
  ] as const)('rides out %s of Graph', async (_, fault) => {
    const before = await generation()
    control().addFault({ ...fault, on: { service: 'graph' } })
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    expect(await generation()).toBe(before + 1)
    expect(
      control()
        .faults()
        .every(({ hits }) => hits > 0),
    ).toBe(true)
  })

  it('deploys again when the directory takes no second change at that moment', async () => {
    const before = await generation()
    control().addFault({ effect: 'refuse', status: 409, on: { operation: 'addPassword' }, times: 1 })
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    expect(await generation()).toBe(before + 1)
    expect(rotation.notes.join('\n')).toMatch(
      /pulumi up: try 2 of 4 in 5 s; fm-onedrive-g\d+: Directory_ConcurrencyViolation/,
    )
    expect(await rotation.orphans()).toEqual([])
  })

  it('waits for a new secret that takes a minute to arrive', async () => {
    const before = await generation()
    control().setLag({ secrets: '60s' })
    const hurry = setInterval(() => control().clock.advance(2000), 100)
    const report = await rotation.rotate('due', { deadlineMs: 600_000 }).finally(() => clearInterval(hurry))
    expect(report).toMatchObject({ ok: true })
    expect(await generation()).toBe(before + 1)
    expect(rotation.notes.join('\n')).toMatch(/AADSTS7000215|7000215/)
  })

  it('withdraws what does not work before the deadline', async () => {
    const before = await current()
    control().setLag({ secrets: '7d' })
    const report = await rotation.rotate('due', { deadlineMs: 2000 })
    expect(report).toMatchObject({ ok: false })
    expect(report.outcomes[0]?.result).toBe('withdrawn')
    expect(await current()).toBe(before)
    expect(await readBoth()).toEqual(held)
  })

  it('survives a lost answer to addPassword, and --prune finds what it left', async () => {
    const before = await generation()
    control().addFault({ effect: 'lose-answer', on: { operation: 'addPassword' }, times: 1 })
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    expect(await generation()).toBeGreaterThan(before)
    const orphans = await rotation.orphans()
    expect(orphans).toHaveLength(1)
    rotation.advance(0.1)
    expect(await rotation.prune()).toEqual([expect.objectContaining({ keyId: orphans[0]?.keyId })])
  })

  it('withdraws when the token endpoint refuses to answer the application', async () => {
    const before = await current()
    const down = { service: 'login', caller: rotation.clientId } as const
    control().addFault({ effect: 'unavailable', on: { ...down, operation: 'token' } })
    const report = await rotation.rotate('due', { deadlineMs: 2000 })
    expect(report.outcomes.filter(({ result }) => result === 'withdrawn')).toHaveLength(1)
    expect(await current()).toBe(before)
    expect(await readBoth()).toEqual(held)
  })

  it('changes nothing when nobody can log in, and says that the next run continues', async () => {
    const before = await current()
    control().addFault({ effect: 'refuse', status: 401, on: { operation: 'token' } })
    await expect(rotation.rotate()).rejects.toMatchObject({
      code: 'PULUMI_FAILED',
      message: expect.stringMatching(/Consumers keep what they have; run the same command again/),
    })
    control().clearFaults()
    expect(await current()).toBe(before)
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    expect(await current()).not.toBe(before)
  })

  it('puts the first file back when the second cannot be written, and keeps the new secret for its readers', async () => {
    const before = await current()
    const { dir } = rotation.stage
    await rm(join(dir, 'two.env'))
    await mkdir(join(dir, 'two.env'))
    const report = await rotation.rotate()
    expect(report.outcomes.find(({ result }) => result === 'withdrawn')?.detail).toMatch(
      /is back at dotenv:one\.env/,
    )
    await rm(join(dir, 'two.env'), { recursive: true })
    await writeFile(join(dir, 'two.env'), `CLIENT_SECRET=${held[1]}\n`, { mode: 0o600 })
    expect(await current()).toBe(before)
    expect(await readBoth()).toEqual(held)
  })

  it.each([
    ['ahead', 600_000],
    ['behind', -600_000],
  ])('works with a clock that is ten minutes %s', async (_, skew) => {
    const before = await generation()
    expect(await rotation.rotate('due', { skew })).toMatchObject({ ok: true })
    expect(await generation()).toBeGreaterThan(before)
  })

  it('ends with two live secrets and no orphan, all proved', async () => {
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    rotation.advance(8)
    expect(await rotation.rotate()).toMatchObject({ ok: true })
    const live = (await rotation.phases()).filter((phase) => !phase.endsWith('retired'))
    expect(live).toEqual([expect.stringMatching(/current$/)])
    expect(await rotation.orphans()).toEqual([])
    // Who held the one before last has been given a month to re-read.
    held = []
  })
})
