import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BackendKind, describeOnBackends, NIGHTLY } from '../../support/backends/index.ts'
import { KilledRun, type Moment } from './killed-run.ts'
import { openRotationStage, type RotationStage } from './support.ts'

/** When the run dies by its own hand: at the boundary of every step that leaves something behind. */
const BOUNDARIES = [
  /after issue/,
  /after delivery to dotenv:one/,
  /after delivery to dotenv:two/,
  /after promote/,
  /after retire/,
]

/** Boundaries where state, tenant and targets hold what they held at one of the others. */
const ALIKE = [/before issue/, /after proof/, /before promote/, /before retire/, /after refusal/]

interface Inside {
  readonly deployment: string
  readonly at: Moment
}

/** When run and engine are killed from outside, in the middle of a deployment. */
const INSIDE: readonly Inside[] = [
  { deployment: 'issue', at: 'request' },
  { deployment: 'issue', at: 'write' },
  { deployment: 'issue', at: 'recorded' },
  { deployment: 'promote', at: 'request' },
  { deployment: 'retire', at: 'write' },
  { deployment: 'retire', at: 'recorded' },
]

/** Before the tenant has changed. */
const INSIDE_ALIKE: readonly Inside[] = [
  { deployment: 'issue', at: 'start' },
  { deployment: 'promote', at: 'start' },
  { deployment: 'retire', at: 'start' },
  { deployment: 'retire', at: 'request' },
]

/** The nightly run tries everything everywhere. Elsewhere than in a directory, each change tries what depends on where the state is written. */
function casesOf(backend: BackendKind) {
  if (NIGHTLY) return { boundaries: [...BOUNDARIES, ...ALIKE], inside: [...INSIDE, ...INSIDE_ALIKE] }
  if (backend === 'file') return { boundaries: BOUNDARIES, inside: INSIDE }
  const inside: readonly Inside[] = [
    { deployment: 'issue', at: 'write' },
    { deployment: 'retire', at: 'recorded' },
  ]
  return { boundaries: [], inside }
}

/**
 * One stack through a rotation after the other, a month apart. Each is killed at another point; the run after it must
 * complete it, and whoever read a secret before, between or after must get a token.
 */
describeOnBackends('a rotation that is killed', (backend) => {
  const { boundaries, inside } = casesOf(backend)
  let rotation: RotationStage
  let ahead = 0
  beforeAll(async () => {
    rotation = await openRotationStage(undefined, { backend })
    await rotation.rotate()
    // One rotation beforehand, so that each of the months has something to retire.
    await nextMonth()
    await rotation.rotate()
  })
  afterAll(() => rotation?.close())

  const start = (killAt: string) => new KilledRun(rotation, ahead, killAt)

  /** A month later: the last rotation's overlap has passed, and the next one is due. */
  const nextMonth = async (): Promise<Month> => {
    rotation.advance(31)
    ahead += 31 * 86_400_000
    const current = (await rotation.ledger()).find(({ phase }) => phase === 'current')
    return { held: await readBoth(), generation: current?.generation ?? 0 }
  }

  /** What consumers hold before the run: one reads each file at every call, one has read and will not for days. */
  const readBoth = () => Promise.all([rotation.read('one.env'), rotation.read('two.env')])

  const expectServed = async (held: readonly string[], when: string) => {
    const secrets = [...new Set([...held, ...(await readBoth())])]
    expect(await Promise.all(secrets.map((secret) => rotation.token(secret))), when).toEqual(
      secrets.map(() => 'issued'),
    )
  }

  const recover = async ({ held, generation }: Month) => {
    await expectServed(held, 'after the kill')
    const completed = await start('$^').end()
    expect(completed.code, completed.output).toBe(0)
    await expectServed(held, 'after the next run')
    const live = (await rotation.phases()).filter((phase) => !phase.endsWith('retired'))
    expect(live).toEqual([`g${generation} previous`, `g${generation + 1} current`])
    expect(new Set(await readBoth()).size).toBe(1)
    expect(await readBoth()).not.toEqual(held)
    await expectKnown()
  }

  /** Every secret of the tenant is in the state, or `--prune` finds it. */
  const expectKnown = async () => {
    const found = (await rotation.orphans()).map(({ keyId }) => keyId)
    const live = (await rotation.ledger()).flatMap(({ phase, keyId }) => (phase === 'retired' ? [] : [keyId]))
    expect((await rotation.keyIds()).sort()).toEqual([...found, ...live].sort())
  }

  it.each(boundaries)('%s', async (killAt) => {
    const month = await nextMonth()
    const killed = await start(killAt.source).end()
    expect(killed.signal, killed.output).toBe('SIGKILL')
    await recover(month)
  })

  it.each(inside)('inside $deployment, at $at', async ({ deployment, at }) => {
    const month = await nextMonth()
    await start('$^').killInside(deployment, at)
    await recover(month)
  })

  it('leaves orphans, which are deleted once they are old enough, and only those', async () => {
    const orphans = await rotation.orphans()
    expect(orphans.length).toBeGreaterThan(0)
    expect(await rotation.prune()).toEqual(orphans.filter(({ isYoung }) => !isYoung))
    rotation.advance(1)
    await rotation.prune()
    expect(await rotation.orphans()).toEqual([])
    const live = (await rotation.ledger()).flatMap(({ phase, keyId }) => (phase === 'retired' ? [] : [keyId]))
    expect((await rotation.keyIds()).sort()).toEqual(live.sort())
    await expectServed(await readBoth(), 'after pruning')
  })
})

/** What consumers hold before the run, and which generation is current. */
interface Month {
  readonly held: readonly string[]
  readonly generation: number
}
