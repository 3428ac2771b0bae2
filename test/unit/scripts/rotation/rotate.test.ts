import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeliveryDeclaration } from '../../../../infra/declaration/schema/delivery.ts'
import type { RotationRequest } from '../../../../infra/rotation/plan.ts'
import { type Faults, World } from './world.ts'

const TARGETS: DeliveryDeclaration[] = [
  { dotenv: { file: 'a.env', variable: 'S' } },
  { dotenv: { file: 'b.env', variable: 'S' } },
]
const MONTHLY = { lifetime: '90d', rotateEvery: '30d', overlap: '7d' }
const DAY = 24
/** How often a property is tried: a tenth of that for a mutant, which the plain tests have to notice. */
const runs = (usual: number) => (process.env['STRYKER_MUTATOR_WORKER'] === undefined ? usual : usual / 10)

/** Delivered once, with consumers that re-read hourly, daily and every six days. */
async function world(app: object = {}): Promise<World> {
  const made = new World(MONTHLY, TARGETS, app)
  await made.run()
  made.addConsumer(0, 1)
  made.addConsumer(1, DAY)
  made.addConsumer(0, 6 * DAY)
  made.pass(1)
  return made
}
const phases = ({ main }: World) => main.map(({ generation, phase }) => `g${generation} ${phase}`)
const outcomes = (report: Awaited<ReturnType<World['run']>>) =>
  report === 'crashed'
    ? ['crashed']
    : report.outcomes.map(({ generation, result }) => `g${generation} ${result}`)

describe('a rotation', () => {
  it('delivers what was never delivered', async () => {
    const made = new World(MONTHLY, TARGETS)
    expect(outcomes(await made.run())).toEqual(['g1 delivered'])
    expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
    expect(outcomes(await made.run())).toEqual([])
  })

  it('says which target did not take the current one, and records the one that did', async () => {
    const made = new World(MONTHLY, TARGETS)
    expect(await made.run('due', { target: { index: 1, how: 'down' } })).toEqual({
      ok: false,
      outcomes: [
        {
          app: 'files',
          secret: 'main',
          generation: 1,
          result: 'failed',
          detail: 'not delivered: dotenv:b.env#S: it is down',
        },
      ],
    })
    expect(made.main[0]?.deliveries?.map(({ target }) => target)).toEqual(['dotenv:a.env#S'])
    expect(await made.run()).toMatchObject({
      ok: true,
      outcomes: [{ result: 'delivered', detail: 'delivered to dotenv:b.env#S' }],
    })
    expect(made.main[0]?.deliveries?.map(({ target }) => target)).toEqual([
      'dotenv:a.env#S',
      'dotenv:b.env#S',
    ])
  })

  it('records nothing where the current one was not delivered anywhere', async () => {
    const made = new World(MONTHLY, TARGETS)
    const before = made.outputs
    await made.run('due', { target: { index: 0, how: 'down' } })
    expect(made.main[0]?.deliveries).toBeUndefined()
    expect(made.outputs).toBe(before)
  })

  it('does not say that the current one is delivered where it was overwritten at once', async () => {
    const made = new World(MONTHLY, TARGETS)
    made.duringWrite = async () => {
      if (made.held.has('dotenv:a.env#S')) made.held.set('dotenv:a.env#S', 'lost')
    }
    const detail = 'not delivered: dotenv:a.env#S: something else was written there after the secret'
    expect(await made.run()).toMatchObject({ ok: false, outcomes: [{ result: 'failed', detail }] })
    expect(made.main[0]?.deliveries).toBeUndefined()
  })

  it('only retires where nothing else is asked for', async () => {
    const made = await world()
    made.pass(30 * DAY)
    await made.run()
    made.held.set('dotenv:a.env#S', 'value-1')
    expect(outcomes(await made.run('retire'))).toEqual([])
    expect(made.held.get('dotenv:a.env#S')).toBe('value-1')
    made.held.set('dotenv:a.env#S', 'value-2')
    made.pass(60 * DAY)
    expect(outcomes(await made.run('retire'))).toEqual(['g1 retired'])
  })

  it('issues, delivers, promotes, and retires after the overlap', async () => {
    const made = await world()
    made.pass(30 * DAY)
    expect(outcomes(await made.run())).toEqual(['g2 rotated'])
    expect(phases(made)).toEqual(['g1 previous', 'g2 current'])
    expect([...made.held.values()]).toEqual(['value-2', 'value-2'])
    made.pass(6 * DAY)
    expect(outcomes(await made.run())).toEqual([])
    made.pass(DAY)
    expect(outcomes(await made.run())).toEqual(['g1 retired'])
    expect([...made.tenant.keys()]).toEqual(['value-2'])
    expect(made.failures).toEqual([])
  })

  it('issues nothing where a secret of somebody else takes the second place of an application with personal accounts', async () => {
    const made = await world({ signInAudience: 'AzureADandPersonalMicrosoftAccount' })
    made.foreign.set('key-portal', { kind: 'secret', displayName: 'made in the portal', endDate: undefined })
    for (const mode of ['now', 'revoke', 'revoke-now'] as const) {
      expect(await made.run(mode)).toMatchObject({
        ok: false,
        outcomes: [
          {
            result: 'blocked',
            detail: expect.stringMatching(
              /holds 2 client secrets at most, and somebody else made "made in the portal" \(key id key-portal\); once nothing uses it, delete it: az ad app credential delete --id .* --key-id key-portal$/,
            ),
          },
        ],
      })
    }
    made.pass(30 * DAY)
    expect(outcomes(await made.run())).toEqual(['g0 blocked'])
    expect(phases(made)).toEqual(['g1 current'])
    made.foreign.clear()
    expect(outcomes(await made.run('now'))).toEqual(['g2 rotated'])
  })

  it('lets secrets of others be where nothing limits them', async () => {
    const made = await world()
    made.foreign.set('key-portal', { kind: 'secret', displayName: 'made in the portal', endDate: undefined })
    expect(outcomes(await made.run('now'))).toEqual(['g2 rotated'])
  })

  it('is due at once when somebody deleted the current secret from the directory', async () => {
    const made = await world()
    expect(outcomes(await made.run())).toEqual([])
    made.tenant.delete('value-1')
    expect(outcomes(await made.run())).toContain('g2 rotated')
    expect([...made.held.values()]).toEqual(['value-2', 'value-2'])
    expect(phases(made)).toEqual(['g1 previous', 'g2 current'])
  })

  it('withdraws what cannot be proved at once, and is not stopped by it', async () => {
    const made = await world()
    made.pass(30 * DAY)
    const failed = await made.run('due', { proof: true })
    expect(outcomes(failed)).toEqual(['g2 withdrawn'])
    expect(failed).toMatchObject({ ok: false })
    expect([...made.tenant.keys()]).toEqual(['value-1'])
    expect(outcomes(await made.run())).toEqual(['g3 rotated'])
  })

  it('withdraws at once what no target took', async () => {
    const made = await world()
    made.pass(30 * DAY)
    expect(outcomes(await made.run('due', { target: { index: 0, how: 'down' } }))).toEqual(['g2 withdrawn'])
    expect([...made.tenant.keys()]).toEqual(['value-1'])
    expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
  })

  it.each([
    ['the second target is down', { index: 1, how: 'down' }],
    ['an answer was lost after the write', { index: 0, how: 'lost-answer' }],
  ] as const)(
    'puts the current one back when %s, and keeps the new one for who has read it',
    async (_, target) => {
      const made = await world()
      made.pass(30 * DAY)
      made.addConsumer(0, 6 * DAY)
      const failed = made.run('due', { target })
      expect(outcomes(await failed)).toEqual(['g2 withdrawn'])
      expect(phases(made)).toEqual(['g1 current', 'g2 previous'])
      expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
      made.pass(7 * DAY)
      expect(outcomes(await made.run())).toEqual(['g3 rotated', 'g2 retired'])
      made.pass(40 * DAY)
      expect(made.failures).toEqual([])
    },
  )

  it('puts the current one back where a killed run had delivered, even if this run never came that far', async () => {
    const made = await world()
    made.pass(30 * DAY)
    for (let crashAt = 0; made.held.get('dotenv:b.env#S') === 'value-1'; crashAt++) {
      await made.run('due', { crashAt })
    }
    made.pass(DAY)
    const target = { index: 0, how: 'down' } as const
    expect(outcomes(await made.run('due', { target }))).toEqual(['g2 withdrawn'])
    expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
    made.pass(6 * DAY)
    expect(made.failures).toEqual([])
  })

  it('keeps a previous one that somebody still uses, and says so', async () => {
    const made = await world()
    made.addConsumer(0, 365 * DAY)
    made.pass(30 * DAY)
    await made.run()
    made.pass(8 * DAY)
    const report = await made.run()
    expect(outcomes(report)).toEqual(['g1 held'])
    expect(report).toMatchObject({ ok: true, outcomes: [{ detail: expect.stringMatching(/still in use/) }] })
    expect(made.failures).toEqual([])
  })

  it('fixes a target that somebody changed, and gives its readers another overlap', async () => {
    const made = await world()
    made.pass(30 * DAY)
    await made.run()
    made.held.set('dotenv:a.env#S', 'value-1')
    made.pass(7 * DAY)
    expect(outcomes(await made.run())).toEqual(['g1 held'])
    expect(made.held.get('dotenv:a.env#S')).toBe('value-2')
    made.pass(6 * DAY)
    expect(outcomes(await made.run())).toEqual([])
    made.pass(DAY)
    expect(outcomes(await made.run())).toEqual(['g1 retired'])
    expect(made.failures).toEqual([])
  })

  it('repairs a target when nothing is due, and gives its readers another overlap', async () => {
    const made = await world()
    made.pass(30 * DAY)
    await made.run()
    made.pass(6 * DAY)
    made.held.set('dotenv:b.env#S', 'value-1')
    expect(outcomes(await made.run())).toEqual(['g2 delivered'])
    expect([...made.held.values()]).toEqual(['value-2', 'value-2'])
    made.pass(2 * DAY)
    expect(outcomes(await made.run())).toEqual([])
    made.pass(5 * DAY)
    expect(outcomes(await made.run())).toEqual(['g1 retired'])
    expect(made.failures).toEqual([])
  })

  it('promotes only what every target holds after the last write of the run', async () => {
    const made = await world()
    made.pass(30 * DAY)
    // Somebody who keeps to no lock writes the first target after it was read back.
    made.duringWrite = async (value) => {
      if (value === 'value-2' && made.held.get('dotenv:a.env#S') === value)
        made.held.set('dotenv:a.env#S', 'lost')
    }
    const report = await made.run()
    expect(outcomes(report)).toEqual(['g2 withdrawn'])
    expect(report).toMatchObject({
      outcomes: [{ detail: expect.stringMatching(/something else was written/) }],
    })
    expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
    made.duringWrite = undefined
    made.pass(DAY)
    expect(outcomes(await made.run())).toEqual(['g3 rotated'])
    made.pass(8 * DAY)
    expect(made.failures).toEqual([])
  })

  it.each([0, 1])('puts back what a slow run writes after two others, at target %i', async (index) => {
    const made = await world()
    made.pass(30 * DAY)
    const hang = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const targetOf = (value: string) => [...made.held.values()].filter((held) => held === value).length
    made.duringWrite = async (value) => {
      if (value !== 'value-2' || targetOf(value) < index) return
      made.duringWrite = undefined
      reached.resolve()
      await hang.promise
    }
    const slow = made.run()
    await reached.promise
    expect(outcomes(await made.run())).toEqual(['g2 rotated'])
    expect(outcomes(await made.run('revoke-now'))).toEqual(['g3 rotated', 'g1 held', 'g2 retired'])
    hang.resolve()
    const ended = await slow
    expect(ended).toMatchObject({ ok: false, outcomes: [{ detail: expect.stringMatching(/another run/) }] })
    expect([...made.held.values()]).toEqual(['value-3', 'value-3'])
    // Readers of the target may hold any of them: the others got another overlap.
    made.pass(8 * DAY)
    expect(outcomes(await made.run())).toEqual(['g1 retired'])
    expect([...made.tenant.keys()]).toEqual(['value-3'])
    expect([...made.held.values()]).toEqual(['value-3', 'value-3'])
  })

  it('does not write at all once its generation is lost', async () => {
    const made = await world()
    made.pass(30 * DAY)
    const hang = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const slow = made.run('due', {}, async () => {
      // It has proved the generation and has written to no target yet.
      if (made.main.length < 2 || made.proved === 0) return
      reached.resolve()
      await hang.promise
    })
    await reached.promise
    await made.run()
    await made.run('revoke-now')
    const writes: string[] = []
    made.duringWrite = async (value) => void writes.push(value)
    hang.resolve()
    await slow
    expect(writes).toEqual([])
    expect([...made.held.values()]).toEqual(['value-3', 'value-3'])
  })

  it('replaces a leaked secret within a day, and at once if asked', async () => {
    const soon = await world()
    expect(outcomes(await soon.run('revoke'))).toEqual(['g2 rotated'])
    soon.pass(DAY)
    expect(outcomes(await soon.run())).toEqual(['g1 retired'])
    const now = await world()
    expect(outcomes(await now.run('revoke-now'))).toEqual(['g2 rotated', 'g1 retired'])
    expect([...now.tenant.keys()]).toEqual(['value-2'])
  })

  it('remembers that it was a leak when the run that began is killed', async () => {
    const made = await world()
    for (let crashAt = 0; made.main.length < 2; crashAt++) await made.run('revoke', { crashAt })
    await made.run()
    made.pass(DAY)
    expect(outcomes(await made.run())).toEqual(['g1 retired'])
  })

  it('never has more than two live ones where personal accounts sign in', async () => {
    const made = await world({ signInAudience: 'PersonalMicrosoftAccount' })
    for (let day = 0; day < 100; day++) {
      made.pass(DAY)
      await made.run()
      expect(made.tenant.size).toBeLessThanOrEqual(2)
    }
    expect(made.main.at(-1)?.generation).toBe(4)
    expect(made.failures).toEqual([])
  })
})

describe('a run that is killed', () => {
  it('at any of its points cuts nobody off, and the next run completes it', async () => {
    let points = 0
    for (let crashAt = 0; ; crashAt++) {
      const made = await world()
      made.pass(30 * DAY)
      const report = await made.run('due', { crashAt })
      if (report !== 'crashed') break
      points++
      made.pass(12)
      made.deploy({ steps: [] })
      made.pass(12)
      await made.run()
      expect(phases(made).filter((each) => !each.endsWith('retired'))).toEqual(['g1 previous', 'g2 current'])
      made.pass(7 * DAY)
      await made.run()
      expect(phases(made)).toEqual(['g1 retired', 'g2 current'])
      made.pass(7 * DAY)
      expect(made.failures, `killed at point ${crashAt}`).toEqual([])
      expect(made.requests).toBeGreaterThan(3 * 44 * DAY)
    }
    expect(points).toBeGreaterThanOrEqual(12)
  })

  it('leaves nothing that the next run does not find, though that one has nothing to do otherwise', async () => {
    let unrecorded = 0
    for (let crashAt = 0; ; crashAt++) {
      const made = await world()
      const report = await made.run('now', { crashAt })
      if (report !== 'crashed') break
      const isKnown = (generation: number) =>
        made.main.some((each) => each.generation === generation && each.phase !== 'retired')
      const left = [...made.state.keys()].filter((generation) => !isKnown(generation))
      unrecorded += left.length
      const next = await made.run()
      if (left.length > 0) expect(outcomes(next)).toEqual(['g2 retired'])
      expect([...made.state.keys()].filter((generation) => !isKnown(generation))).toEqual([])
      made.pass(7 * DAY)
      expect(made.failures, `killed at point ${crashAt}`).toEqual([])
    }
    expect(unrecorded).toBeGreaterThan(0)
  })

  it('at any point of a retirement cuts nobody off either', async () => {
    let points = 0
    for (let crashAt = 0; ; crashAt++) {
      const made = await world()
      made.pass(30 * DAY)
      await made.run()
      made.pass(7 * DAY)
      const report = await made.run('due', { crashAt })
      if (report !== 'crashed') break
      points++
      made.deploy({ steps: [] })
      await made.run()
      expect(phases(made)).toEqual(['g1 retired', 'g2 current'])
      made.pass(7 * DAY)
      expect(made.failures, `killed at point ${crashAt}`).toEqual([])
    }
    expect(points).toBeGreaterThanOrEqual(4)
  })
})

const anyFault: fc.Arbitrary<Faults> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.record({ crashAt: fc.nat(25) }) },
  { weight: 1, arbitrary: fc.constant({ proof: true }) },
  {
    weight: 1,
    arbitrary: fc.record({
      target: fc.record({ index: fc.nat(1), how: fc.constantFrom('down' as const, 'lost-answer' as const) }),
    }),
  },
)

const anyDay = fc.record({
  fault: anyFault,
  mode: fc.oneof(
    { weight: 12, arbitrary: fc.constant<RotationRequest['mode']>('due') },
    { weight: 1, arbitrary: fc.constantFrom<RotationRequest['mode']>('now', 'retire') },
  ),
  plainUp: fc.boolean(),
  hours: fc.integer({ min: 1, max: 48 }),
})

describe('any history of runs, faults, kills and plain deployments', () => {
  it.each([
    ['work accounts', {}, 4],
    ['personal accounts', { signInAudience: 'PersonalMicrosoftAccount' }, 2],
  ])('with %s: no token request fails, and no secret is live that should not be', async (_, app, limit) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDay, { minLength: 20, maxLength: 100 }), async (days) => {
        const made = await world(app)
        for (const { fault, mode, plainUp, hours } of days) {
          made.pass(hours)
          if (plainUp) made.deploy({ steps: [] })
          await made.run(mode, fault)
          expect(made.state.size).toBeLessThanOrEqual(limit)
        }
        for (let i = 0; i < 8; i++) {
          await made.run()
          made.pass(DAY)
        }
        expect(made.failures).toEqual([])
        const current = made.main.filter(({ phase }) => phase === 'current')
        expect(current).toHaveLength(1)
        expect(
          [...made.held.values()].every((value) => value === made.state.get(current[0]?.generation ?? 0)),
        ).toBe(true)
        expect(made.main.some(({ phase }) => phase === 'issued')).toBe(false)
      }),
      { numRuns: runs(150) },
    )
  })
})

describe('two runs at once', () => {
  it('cut nobody off, however their steps fall between each other, and whatever goes wrong in either', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        anyFault,
        anyFault,
        fc.boolean(),
        async (scheduler, one, two, isLate) => {
          const made = await world()
          made.pass(30 * DAY)
          const pause = () => scheduler.schedule(Promise.resolve())
          const both = Promise.all([
            made.run('due', one, pause),
            // The second one begins at the same time, or finds what the first has left so far.
            made.run(isLate ? 'now' : 'due', two, pause),
          ])
          await scheduler.waitFor(both)
          made.pass(6 * DAY)
          for (let i = 0; i < 20; i++) {
            await made.run()
            made.pass(DAY)
          }
          expect(made.failures).toEqual([])
          const current = made.main.filter(({ phase }) => phase === 'current')
          expect(current).toHaveLength(1)
          expect(made.main.filter(({ phase }) => phase === 'issued')).toEqual([])
          const value = made.state.get(current[0]?.generation ?? 0)
          expect([...made.held.values()]).toEqual([value, value])
        },
      ),
      { numRuns: runs(300) },
    )
  })
})
