import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BackendKind, describeOnBackends, NIGHTLY } from '../../support/backends/index.ts'
import { KilledRun, type Moment } from './killed-run.ts'
import { openRotationStage, type RotationStage } from './support.ts'

/** A moment at which the run dies by its own hand, or a moment of a deployment at which it and the engine are killed from outside. */
type Kill = RegExp | { readonly deployment: string; readonly at: Moment }

/** The boundary of every step that leaves something behind. */
const BOUNDARIES: readonly Kill[] = [
  /after issue/,
  /after delivery to dotenv:one/,
  /after delivery to dotenv:two/,
  /after promote/,
  /after retire/,
]

/** Boundaries where state, tenant and targets hold what they held at one of the others. */
const ALIKE: readonly Kill[] = [
  /before issue/,
  /after proof/,
  /before promote/,
  /before retire/,
  /after refusal/,
]

const INSIDE: readonly Kill[] = [
  { deployment: 'issue', at: 'request' },
  { deployment: 'issue', at: 'write' },
  { deployment: 'issue', at: 'recorded' },
  { deployment: 'promote', at: 'request' },
  { deployment: 'retire', at: 'recorded' },
]

/** A rotation that has deleted a secret without recording it deletes none a second time. */
const INSIDE_RETIRE: Kill = { deployment: 'retire', at: 'write' }

/** Before the tenant has changed. */
const INSIDE_ALIKE: readonly Kill[] = [
  { deployment: 'issue', at: 'start' },
  { deployment: 'promote', at: 'start' },
  { deployment: 'retire', at: 'start' },
  { deployment: 'retire', at: 'request' },
]

/**
 * The kills of each rotation: a change tries them one after another in three rotations, where each run has to go on from where the
 * one before was killed. The nightly run tries all, everywhere, each in a rotation of its own. Elsewhere than in a directory, each change
 * tries what depends on where the state is written.
 */
function rotationsOf(backend: BackendKind): readonly (readonly Kill[])[] {
  if (NIGHTLY)
    return [...BOUNDARIES, ...ALIKE, ...INSIDE, INSIDE_RETIRE, ...INSIDE_ALIKE].map((kill) => [kill])
  if (backend === 'file') return [BOUNDARIES, INSIDE, [INSIDE_RETIRE]]
  return [
    [
      { deployment: 'issue', at: 'write' },
      { deployment: 'retire', at: 'recorded' },
    ],
  ]
}

const nameOf = (kill: Kill) =>
  kill instanceof RegExp ? kill.source : `inside ${kill.deployment}, at ${kill.at}`

/**
 * One stack through a rotation after the other, a month apart. Each is killed, and the last run must complete it; whoever
 * read a secret before, between or after must get a token.
 */
describeOnBackends('a rotation that is killed', (backend) => {
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

  const kill = async (at: Kill) => {
    if (!(at instanceof RegExp)) return start('$^').killInside(at.deployment, at.at)
    const killed = await start(at.source).end()
    expect(killed.signal, `${at.source}:\n${killed.output}`).toBe('SIGKILL')
  }

  it.each(rotationsOf(backend).map((kills) => ({ kills, name: kills.map(nameOf).join('; ') })))(
    '$name',
    async ({ kills }) => {
      const month = await nextMonth()
      for (const at of kills) {
        await kill(at)
        await expectServed(month.held, `killed ${nameOf(at)}`)
      }
      await recover(month)
    },
  )

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
