import { describe, expect, it } from 'vitest'
import type { Generation } from '../../../../infra/rotation/generation.ts'
import {
  type Action,
  describeAction,
  isWork,
  planRotation,
  type RotationRequest,
} from '../../../../infra/rotation/plan.ts'
import type { RotationPolicy } from '../../../../infra/rotation/policy.ts'
import { generation, policies, START } from './support.ts'

/** What a run would do at {@link START} about these generations of the only secret. */
const planned = (
  generations: readonly Generation[],
  mode: RotationRequest['mode'] = 'due',
  policy: Partial<RotationPolicy> = {},
) => planRotation({ files: { main: generations } }, policies(policy), { mode }, START)
const kinds = (actions: readonly Action[]) =>
  actions.map((action) => ('generation' in action ? `${action.do} g${action.generation}` : action.do))
const current = generation(2, 'current')
const issued = generation(3, 'issued', { run: 'r' })
const AFTER = '2026-03-02T10:20:30Z'
const PASSED = '2026-03-01T10:20:30Z'

describe('isWork', () => {
  it.each([
    ['issue', true],
    ['continue', true],
    ['deliver', true],
    ['withdraw', true],
    ['retire', true],
    ['keep', false],
    ['blocked', false],
    ['idle', false],
  ] as const)('%s: %s', (kind, expected) => {
    expect(isWork({ do: kind } as Action)).toBe(expected)
  })
})

describe('what a run does about a secret', () => {
  it('says what it takes to do it, in data', () => {
    expect(planned([current], 'revoke', { targets: ['a'] })).toEqual([
      {
        app: 'files',
        secret: 'main',
        do: 'issue',
        generation: 3,
        because: 'g2 has leaked',
        targets: ['a'],
        overlap: 'g2 stays valid for 1 day after that',
        revokes: 'soon',
      },
    ])
    expect(planned([current], 'now')[0]).not.toHaveProperty('revokes')
    expect(planned([current], 'now')[0]).toMatchObject({ because: 'asked for' })
    expect(planned([generation(1, 'previous', { retireAfter: PASSED }), current])).toEqual([
      {
        app: 'files',
        secret: 'main',
        do: 'retire',
        generation: 1,
        because: `valid until ${PASSED}`,
        first: false,
        force: false,
      },
    ])
    expect(planned([generation(1, 'previous', { retireAfter: AFTER }), current])).toEqual([
      {
        app: 'files',
        secret: 'main',
        do: 'idle',
        because: 'g2 is due on 2026-03-31T10:20:30Z',
        due: '2026-03-31T10:20:30Z',
      },
      { app: 'files', secret: 'main', do: 'keep', generation: 1, until: AFTER },
    ])
  })

  it.each(['due', 'now', 'revoke', 'revoke-now'] as const)(
    'in mode %s it finishes what is issued',
    (mode) => {
      expect(kinds(planned([current, issued], mode))).toEqual(['continue g3'])
    },
  )

  it('asks for a rotation at the moment it is due and not before', () => {
    const at = (issuedAt: string) =>
      kinds(planned([{ ...current, issuedAt, endDate: '2027-01-01T00:00:00Z' }]))
    // Half a second of START is past the whole second.
    expect(at('2026-01-30T10:20:30Z')).toEqual(['issue g3'])
    expect(at('2026-01-30T10:20:31Z')).toEqual(['idle'])
    const exactly = planRotation(
      { files: { main: [{ ...current, issuedAt: '2026-01-30T10:20:30Z' }] } },
      policies(),
      { mode: 'due' },
      new Date('2026-03-01T10:20:30Z'),
    )
    expect(kinds(exactly)).toEqual(['issue g3'])
  })

  it('delivers to the targets that lack the current one, unless a new one is coming or only retirements are wanted', () => {
    const targets = ['a', 'b']
    const holder = { ...current, deliveries: [{ target: 'a', at: PASSED, keyId: 'k' }] }
    expect(planned([holder], 'due', { targets })).toEqual([
      { app: 'files', secret: 'main', do: 'deliver', generation: 2, targets: ['b'] },
    ])
    expect(kinds(planned([holder, issued], 'due', { targets }))).toEqual(['continue g3'])
    expect(kinds(planned([holder], 'now', { targets }))).toEqual(['issue g3'])
    expect(kinds(planned([holder], 'retire', { targets }))).toEqual(['idle'])
    const blocked = [generation(1, 'previous', { retireAfter: AFTER }), holder]
    expect(kinds(planned(blocked, 'now', { targets, maxLive: 2 }))).toEqual([
      'blocked',
      'deliver g2',
      'keep g1',
    ])
  })

  it('makes room by what may go, all of it, and says of each only once', () => {
    const generations = [
      generation(1, 'previous', { retireAfter: PASSED }),
      current,
      generation(4, 'previous', { retireAfter: PASSED }),
      generation(5, 'previous', { retireAfter: AFTER }),
    ]
    const actions = planned(generations, 'now', { maxLive: 4 })
    expect(kinds(actions)).toEqual(['retire g1', 'retire g4', 'issue g6', 'keep g5'])
    expect(actions.slice(0, 2)).toMatchObject([
      { first: true, force: false },
      { first: true, force: false },
    ])
    expect(kinds(planned(generations, 'now', { maxLive: 5 }))).toEqual([
      'issue g6',
      'retire g1',
      'retire g4',
      'keep g5',
    ])
  })

  it.each([
    ['the one that goes first', ['2026-03-09T00:00:00Z', '2026-03-08T00:00:00Z'], 'retire g4'],
    [
      'the one that goes first, in the other order',
      ['2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'],
      'retire g1',
    ],
    [
      'the one that expires, where nothing says when it goes',
      ['2026-06-01T00:00:00Z', undefined],
      'retire g4',
    ],
    ['the one that expires, in the other order', [undefined, '2026-06-01T00:00:00Z'], 'retire g1'],
  ])('gives up %s, when a leak cannot wait', (_, [first, second], expected) => {
    const actions = planned(
      [
        generation(
          1,
          'previous',
          first === undefined ? {} : { retireAfter: first, endDate: '2027-01-01T00:00:00Z' },
        ),
        current,
        generation(
          4,
          'previous',
          second === undefined ? {} : { retireAfter: second, endDate: '2027-01-01T00:00:00Z' },
        ),
      ],
      'revoke-now',
      { maxLive: 3 },
    )
    expect(kinds(actions).slice(0, 2)).toEqual([expected, 'issue g5'])
    expect(actions[0]).toMatchObject({ because: 'its place is needed', first: true, force: true })
    expect(actions.filter(({ do: kind }) => kind === 'keep')).toHaveLength(1)
  })

  it('waits for the first to go, and says how not to', () => {
    const generations = [
      generation(1, 'previous', { retireAfter: '2026-03-09T00:00:00Z' }),
      current,
      generation(4, 'previous', { retireAfter: '2026-03-08T00:00:00Z' }),
    ]
    const blocked = (mode: RotationRequest['mode']) => planned(generations, mode, { maxLive: 3 })[0]
    expect(blocked('now')).toMatchObject({
      because:
        '3 generations are live, which is the limit, and none may be retired before 2026-03-08T00:00:00Z',
      fix: 'run again after that',
    })
    expect(blocked('revoke')).toMatchObject({
      fix: '`--revoke --immediately` retires the oldest at once and cuts off who still holds it',
    })
  })

  it('cannot make room where nothing but the current one is live', () => {
    expect(planned([current], 'revoke-now', { maxLive: 1 })).toMatchObject([
      {
        do: 'blocked',
        because:
          '1 generations are live, which is the limit, and none may be retired before another is current',
      },
    ])
  })

  it('retires at the very moment', () => {
    const ledger = { files: { main: [generation(1, 'previous', { retireAfter: AFTER }), current] } }
    const at = (now: string) => kinds(planRotation(ledger, policies(), { mode: 'due' }, new Date(now)))
    expect(at(AFTER)).toEqual(['retire g1'])
    expect(at('2026-03-02T10:20:29Z')).toEqual(['idle', 'keep g1'])
  })

  it('calls an end what is known of it', () => {
    const old = generation(1, 'previous', { endDate: '2026-02-01T00:00:00Z' })
    expect(planned([old, current]).map(describeAction)).toEqual([
      'files/main: retire g1 (valid until 2026-02-01T00:00:00Z)',
    ])
  })

  it('says what it deletes because nobody has it', () => {
    const withdraw = {
      do: 'withdraw',
      app: 'files',
      secret: 'main',
      generation: 3,
      because: 'not recorded',
    } as const
    expect(describeAction(withdraw)).toBe('files/main: delete g3 (not recorded)')
  })

  it('leaves other applications, and what is of another kind, alone', () => {
    const ledger = { files: { main: [current] }, mail: { main: [current] } }
    const request = { mode: 'now', app: 'mail', secret: 'main' } as const
    const both = { ...policies(), mail: policies().files }
    expect(planRotation(ledger, both, request, START).map(({ app }) => app)).toEqual(['mail'])
    expect(planRotation(ledger, both, { mode: 'now' }, START).map(({ app }) => app)).toEqual([
      'files',
      'mail',
    ])
    expect(kinds(planned([current], 'now', { kind: 'certificate' }))).toEqual(['idle'])
  })
})
