import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planRetirement, type Situation } from '../../../../scripts/retirement/plan.ts'

const DAY = 86_400_000
const NOW = new Date('2026-11-29T12:00:00Z')
const ago = (days: number) => new Date(NOW.getTime() - days * DAY).toISOString()

const REQUEST = { unusedForMs: 30 * DAY, force: false }
const ACTIVE: Situation = {
  retirement: undefined,
  after: undefined,
  isEnabled: true,
  usage: { uses: [], unknown: [] },
  dependents: [],
  now: NOW,
}
const disabled = (days: number, more: Partial<Situation> = {}): Situation => ({
  ...ACTIVE,
  retirement: { since: ago(days), deleteFrom: ago(days - 30) },
  after: '30d',
  isEnabled: false,
  ...more,
})
const used = (days: number) => ({ uses: [{ what: 'signed in by itself', at: ago(days) }], unknown: [] })
const UNKNOWN = { uses: [], unknown: ['When it last signed in is not known: AuditLog.Read.All is needed.'] }

describe('the next step of a retirement', () => {
  it.each([
    ['of an application in the directory', ACTIVE, 'disable'],
    ['that is declared and not deployed', { ...ACTIVE, after: '30d' }, 'disable'],
    ['with another time', disabled(40, { after: '60d' }), 'disable'],
    ['before its time', disabled(29), 'wait'],
    ['after its time', disabled(30), 'delete'],
  ] as const)('%s', (_, situation, next) => {
    const request = situation.after === '60d' ? { ...REQUEST, after: '30d' } : REQUEST
    expect(planRetirement(situation, request)).toMatchObject({ next, after: '30d', refusals: [] })
  })

  it.each([
    ['used', used(29), 'it signed in by itself at', 'find out who uses it'],
    ['of unknown use', UNKNOWN, 'AuditLog.Read.All is needed', 'grant that to the deployer'],
  ])('is refused for one that is %s, unless it is forced', (_, usage, reason, fix) => {
    for (const situation of [ACTIVE, disabled(30)]) {
      const [refusal, ...others] = planRetirement({ ...situation, usage }, REQUEST).refusals
      expect(refusal?.reason).toContain(reason)
      expect(refusal?.fix).toContain(fix)
      expect(others).toEqual([])
      expect(planRetirement({ ...situation, usage }, { ...REQUEST, force: true }).refusals).toEqual([])
    }
  })

  it('does not mind a use that is longer ago, nor one while it waits', () => {
    expect(planRetirement({ ...ACTIVE, usage: used(30) }, REQUEST).refusals).toEqual([])
    expect(planRetirement(disabled(3, { usage: used(4) }), REQUEST).refusals).toEqual([])
  })

  it('is refused, forced or not, while others refer to it or somebody enabled it again', () => {
    const force = { ...REQUEST, force: true }
    const needed = disabled(30, { dependents: ['importer'] })
    expect(planRetirement(needed, force).refusals).toEqual([
      {
        reason: 'importer of this stack refers to it',
        fix: 'remove what refers to it from the declaration of importer',
      },
    ])
    expect(planRetirement({ ...ACTIVE, dependents: ['importer'] }, force).refusals).toEqual([])
    for (const days of [3, 30]) {
      expect(planRetirement(disabled(days, { isEnabled: true }), force).refusals[0]?.reason).toContain(
        'somebody enabled its sign-in',
      )
    }
  })

  it('never deletes too early, never goes on in use without force, and force takes no other refusal away', () => {
    const situation = fc.record({
      days: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      lastUse: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
      isKnown: fc.boolean(),
      isNeeded: fc.boolean(),
      isEnabled: fc.boolean(),
    })
    fc.assert(
      fc.property(situation, ({ days, lastUse, isKnown, isNeeded, isEnabled }) => {
        const found = {
          ...(days === undefined ? ACTIVE : disabled(days, { isEnabled })),
          usage: {
            uses: lastUse === undefined ? [] : used(lastUse).uses,
            unknown: isKnown ? [] : UNKNOWN.unknown,
          },
          dependents: isNeeded ? ['importer'] : [],
        }
        const plan = planRetirement(found, REQUEST)
        const forced = planRetirement(found, { ...REQUEST, force: true })
        const isInUse = !isKnown || (lastUse !== undefined && lastUse < 30)
        if (plan.next === 'delete') expect(days).toBeGreaterThanOrEqual(30)
        if (plan.next !== 'wait' && isInUse) expect(plan.refusals).not.toEqual([])
        expect(forced.next).toBe(plan.next)
        expect(plan.refusals).toEqual(expect.arrayContaining([...forced.refusals]))
      }),
    )
  })
})
