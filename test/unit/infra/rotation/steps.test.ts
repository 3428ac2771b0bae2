import { describe, expect, it } from 'vitest'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import type { RotationPolicy } from '../../../../infra/rotation/policy.ts'
import {
  applyStep,
  hasRoom,
  overdueOf,
  retirableFrom,
  type Step,
  step,
} from '../../../../infra/rotation/steps.ts'
import { daysAfter, generation, MONTHLY, START } from './support.ts'

const on = (generation: number) => ({ app: 'files', secret: 'main', generation })
const previous = (number: number, retireAfter: string, more: Partial<Generation> = {}) =>
  generation(number, 'previous', { retireAfter, ended: 'superseded', ...more })
const delivery = (target: string, at: string, keyId = 'k') => ({ target, at, keyId })

interface Given {
  readonly at?: Date
  readonly atStart?: readonly Generation[]
  readonly policy?: Partial<RotationPolicy>
}

/** What a step makes of the generations, which are those at the start unless others are given. */
const apply = (wanted: Step, generations: readonly Generation[], given: Given = {}) =>
  applyStep(wanted, generations, {
    atStart: given.atStart ?? generations,
    policy: { ...MONTHLY, ...given.policy },
    now: given.at ?? START,
  })

const current = generation(1, 'current')
const issued = generation(2, 'issued', { run: 'r1' })
const issue: Step = { do: 'issue', ...on(2), run: 'r1' }

describe('retirableFrom', () => {
  it.each([
    ['its overlap', '2026-04-07T10:20:30Z', '2026-05-30T10:20:30Z', '2026-04-07T10:20:30.000Z'],
    ['its end, which is earlier', '2026-07-01T00:00:00Z', '2026-05-30T10:20:30Z', '2026-05-30T10:20:30.000Z'],
    ['its end, when nothing else is known', undefined, '2026-05-30T10:20:30Z', '2026-05-30T10:20:30.000Z'],
  ])('is %s', (_, retireAfter, endDate, from) => {
    const given = generation(1, 'previous', { endDate, ...(retireAfter && { retireAfter }) })
    expect(retirableFrom(given).toISOString()).toBe(from)
  })
})

describe('overdueOf', () => {
  it('finds previous ones only, from the very moment on', () => {
    const at = new Date('2026-04-07T10:20:30Z')
    const generations = [
      previous(1, '2026-04-07T10:20:30Z'),
      previous(2, '2026-04-07T10:20:31Z'),
      generation(3, 'current', { endDate: '2026-01-01T00:00:00Z' }),
      generation(4, 'retired', { retireAfter: '2026-01-01T00:00:00Z' }),
    ]
    expect(overdueOf(generations, at).map((each) => each.generation)).toEqual([1])
  })
})

describe('hasRoom', () => {
  it('counts what is live, up to one less than may be', () => {
    const generations = [generation(1, 'retired'), generation(2, 'current')]
    expect(hasRoom(generations, { ...MONTHLY, maxLive: 2 })).toBe(true)
    expect(hasRoom([...generations, issued], { ...MONTHLY, maxLive: 2 })).toBe(false)
  })
})

describe('any step', () => {
  it.each(['promote', 'withdraw', 'retire', 'record'] as const)(
    '%s needs a generation that is live',
    (kind) => {
      const wanted = step.parse({
        do: kind,
        ...on(1),
        ...(kind === 'withdraw' && { run: 'r1', exposed: false }),
        ...((kind === 'promote' || kind === 'record') && { deliveries: [] }),
      })
      expect(apply(wanted, [])).toBe('there is no such generation')
      expect(apply(wanted, [generation(1, 'retired')])).toBe('it is retired')
    },
  )

  it.each([
    ['generation 0', { ...issue, generation: 0 }],
    ['half a generation', { ...issue, generation: 1.5 }],
    ['a member that it does not have', { ...issue, exposed: true }],
    ['a date that is none', { do: 'promote', ...on(1), provedAt: 'today', deliveries: [] }],
  ])('cannot have %s', (_, given) => {
    expect(step.safeParse(given).success).toBe(false)
  })
})

describe('issue', () => {
  it('adds one that ends after its lifetime, under the name of the run', () => {
    expect(apply(issue, [current])).toEqual([
      current,
      {
        generation: 2,
        phase: 'issued',
        issuedAt: '2026-03-01T10:20:30Z',
        endDate: '2026-05-30T10:20:30Z',
        run: 'r1',
      },
    ])
    const leaked = apply({ ...issue, revokes: 'now' }, [current], { policy: { kind: 'certificate' } })
    expect(leaked[1]).toMatchObject({ kind: 'certificate', revokes: 'now' })
  })

  it.each([1, 3, 5])('takes no number but the next one after g1 and g3: not g%i', (number) => {
    const generations = [current, generation(3, 'retired')]
    const expected =
      number === 1
        ? 'it is current already'
        : number === 3
          ? 'it is retired'
          : 'its number is not the next one'
    expect(apply({ ...issue, generation: number }, generations)).toBe(expected)
    expect(apply({ ...issue, generation: 4 }, generations)).toHaveLength(3)
  })

  it('waits for the one that is issued already', () => {
    expect(apply({ ...issue, generation: 3 }, [current, issued])).toBe(
      'another generation is issued and not yet current',
    )
  })

  it('counts what this deployment retires, and what it has issued so far', () => {
    const atStart = [previous(1, '2026-03-01T00:00:00Z'), generation(2, 'current')]
    const retired = [generation(1, 'retired'), generation(2, 'current')]
    const limit = '2 generations are live, which is the limit'
    const policy = { maxLive: 2 }
    expect(apply({ ...issue, generation: 3 }, retired, { atStart, policy })).toBe(limit)
    expect(apply({ ...issue, generation: 3 }, retired, { atStart: retired, policy })).toHaveLength(3)
    const issuedHere = [previous(1, '2026-03-08T00:00:00Z'), generation(2, 'current')]
    expect(apply({ ...issue, generation: 3 }, issuedHere, { atStart: [current], policy })).toBe(limit)
    // Known at the start and still there: it counts once.
    const three = { atStart: issuedHere, policy: { maxLive: 3 } }
    expect(apply({ ...issue, generation: 3 }, issuedHere, three)).toHaveLength(3)
  })

  it('takes over what another run issued, for good', () => {
    const same = apply(issue, [current, issued])
    expect(same).toEqual([current, issued])
    const taken = apply({ ...issue, run: 'r2' }, [current, issued])
    expect(taken).toEqual([current, { ...issued, run: 'r2', takenOver: true }])
    const again = apply({ ...issue, run: 'r2', revokes: 'soon' }, taken as Generation[])
    expect(again).toEqual([current, { ...issued, run: 'r2', takenOver: true, revokes: 'soon' }])
  })

  it('remembers a leak that an earlier run was told of', () => {
    const leaked = { ...issued, revokes: 'now' as const }
    expect(apply(issue, [current, leaked])).toEqual([current, leaked])
  })
})

describe('promote', () => {
  const promote = (deliveries = [] as ReturnType<typeof delivery>[]): Step => ({
    do: 'promote',
    ...on(2),
    provedAt: '2026-03-01T10:21:00Z',
    deliveries,
  })

  it('makes it current, forgets its run, and lets the one before go after the overlap', () => {
    expect(apply(promote(), [current, { ...issued, takenOver: true }])).toEqual([
      {
        ...current,
        phase: 'previous',
        previousSince: '2026-03-01T10:20:30Z',
        retireAfter: '2026-03-08T10:20:30Z',
        ended: 'superseded',
      },
      {
        ...generation(2, 'current'),
        provedAt: '2026-03-01T10:21:00Z',
        currentSince: '2026-03-01T10:20:30Z',
        deliveries: [],
      },
    ])
  })

  it('says nothing of a proof where nobody proved', () => {
    const { provedAt: _, ...unproved } = promote() as Extract<Step, { do: 'promote' }>
    const [, promoted] = apply(unproved, [current, issued])
    expect(promoted).not.toHaveProperty('provedAt')
  })

  it.each(['current', 'previous'] as const)('takes an issued one only, not one that is %s', (phase) => {
    expect(apply(promote(), [current, generation(2, phase)])).toBe(`it is ${phase}, not issued`)
  })

  it('keeps the latest record of each target', () => {
    const known = [delivery('a', '2026-03-01T00:00:00Z', 'old'), delivery('b', '2026-03-01T00:00:00Z')]
    const news = [delivery('a', '2026-03-01T10:21:00Z', 'new'), delivery('c', '2026-03-01T10:21:00Z')]
    const [, promoted] = apply(promote(news), [current, { ...issued, deliveries: known }]) as Generation[]
    expect(promoted?.deliveries).toEqual([known[1], ...news])
  })

  it('names every target that lacks it', () => {
    const targets = ['a', 'b', 'c']
    const deliveries = [delivery('b', '2026-03-01T10:21:00Z')]
    expect(apply(promote(deliveries), [current, issued], { policy: { targets } })).toBe(
      'it is not delivered to a, c',
    )
  })

  it('is refused where the same target was given another generation after it', () => {
    const later = '2026-03-01T10:22:00Z'
    const own = [delivery('a', '2026-03-01T10:21:00Z'), delivery('b', '2026-03-01T10:21:00Z')]
    const holds = (...deliveries: ReturnType<typeof delivery>[]) => [{ ...current, deliveries }, issued]
    expect(apply(promote(own), holds(delivery('a', later), delivery('b', later)))).toBe(
      'another generation was delivered to a, b after it',
    )
    expect(apply(promote(own), holds(delivery('c', later)))).toHaveLength(2)
    expect(apply(promote(own), holds(delivery('a', '2026-03-01T10:21:00Z')))).toHaveLength(2)
    // A record of its own from before does not count.
    expect(apply(promote(own), [current, { ...issued, deliveries: [delivery('a', later)] }])).toHaveLength(2)
  })

  it.each([
    ['a plain rotation', undefined, '2026-03-08T10:20:30Z', 'superseded', '2026-03-05T00:00:00Z'],
    ['a leak', 'soon', '2026-03-02T10:20:30Z', 'revoked', '2026-03-02T10:20:30Z'],
    ['a leak that cannot wait', 'now', '2026-03-01T10:20:30Z', 'revoked', '2026-03-01T10:20:30Z'],
  ] as const)('after %s the older ones go when it is time', (_, revokes, retireAfter, ended, older) => {
    const before = [
      previous(1, '2026-03-05T00:00:00Z'),
      previous(2, '2026-03-01T00:00:00Z'),
      generation(3, 'previous'),
      generation(4, 'retired'),
      generation(5, 'current'),
      generation(6, 'issued', { run: 'r1', ...(revokes && { revokes }) }),
    ]
    const after = apply({ ...promote(), generation: 6 } as Step, before) as Generation[]
    expect(after[0]?.retireAfter).toBe(older)
    // What goes earlier already is not given more time.
    expect(after[1]).toEqual(before[1])
    expect(after[2]?.retireAfter).toBe(revokes && older)
    expect(after[3]).toEqual(before[3])
    expect(after[4]).toMatchObject({ retireAfter, ended })
  })
})

describe('withdraw', () => {
  const withdraw = (exposed: boolean, run = 'r1'): Step => ({ do: 'withdraw', ...on(2), run, exposed })
  const gone = {
    ...generation(2, 'retired'),
    retiredAt: '2026-03-01T10:20:30Z',
    ended: 'withdrawn',
  }
  const kept = {
    ...generation(2, 'previous'),
    previousSince: '2026-03-01T10:20:30Z',
    retireAfter: '2026-03-08T10:20:30Z',
    ended: 'withdrawn',
  }

  it.each([
    ['deletes what nobody can have read', false, issued, gone],
    ['keeps what a consumer may have read', true, issued, kept],
    ['keeps what another run may have delivered', false, { ...issued, takenOver: true }, kept],
  ])('%s', (_, exposed, target, expected) => {
    expect(apply(withdraw(exposed), [current, target])).toEqual([current, expected])
  })

  it('takes an issued one only, and only from the run that has it', () => {
    expect(apply(withdraw(false), [current, generation(2, 'current')])).toBe('it is current, not issued')
    expect(apply(withdraw(false, 'r2'), [current, issued])).toBe('another run has taken it over')
  })
})

describe('retire', () => {
  const retire = (force?: boolean): Step => ({
    do: 'retire',
    ...on(1),
    ...(force !== undefined && { force }),
  })
  const old = previous(1, '2026-03-08T10:20:30Z')
  const now = generation(2, 'current')
  const retired = { ...old, phase: 'retired', retiredAt: '2026-03-08T10:20:30Z' }

  it('waits for the moment, unless it is forced', () => {
    const at = daysAfter(7, new Date('2026-03-01T10:20:30Z'))
    const before = new Date(at.getTime() - 1)
    expect(apply(retire(), [old, now], { at })).toEqual([retired, now])
    expect(apply(retire(), [old, now], { at: before })).toBe('it stays valid until 2026-03-08T10:20:30Z')
    expect(apply(retire(false), [old, now], { at: before })).toMatch(/^it stays valid/)
    expect(apply(retire(true), [old, now], { at: START })).toHaveLength(2)
  })

  it.each(['issued', 'current'] as const)('takes a previous one only, not one that is %s', (phase) => {
    expect(apply(retire(true), [generation(1, phase), now])).toBe(`it is ${phase}, not previous`)
  })

  it('waits until every target holds the current one, forced or not', () => {
    const policy = { targets: ['a', 'b', 'c'] }
    const holder = { ...now, deliveries: [delivery('b', '2026-03-02T00:00:00Z')] }
    const expected = 'a, c may still hold it: the current one is not there'
    expect(apply(retire(true), [old, holder], { policy })).toBe(expected)
    // What the old one was delivered to says nothing.
    const everywhere = policy.targets.map((each) => delivery(each, '2026-03-02T00:00:00Z'))
    expect(apply(retire(true), [{ ...old, deliveries: everywhere }, holder], { policy })).toBe(expected)
    expect(apply(retire(true), [old, { ...now, deliveries: everywhere }], { policy })).toHaveLength(2)
  })
})

describe('record', () => {
  const record = (corrected?: boolean): Step => ({
    do: 'record',
    ...on(4),
    deliveries: [delivery('a', '2026-03-01T10:21:00Z')],
    ...(corrected !== undefined && { corrected }),
  })
  const generations = [
    previous(1, '2026-03-02T00:00:00Z'),
    previous(2, '2026-04-01T00:00:00Z'),
    previous(3, '2026-03-01T12:00:00Z', { ended: 'revoked' }),
    generation(4, 'current', {
      deliveries: [delivery('a', '2026-02-01T00:00:00Z'), delivery('b', '2026-02-01T00:00:00Z')],
    }),
    generation(5, 'previous'),
    generation(6, 'retired', { retireAfter: '2026-02-01T00:00:00Z' }),
  ]
  const overlaps = (result: ReturnType<typeof apply>) =>
    (result as Generation[]).map((each) => each.retireAfter)

  it('replaces the record of the target and leaves the others', () => {
    const after = apply(record(), generations) as Generation[]
    expect(after[3]?.deliveries).toEqual([
      delivery('b', '2026-02-01T00:00:00Z'),
      delivery('a', '2026-03-01T10:21:00Z'),
    ])
    expect(after.filter((_, i) => i !== 3)).toEqual(generations.filter((_, i) => i !== 3))
    expect(apply(record(false), generations)).toEqual(after)
  })

  it('gives previous ones another overlap where the target held something else, a leaked one a short one', () => {
    expect(overlaps(apply(record(true), generations))).toEqual([
      '2026-03-08T10:20:30Z',
      '2026-04-01T00:00:00Z',
      '2026-03-02T10:20:30Z',
      undefined,
      '2026-03-08T10:20:30Z',
      '2026-02-01T00:00:00Z',
    ])
  })

  it('can be about any live generation', () => {
    const wanted = { ...record(true), generation: 1 } as Step
    const [first, second] = apply(wanted, generations) as Generation[]
    expect(first).toEqual({ ...generations[0], deliveries: [delivery('a', '2026-03-01T10:21:00Z')] })
    expect(second?.retireAfter).toBe('2026-04-01T00:00:00Z')
  })
})
