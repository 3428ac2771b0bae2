import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Generation,
  type Ledger,
  ledger as ledgerSchema,
} from '../../../../infra/rotation/generation.ts'
import { advanceLedger } from '../../../../infra/rotation/ledger.ts'
import type { RotationPolicy } from '../../../../infra/rotation/policy.ts'
import type { Step } from '../../../../infra/rotation/steps.ts'
import { DAY, daysAfter, generation, MONTHLY, mainOf, policies, START } from './support.ts'

const on = (generation: number) => ({ app: 'files', secret: 'main', generation })
const advance = (ledger: Ledger, steps: readonly Step[], now: Date, policy: Partial<RotationPolicy> = {}) => {
  const result = advanceLedger(ledger, policies(policy), steps, now)
  return { ...result, main: mainOf(result.ledger) }
}
const phases = (ledger: Ledger) => mainOf(ledger).map(({ generation, phase }) => `g${generation} ${phase}`)
const first = advance({}, [], START).ledger
const issued = advance(first, [{ do: 'issue', ...on(2), run: 'r1' }], daysAfter(30)).ledger
const promoted = advance(
  issued,
  [{ do: 'promote', ...on(2), provedAt: '2026-03-31T10:21:00Z', deliveries: [] }],
  daysAfter(30),
).ledger

describe('a plain deployment', () => {
  it('issues a first generation, current at once, with a computed end', () => {
    expect(mainOf(first)).toEqual([
      {
        generation: 1,
        phase: 'current',
        issuedAt: '2026-03-01T10:20:30Z',
        endDate: '2026-05-30T10:20:30Z',
        currentSince: '2026-03-01T10:20:30Z',
      },
    ])
  })

  it('changes nothing about what it knows, in any phase, however often and whenever it runs', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(first, issued, promoted),
        fc.date({ min: START, max: new Date('2030-01-01'), noInvalidDate: true }),
        (ledger, later) => {
          expect(advance(ledger, [], later).ledger).toEqual(ledger)
        },
      ),
    )
  })

  it('forgets what is no longer declared and issues what is new', () => {
    const apps = (...secrets: string[]) => Object.fromEntries(secrets.map((name) => [name, MONTHLY]))
    const before = advanceLedger({}, { files: apps('a', 'b'), mail: apps('c') }, [], START).ledger
    const after = advanceLedger(before, { files: apps('b', 'd') }, [], daysAfter(1)).ledger
    expect(Object.keys(after)).toEqual(['files'])
    expect(Object.keys(after['files'] ?? {})).toEqual(['b', 'd'])
    expect(after['files']?.['b']).toEqual(before['files']?.['b'])
    expect(after['files']?.['d']?.[0]?.issuedAt).toBe('2026-03-02T10:20:30Z')
  })

  it('takes a secret that is declared as a certificate for another credential, and begins with 1', () => {
    const secret = advanceLedger({}, policies(), [], START).ledger
    const certificate = advanceLedger(secret, policies({ kind: 'certificate' }), [], daysAfter(1)).ledger
    expect(mainOf(secret)[0]).not.toHaveProperty('kind')
    expect(mainOf(certificate)).toMatchObject([
      { generation: 1, kind: 'certificate', issuedAt: '2026-03-02T10:20:30Z' },
    ])
    const back = advanceLedger(certificate, policies(), [], daysAfter(2)).ledger
    expect(mainOf(back)).toMatchObject([{ generation: 1, issuedAt: '2026-03-03T10:20:30Z' }])
  })

  it('keeps what it says of a certificate through a rotation', () => {
    const first = advanceLedger({}, policies({ kind: 'certificate' }), [], START).ledger
    const known = { files: { main: mainOf(first).map((each) => ({ ...each, thumbprint: 'AB' })) } }
    const issue = { do: 'issue', app: 'files', secret: 'main', generation: 2, run: 'r1' } as const
    const next = advanceLedger(known, policies({ kind: 'certificate' }), [issue], daysAfter(31)).ledger
    expect(mainOf(next)).toMatchObject([
      { generation: 1, kind: 'certificate', thumbprint: 'AB' },
      { generation: 2, kind: 'certificate', phase: 'issued' },
    ])
    expect(ledgerSchema.parse(next)).toEqual(next)
  })
})

describe('the steps of a rotation', () => {
  it('issues beside the current generation', () => {
    expect(phases(issued)).toEqual(['g1 current', 'g2 issued'])
    expect(mainOf(issued)[1]).toMatchObject({ endDate: '2026-06-29T10:20:30Z', run: 'r1' })
  })

  it('promotes, and keeps the previous one for the overlap', () => {
    expect(phases(promoted)).toEqual(['g1 previous', 'g2 current'])
    expect(mainOf(promoted)[0]).toMatchObject({ retireAfter: '2026-04-07T10:20:30Z', ended: 'superseded' })
    expect(mainOf(promoted)[1]).not.toHaveProperty('run')
  })

  it('retires once the overlap has passed and not before', () => {
    const step: Step = { do: 'retire', ...on(1) }
    const early = advance(promoted, [step], daysAfter(36.9))
    expect(phases(early.ledger)).toEqual(['g1 previous', 'g2 current'])
    expect(early.ignored).toEqual([{ step, reason: 'it stays valid until 2026-04-07T10:20:30Z' }])
    expect(phases(advance(promoted, [step], daysAfter(37)).ledger)).toEqual(['g1 retired', 'g2 current'])
    const forced = advance(promoted, [{ ...step, force: true }], daysAfter(31))
    expect(phases(forced.ledger)).toEqual(['g1 retired', 'g2 current'])
  })

  it('issues no more in one deployment than may be live at once', () => {
    const steps: Step[] = [
      { do: 'issue', ...on(2), run: 'r1' },
      { do: 'promote', ...on(2), deliveries: [] },
      { do: 'issue', ...on(3), run: 'r1' },
    ]
    const { ledger, ignored } = advance(first, steps, daysAfter(30), { maxLive: 2 })
    expect(phases(ledger)).toEqual(['g1 previous', 'g2 current'])
    expect(ignored[0]?.reason).toBe('2 generations are live, which is the limit')
  })

  it('does nothing more the second time', () => {
    const steps: Step[] = [
      { do: 'issue', ...on(2), run: 'r1' },
      { do: 'promote', ...on(2), provedAt: '2026-03-31T10:21:00Z', deliveries: [] },
    ]
    for (const step of steps) expect(advance(promoted, [step], daysAfter(31)).ledger).toEqual(promoted)
    expect(advance(issued, steps.slice(0, 1), daysAfter(31)).ledger).toEqual(issued)
  })

  it('keeps a failed generation that consumers may have read, and drops one that they cannot have read', () => {
    const withdraw = (exposed: boolean) =>
      advance(issued, [{ do: 'withdraw', ...on(2), run: 'r1', exposed }], daysAfter(30)).ledger
    expect(phases(withdraw(false))).toEqual(['g1 current', 'g2 retired'])
    expect(phases(withdraw(true))).toEqual(['g1 current', 'g2 previous'])
    expect(mainOf(withdraw(true))[1]).toMatchObject({
      retireAfter: '2026-04-07T10:20:30Z',
      ended: 'withdrawn',
    })
  })

  it('does not promote what a target does not hold any more, because the current one was put back after it', () => {
    const record = (at: string) => ({ target: 'dotenv:.env#S', at, keyId: 'k' })
    const putBack = advance(
      issued,
      [{ do: 'record', ...on(1), deliveries: [record('2026-03-31T10:30:00Z')], corrected: true }],
      daysAfter(30),
    ).ledger
    const promote = (at: string) =>
      advance(putBack, [{ do: 'promote', ...on(2), deliveries: [record(at)] }], daysAfter(31))
    const { ledger, ignored } = promote('2026-03-31T10:29:59Z')
    expect(ledger).toEqual(putBack)
    expect(ignored[0]?.reason).toBe('another generation was delivered to dotenv:.env#S after it')
    expect(phases(promote('2026-03-31T10:30:00Z').ledger)).toEqual(['g1 previous', 'g2 current'])
  })

  it('does not let a run withdraw what another has taken over', () => {
    const taken = advance(issued, [{ do: 'issue', ...on(2), run: 'r2' }], daysAfter(30)).ledger
    const { ledger, ignored } = advance(
      taken,
      [{ do: 'withdraw', ...on(2), run: 'r1', exposed: false }],
      daysAfter(30),
    )
    expect(ledger).toEqual(taken)
    expect(ignored[0]?.reason).toBe('another run has taken it over')
  })

  it('shortens the overlap after a leak, also of older generations', () => {
    const leak: Step[] = [
      { do: 'issue', ...on(3), run: 'r3', revokes: 'soon' },
      { do: 'promote', ...on(3), provedAt: '2026-04-01T10:21:00Z', deliveries: [] },
    ]
    const { main } = advance(promoted, leak, daysAfter(31))
    expect(main.map(({ retireAfter }) => retireAfter)).toEqual([
      '2026-04-02T10:20:30Z',
      '2026-04-02T10:20:30Z',
      undefined,
    ])
    expect(main[1]?.ended).toBe('revoked')
  })

  it('promotes only what every target holds, and retires only then', () => {
    const targets = ['dotenv:.env#A']
    const deliveries = [{ target: 'dotenv:.env#A', at: '2026-03-31T10:21:00Z', keyId: 'k2' }]
    const promote: Step = { do: 'promote', ...on(2), provedAt: '2026-03-31T10:21:00Z', deliveries: [] }
    expect(advance(issued, [promote], daysAfter(30), { targets }).ignored[0]?.reason).toBe(
      'it is not delivered to dotenv:.env#A',
    )
    const delivered = advance(issued, [{ ...promote, deliveries }], daysAfter(30), { targets }).ledger
    expect(phases(delivered)).toEqual(['g1 previous', 'g2 current'])
    const retire: Step = { do: 'retire', ...on(1) }
    const more = { targets: [...targets, 'dotenv:.env#B'] }
    expect(advance(delivered, [retire], daysAfter(40), more).ignored[0]?.reason).toMatch(
      /#B may still hold it/,
    )
    expect(phases(advance(delivered, [retire], daysAfter(40), { targets }).ledger)).toEqual([
      'g1 retired',
      'g2 current',
    ])
  })

  it('says so when a secret is not declared', () => {
    for (const name of [
      { app: 'files', secret: 'other' },
      { app: 'mail', secret: 'main' },
    ]) {
      const step: Step = { do: 'retire', ...name, generation: 1 }
      expect(advance(first, [step], START).ignored).toEqual([{ step, reason: 'it is not declared' }])
    }
  })
})

describe('what is remembered', () => {
  const retired = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      generation(i + 1, 'retired', { retiredAt: '2026-03-01T00:00:00Z' }),
    )
  const numbersAfter = (...main: Generation[]) =>
    advance({ files: { main } }, [], START).main.map((each) => each.generation)

  it('are the sixty generations that were retired last, and every live one', () => {
    expect(numbersAfter(...retired(60), generation(61, 'current'))).toHaveLength(61)
    const kept = numbersAfter(...retired(63), generation(64, 'previous'), generation(65, 'current'))
    expect(kept).toEqual(Array.from({ length: 62 }, (_, i) => i + 4))
  })
})

describe('rotateWhenDue', () => {
  it('issues, promotes and retires by plain deployments, one thing at a time', () => {
    const history: string[][] = []
    let ledger: Ledger = first
    for (const day of [29, 30, 31, 32, 38, 39]) {
      ledger = advance(ledger, [], daysAfter(day), { rotateWhenDue: true }).ledger
      history.push(phases(ledger))
    }
    expect(history).toEqual([
      ['g1 current'],
      ['g1 current', 'g2 issued'],
      ['g1 previous', 'g2 current'],
      ['g1 previous', 'g2 current'],
      ['g1 retired', 'g2 current'],
      ['g1 retired', 'g2 current'],
    ])
  })

  it('leaves alone what a rotation run is at work on', () => {
    expect(advance(issued, [], daysAfter(60), { rotateWhenDue: true }).ledger).toEqual(issued)
  })

  it('promotes only what it issued by itself', () => {
    const run = 'pulumi up'
    const others = generation(2, 'previous', { run, retireAfter: '2027-01-01T00:00:00Z' })
    const ledger = { files: { main: [others, generation(3, 'current')] } }
    expect(advance(ledger, [], daysAfter(1), { rotateWhenDue: true }).ledger).toEqual(ledger)
  })

  it('issues at the moment at which it is due', () => {
    const whole = new Date('2026-03-31T10:20:30Z')
    const before = new Date(whole.getTime() - 1)
    expect(phases(advance(first, [], before, { rotateWhenDue: true }).ledger)).toEqual(['g1 current'])
    expect(phases(advance(first, [], whole, { rotateWhenDue: true }).ledger)).toEqual([
      'g1 current',
      'g2 issued',
    ])
  })

  it('does what a rotation run asks for instead, for its own credentials only', () => {
    const due = { rotateWhenDue: true }
    const apps = { ...policies(due), mail: policies(due).files }
    const before = advanceLedger({}, apps, [], START).ledger
    const after = advanceLedger(before, apps, [{ do: 'issue', ...on(2), run: 'r1' }], daysAfter(31)).ledger
    expect(after['files']?.['main']?.[1]).toMatchObject({ phase: 'issued', run: 'r1' })
    expect(after['mail']?.['main']?.[1]).toMatchObject({ phase: 'issued', run: 'pulumi up' })
  })
})

/** Any step about generations 1 to 6, sensible or not. */
const anyStep: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom('issue', 'promote', 'withdraw', 'retire', 'record'),
    generation: fc.integer({ min: 1, max: 6 }),
    run: fc.constantFrom('r1', 'r2'),
    flag: fc.boolean(),
    revokes: fc.constantFrom(undefined, 'soon' as const, 'now' as const),
  })
  .map(({ kind, generation, run, flag, revokes }): Step => {
    const deliveries = flag ? [{ target: 't', at: '2026-03-01T00:00:00Z', keyId: 'k' }] : []
    switch (kind) {
      case 'issue':
        return { do: 'issue', ...on(generation), run, ...(revokes && { revokes }) }
      case 'promote':
        return { do: 'promote', ...on(generation), provedAt: '2026-03-01T00:00:00Z', deliveries }
      case 'withdraw':
        return { do: 'withdraw', ...on(generation), run, exposed: flag }
      case 'retire':
        return { do: 'retire', ...on(generation), force: flag }
      default:
        return { do: 'record', ...on(generation), deliveries }
    }
  })

interface History {
  readonly maxLive: number
  readonly targets: string[]
  readonly rotateWhenDue: boolean
  readonly deployments: readonly { readonly wait: number; readonly steps: readonly Step[] }[]
}

const anyHistory: fc.Arbitrary<History> = fc.record({
  maxLive: fc.constantFrom(2, 4),
  targets: fc.constantFrom<string[]>([], ['t']),
  rotateWhenDue: fc.boolean(),
  deployments: fc.array(
    fc.record({ wait: fc.integer({ min: 0, max: 40 * DAY }), steps: fc.array(anyStep, { maxLength: 4 }) }),
    { maxLength: 40 },
  ),
})

describe('any history of any steps', () => {
  it('has exactly one current generation, numbers never used twice, and no more live ones than allowed', () => {
    fc.assert(
      fc.property(anyHistory, ({ deployments, ...policy }) => {
        let now = START
        let ledger: Ledger = first
        for (const { wait, steps } of deployments) {
          now = new Date(now.getTime() + wait)
          ledger = advance(ledger, steps, now, policy).ledger
          const main = mainOf(ledger)
          expect(main.filter(({ phase }) => phase === 'current')).toHaveLength(1)
          expect(main.filter(({ phase }) => phase !== 'retired').length).toBeLessThanOrEqual(policy.maxLive)
          const numbers = main.map(({ generation }) => generation)
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        }
      }),
    )
  })

  it('never brings back a retired generation, never moves a date, and never lets two be issued at once', () => {
    fc.assert(
      fc.property(anyHistory, ({ deployments, ...policy }) => {
        let now = START
        let ledger: Ledger = first
        for (const { wait, steps } of deployments) {
          now = new Date(now.getTime() + wait)
          const before = mainOf(ledger)
          ledger = advance(ledger, steps, now, policy).ledger
          const after = mainOf(ledger)
          for (const old of before) {
            const kept = after.find(({ generation }) => generation === old.generation)
            if (old.phase === 'retired') expect(kept).toEqual(old)
            expect(kept).toMatchObject({ issuedAt: old.issuedAt, endDate: old.endDate })
          }
          expect(after.filter(({ phase }) => phase === 'issued').length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('never deletes what was current without its overlap, unless it is forced or the secret leaked', () => {
    const harmless = ({ deployments, ...policy }: History): History => ({
      ...policy,
      deployments: deployments.map(({ wait, steps }) => ({ wait, steps: steps.map(withoutForce) })),
    })
    fc.assert(fc.property(anyHistory.map(harmless), checkOverlap))
  })
})

function withoutForce(step: Step): Step {
  if (step.do === 'retire') return { ...step, force: false }
  return step.do === 'issue' ? { do: 'issue', ...on(step.generation), run: step.run } : step
}

function checkOverlap({ deployments, ...policy }: History): void {
  let now = START
  let ledger: Ledger = first
  for (const { wait, steps } of deployments) {
    now = new Date(now.getTime() + wait)
    ledger = advance(ledger, steps, now, policy).ledger
  }
  for (const { currentSince, previousSince, retiredAt, endDate } of mainOf(ledger)) {
    if (!currentSince || !retiredAt) continue
    const served = Date.parse(retiredAt) - Date.parse(previousSince ?? retiredAt)
    const expired = Date.parse(retiredAt) >= Date.parse(endDate)
    expect(served >= MONTHLY.overlap || expired).toBe(true)
  }
}
