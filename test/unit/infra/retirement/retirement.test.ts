import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advanceRetirements, type Declared } from '../../../../infra/retirement/retirement.ts'

const DAY = 86_400_000
const NOW = new Date('2026-11-29T12:00:00Z')
const ago = (days: number) => `${new Date(NOW.getTime() - days * DAY).toISOString().slice(0, 19)}Z`

const ids = { clientId: 'client', objectId: 'object', servicePrincipalId: 'principal' }
const declared = (after?: string): Declared => ({ displayName: 'Files', ...(after && { retire: { after } }) })
const disabled = (days: number) => ({ ...ids, retirement: { since: ago(days), deleteFrom: ago(days - 30) } })

const advance = (
  apps: Record<string, Declared>,
  facts: Parameters<typeof advanceRetirements>[1]['facts'] = {},
  {
    wanted = [],
    deleted = {},
    needed = [],
  }: {
    wanted?: string[]
    deleted?: Parameters<typeof advanceRetirements>[1]['deleted']
    needed?: string[]
  } = {},
) => advanceRetirements(apps, { facts, deleted }, wanted, new Set(needed), NOW)

describe('a retirement', () => {
  it('begins with the first deployment that declares it, and keeps that moment', () => {
    expect(advance({ files: declared('30d') }, { files: ids }).retirements).toEqual({
      files: { since: ago(0), deleteFrom: ago(-30) },
    })
    expect(advance({ files: declared('7d') }, { files: disabled(3) }).retirements).toEqual({
      files: { since: ago(3), deleteFrom: ago(-4) },
    })
  })

  it('ends when it is no longer declared', () => {
    expect(advance({ files: declared() }, { files: disabled(3) })).toEqual({
      retirements: {},
      deleted: {},
      ignored: [],
    })
  })

  it('deletes what is asked for after its time, and remembers how to find it', () => {
    const { retirements, deleted, ignored } = advance(
      { files: declared('30d') },
      { files: disabled(30) },
      { wanted: ['files'] },
    )
    expect([retirements, ignored]).toEqual([{}, []])
    expect(deleted).toEqual({ files: { at: ago(0), displayName: 'Files', ...ids } })
  })

  it.each([
    ['too early', declared('30d'), disabled(29), [], `it is kept until ${ago(-1)}`],
    ['before it was disabled', declared('30d'), ids, [], 'its sign-in was not disabled before'],
    [
      'while another one needs it',
      declared('30d'),
      disabled(40),
      ['files'],
      'another application of the stack needs it',
    ],
    ['without the declaration', declared(), disabled(40), [], 'it is not declared to be retired'],
  ])('deletes nothing %s', (_, app, facts, needed, reason) => {
    const { deleted, ignored } = advance({ files: app }, { files: facts }, { wanted: ['files'], needed })
    expect([deleted, ignored]).toEqual([{}, [{ app: 'files', reason }]])
  })

  it('leaves a deleted application out for as long as it is declared, and forgets it when it cannot be restored', () => {
    const old = { files: { at: ago(40), displayName: 'Files', ...ids } }
    const young = { files: { ...old.files, at: ago(29) } }
    expect(advance({ files: declared('30d') }, {}, { deleted: old, wanted: ['files'] })).toEqual({
      retirements: {},
      deleted: old,
      ignored: [],
    })
    expect(advance({}, {}, { deleted: young }).deleted).toEqual(young)
    expect(advance({}, {}, { deleted: old }).deleted).toEqual({})
    expect(advance({ files: declared() }, {}, { deleted: young }).deleted).toEqual({})
  })

  it('never deletes what was not asked for, nor sooner than declared', () => {
    const app = fc.record({
      after: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      since: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
      isWanted: fc.boolean(),
      isNeeded: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(app, { maxLength: 5 }), (all) => {
        const names = all.map((_, i) => `app${i}`)
        const of = <T>(value: (each: (typeof all)[number]) => T) =>
          Object.fromEntries(all.map((each, i) => [`app${i}`, value(each)]))
        const result = advance(
          of(({ after }) => declared(after === undefined ? undefined : `${after}d`)),
          of(({ since }) => (since === undefined ? ids : disabled(since))),
          {
            wanted: names.filter((_, i) => all[i]?.isWanted),
            needed: names.filter((_, i) => all[i]?.isNeeded),
          },
        )
        for (const [i, { after, since, isWanted, isNeeded }] of all.entries()) {
          const mayGo = isWanted && !isNeeded && after !== undefined && since !== undefined && since >= after
          expect(Object.hasOwn(result.deleted, `app${i}`)).toBe(mayGo)
          expect(Object.hasOwn(result.retirements, `app${i}`)).toBe(after !== undefined && !mayGo)
        }
        expect(result.ignored).toHaveLength(
          all.filter(({ isWanted }, i) => isWanted && !result.deleted[`app${i}`]).length,
        )
      }),
    )
  })
})
