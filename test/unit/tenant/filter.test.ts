import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applications } from '../../../tenant/model/applications.ts'
import { checkFilter } from '../../../tenant/odata/filter-check.ts'
import { matches, requiredEquality } from '../../../tenant/odata/filter-evaluate.ts'
import { FilterError, tokenize } from '../../../tenant/odata/filter-lexer.ts'
import { type Filter, parseFilter } from '../../../tenant/odata/filter-parser.ts'

const parse = (text: string): Filter => checkFilter(applications, parseFilter(text), false)

describe('tokenize', () => {
  it('knows quotes within strings, GUIDs, dates and names', () => {
    const text = "a eq 'it''s' and b eq 0a1b2c3d-0000-4000-8000-000000000000 and c eq 2026-01-01T00:00:00Z"
    expect(tokenize(text).map(({ kind, text }) => `${kind}:${text}`)).toEqual([
      'name:a',
      'name:eq',
      "string:it's",
      'name:and',
      'name:b',
      'name:eq',
      'literal:0a1b2c3d-0000-4000-8000-000000000000',
      'name:and',
      'name:c',
      'name:eq',
      'literal:2026-01-01T00:00:00Z',
      'end:',
    ])
  })
})

describe('parseFilter', () => {
  it('binds not tighter than and, and tighter than or', () => {
    const shape = (filter: Filter): string => {
      switch (filter.kind) {
        case 'and':
        case 'or':
          return `(${shape(filter.left)} ${filter.kind} ${shape(filter.right)})`
        case 'not':
          return `not ${shape(filter.operand)}`
        default:
          return 'path' in filter ? filter.path.join('/') : ''
      }
    }
    expect(shape(parseFilter('a eq 1 or not b eq 2 and c eq 3'))).toBe('(a or (not b and c))')
    expect(shape(parseFilter('(a eq 1 or b eq 2) and c eq 3'))).toBe('((a or b) and c)')
  })

  it.each([
    '',
    'a',
    'a eq',
    'a eq 1 b',
    "a in 'x'",
    'a in ()',
    'any(x:x eq 1)',
    'a/any(x x eq 1)',
    '(a eq 1',
    'a eq b',
    '#',
  ])('refuses %j as not well formed', (text) => {
    expect(() => parseFilter(text)).toThrow(FilterError)
  })
})

describe('checkFilter', () => {
  it('spells names as the model does, and takes GUIDs with and without quotes', () => {
    const id = '0a1b2c3d-0000-4000-8000-000000000000'
    expect(parse(`APPID eq ${id}`)).toEqual(parse(`appId eq '${id}'`))
    expect(parse("API/oauth2permissionscopes/any(s:s/VALUE eq 'x')")).toMatchObject({
      path: ['api', 'oauth2PermissionScopes'],
    })
  })
})

describe('requiredEquality', () => {
  const indexed = (property: string) => property === 'appId'
  it.each([
    ["appId eq 'x'", 'x'],
    ["displayName eq 'a' and (tags/any() and appId eq 'x')", 'x'],
    ["appId ne 'x'", undefined],
    ["appId eq 'x' or displayName eq 'a'", undefined],
    ["not (appId eq 'x')", undefined],
    ['appId eq null', undefined],
  ])('of %s', (text, value) => {
    expect(requiredEquality(parse(text), indexed)?.value).toBe(value)
  })
})

describe('matches', () => {
  /** A filter as text, beside what it means, written down independently of parser and evaluator. */
  type Case = { readonly text: string; readonly accepts: (entity: Entity) => boolean }
  type Entity = {
    readonly displayName: string | null
    readonly tags: string[]
    readonly isFallbackPublicClient: boolean | null
  }

  const word = fc.constantFrom('a', 'A', 'ab', "o'b", '')
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const same = (left: string | null, right: string): boolean => left?.toLowerCase() === right.toLowerCase()
  const starts = (left: string | null, right: string): boolean =>
    left?.toLowerCase().startsWith(right.toLowerCase()) ?? false

  const leaf: fc.Arbitrary<Case> = fc.oneof(
    word.map((value) => ({
      text: `displayName eq ${quote(value)}`,
      accepts: (e: Entity) => same(e.displayName, value),
    })),
    word.map((value) => ({
      text: `displayName ne ${quote(value)}`,
      accepts: (e: Entity) => !same(e.displayName, value),
    })),
    fc.constant({ text: 'displayName eq null', accepts: (e: Entity) => e.displayName === null }),
    fc.boolean().map((value) => ({
      text: `isFallbackPublicClient eq ${value}`,
      accepts: (e: Entity) => e.isFallbackPublicClient === value,
    })),
    word.map((value) => ({
      text: `startsWith(displayName,${quote(value)})`,
      accepts: (e: Entity) => starts(e.displayName, value),
    })),
    fc.array(word, { minLength: 1, maxLength: 3 }).map((values) => ({
      text: `displayName in (${values.map(quote).join(', ')})`,
      accepts: (e: Entity) => values.some((value) => same(e.displayName, value)),
    })),
    word.map((value) => ({
      text: `tags/any(t:t eq ${quote(value)})`,
      accepts: (e: Entity) => e.tags.some((tag) => same(tag, value)),
    })),
    word.map((value) => ({
      text: `tags/any(t:not (t eq ${quote(value)}))`,
      accepts: (e: Entity) => e.tags.some((tag) => !same(tag, value)),
    })),
    fc.constant({ text: 'tags/any()', accepts: (e: Entity) => e.tags.length > 0 }),
  )
  const { tree } = fc.letrec<{ tree: Case }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
        text: `((${a.text}) and (${b.text}))`,
        accepts: (e: Entity) => a.accepts(e) && b.accepts(e),
      })),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
        text: `(${a.text}) or (${b.text})`,
        accepts: (e: Entity) => a.accepts(e) || b.accepts(e),
      })),
      tie('tree').map((a) => ({ text: `not (${a.text})`, accepts: (e: Entity) => !a.accepts(e) })),
    ),
  }))
  const entity = fc.record({
    displayName: fc.option(word),
    tags: fc.array(word, { maxLength: 2 }),
    isFallbackPublicClient: fc.option(fc.boolean()),
  })

  it('agrees with a plain reading of the filter', () => {
    fc.assert(
      fc.property(tree, fc.array(entity, { minLength: 1, maxLength: 5 }), ({ text, accepts }, entities) => {
        const filter = parse(text)
        for (const each of entities)
          expect(matches(filter, each), `${text} on ${JSON.stringify(each)}`).toBe(accepts(each))
      }),
      { numRuns: 500 },
    )
  })
})
