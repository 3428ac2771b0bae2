import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NIGHTLY } from '../../support/backends/index.ts'
import { KilledRun, type Moment } from './killed-run.ts'
import { CERTIFICATE, openRotationStage, type RotationStage } from './support.ts'

const WEEK_LATER = 8 * 86_400_000

/** The other moments are those of a secret, whose kills each change tries, or in the last test; the nightly run tries all of them. */
const isOfCertificates = (at: Moment): boolean => NIGHTLY || ['stashed', 'recorded'].includes(at)

/** Where run and engine are killed while a generation is issued and promoted. */
const WHILE_ISSUING: readonly { readonly deployment: string; readonly at: Moment }[] = [
  { deployment: 'issue', at: 'start' },
  { deployment: 'issue', at: 'request' },
  { deployment: 'issue', at: 'stashed' },
  { deployment: 'issue', at: 'write' },
  { deployment: 'issue', at: 'recorded' },
  { deployment: 'promote', at: 'request' },
]

/** Where they are killed while the one before is retired. */
const WHILE_RETIRING: readonly Moment[] = ['start', 'write', 'recorded']

/**
 * One stack through a rotation after the other; each is killed at another point. The tenant's clock stays, because Azure
 * Identity signs by the computer's; the clock of a run that retires is a week ahead instead.
 */
describe.sequential('the rotation of a certificate that is killed', () => {
  let rotation: RotationStage
  beforeAll(async () => {
    rotation = await openRotationStage(CERTIFICATE)
    await rotation.rotate()
  })
  afterAll(() => rotation.close())

  const readBoth = () => Promise.all([rotation.read('one.env'), rotation.read('two.env')])
  const expectServed = async (held: readonly string[], when: string) => {
    const keys = [...new Set([...held, ...(await readBoth())])]
    expect(await Promise.all(keys.map((key) => rotation.token(key))), when).toEqual(keys.map(() => 'issued'))
  }
  const live = async () => (await rotation.phases()).filter((phase) => !phase.endsWith('retired'))
  const currentGeneration = async () =>
    (await rotation.ledger()).find(({ phase }) => phase === 'current')?.generation ?? 0
  const complete = async (ahead = 0, mode: 'due' | 'now' = 'due') => {
    const completed = await new KilledRun(rotation, ahead, '$^', mode).end()
    expect(completed.code, completed.output).toBe(0)
    expect(completed.output).not.toContain('PRIVATE KEY')
  }
  /** Every certificate of the tenant is in the state, or `--prune` finds it. */
  const expectKnown = async () => {
    const copies = (await rotation.orphans()).map(({ keyId }) => keyId)
    const known = (await rotation.ledger()).flatMap(({ phase, keyId }) =>
      phase === 'retired' ? [] : [keyId],
    )
    expect((await rotation.keyIds()).sort()).toEqual([...copies, ...known].sort())
  }
  /** Retires the previous generation: whoever still holds it is refused, copies of it included. */
  const retire = async (old: string) => {
    await complete(WEEK_LATER)
    expect(await live()).toEqual([`g${await currentGeneration()} current`])
    expect(await rotation.token(old)).toBe('700027')
    await expectKnown()
  }

  it.each(WHILE_ISSUING.filter(({ at }) => isOfCertificates(at)))(
    'inside $deployment, at $at',
    async ({ deployment, at }) => {
      const [held, generation] = [await readBoth(), await currentGeneration()]
      await new KilledRun(rotation, 0, '$^', 'now').killInside(deployment, at)
      await expectServed(held, 'after the kill')
      // Where nothing was recorded, nothing is left to be done: somebody has to ask again.
      const isUnderWay = (await rotation.phases()).includes(`g${generation + 1} issued`)
      await complete(0, isUnderWay ? 'due' : 'now')
      await expectServed(held, 'after the next run')
      expect(await live()).toEqual([`g${generation} previous`, `g${generation + 1} current`])
      await retire(held[0] ?? '')
    },
  )

  it.each(WHILE_RETIRING.filter(isOfCertificates))('inside retire, at %s', async (at) => {
    const [old] = await readBoth()
    await complete(0, 'now')
    await new KilledRun(rotation, WEEK_LATER, '$^').killInside('retire', at)
    await expectServed(await readBoth(), 'after the kill')
    await retire(old)
  })

  it('leaves no copies behind, once the generation is retired', async () => {
    expect(await rotation.orphans()).toEqual([])
  })

  it('leaves one until then, which --prune deletes once it is old enough', async () => {
    await new KilledRun(rotation, 0, '$^', 'now').killInside('issue', 'write')
    await complete(0, 'now')
    expect(await rotation.orphans()).toMatchObject([{ kind: 'certificate', isYoung: true }])
    expect(await rotation.prune()).toEqual([])
    rotation.advance(1)
    expect(await rotation.prune()).toHaveLength(1)
    expect(await rotation.orphans()).toEqual([])
    await expectKnown()
    await expectServed([], 'after pruning')
  })
})
