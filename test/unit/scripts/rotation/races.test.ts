import { describe, expect, it } from 'vitest'
import { World } from './world.ts'

const TARGETS = [{ dotenv: { file: 'a.env', variable: 'S' } }, { dotenv: { file: 'b.env', variable: 'S' } }]
const HOURS_A_MONTH = 30 * 24

/** Delivered once, and due. */
async function dueWorld(): Promise<World> {
  const made = new World({ lifetime: '90d', rotateEvery: '30d', overlap: '7d' }, TARGETS)
  await made.run()
  made.pass(HOURS_A_MONTH)
  return made
}

/** A run that stops before the first thing that it does once a condition holds, until it is released. */
function stoppedRun(made: World, when: () => boolean) {
  const reached = Promise.withResolvers<void>()
  const hang = Promise.withResolvers<void>()
  const ended = made.run('due', {}, async () => {
    if (!when()) return
    reached.resolve()
    await hang.promise
  })
  return { reached: reached.promise, release: hang.resolve, ended }
}

describe('a run that another one overtakes', () => {
  it('leaves alone what the other took over before it began to prove it', async () => {
    const made = await dueWorld()
    const slow = stoppedRun(made, () => made.main.length === 2)
    await slow.reached
    // The other one is killed right after it took the generation over.
    expect(await made.run('due', { crashAt: 2 })).toBe('crashed')
    expect(made.main[1]).toMatchObject({ phase: 'issued', takenOver: true })
    const proved = made.proved
    slow.release()
    expect(await slow.ended).toMatchObject({
      ok: false,
      outcomes: [
        { generation: 2, result: 'blocked', detail: 'it is issued, and another run is at work on it' },
      ],
    })
    expect(made.proved).toBe(proved)
    expect([...made.held.values()]).toEqual(['value-1', 'value-1'])
    expect(await made.run()).toMatchObject({ ok: true, outcomes: [{ generation: 2, result: 'rotated' }] })
  })

  it('does not say that it rotated when others replaced its generation before it was promoted', async () => {
    const made = await dueWorld()
    let left = 4
    // What it does after its last write: look at the ledger, ask both targets, deploy.
    const hasDelivered = () => [...made.held.values()].every((value) => value === 'value-2')
    const slow = stoppedRun(made, () => hasDelivered() && --left === 0)
    await slow.reached
    expect(made.main[1]).toMatchObject({ phase: 'issued' })
    await made.run()
    await made.run('revoke-now')
    expect(made.main.at(-1)).toMatchObject({ generation: 3, phase: 'current' })
    made.pass(1)
    slow.release()
    expect(await slow.ended).toMatchObject({
      ok: false,
      outcomes: [
        { generation: 2, result: 'failed', detail: expect.stringMatching(/^it was not promoted: /) },
      ],
    })
    expect([...made.held.values()]).toEqual(['value-3', 'value-3'])
    // Nobody can tell which of them wrote last: the current one was delivered once more.
    const now = made.now.toISOString().replace(/\.\d+/, '')
    expect(made.main.at(-1)?.deliveries?.map(({ at }) => at)).toEqual([now, now])
  })
})
