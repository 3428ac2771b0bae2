import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meetsConditions, parseClaimsExpression } from '../../../microsoft/claims-expression.ts'

const meets = (expression: string, claims: object): boolean =>
  meetsConditions(parseClaimsExpression(expression), { ...claims })

describe('a claims matching expression', () => {
  it('is conditions joined by and, with quotes written twice', () => {
    expect(
      parseClaimsExpression("claims['sub'] matches 'repo:it''s/*' and claims['job_workflow_ref'] eq 'x'"),
    ).toEqual([
      { claim: 'sub', operator: 'matches', value: "repo:it's/*" },
      { claim: 'job_workflow_ref', operator: 'eq', value: 'x' },
    ])
  })

  it.each([
    '',
    'sub eq x',
    "claims['sub'] ne 'x'",
    "claims['sub'] eq 'x",
    "claims['sub'] eq 'x' or claims['sub'] eq 'y'",
    "claims['sub'] eq 'x' and ",
    "claims['sub'] eq 'x'and claims['sub'] eq 'y'",
  ])('is not %j', (text) => {
    expect(() => parseClaimsExpression(text)).toThrow(SyntaxError)
  })

  it.each([
    [
      "claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main'",
      'repo:contoso/files:ref:refs/heads/main',
      true,
    ],
    [
      "claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main'",
      'repo:contoso/files:ref:refs/heads/mainly',
      false,
    ],
    ["claims['sub'] matches 'repo:contoso/*'", 'repo:Contoso/files', false],
    ["claims['sub'] matches 'v?'", 'v1', true],
    ["claims['sub'] matches 'v?'", 'v', false],
    ["claims['sub'] matches 'v?'", 'v10', false],
    ["claims['sub'] eq 'a*'", 'a*', true],
    ["claims['sub'] eq 'a*'", 'ab', false],
    ["claims['sub'] matches 'a.c'", 'abc', false],
  ])('%s with the subject %s: %s', (expression, sub, expected) => {
    expect(meets(expression, { sub })).toBe(expected)
  })

  it('needs every condition, and claims that are texts', () => {
    const both = "claims['sub'] matches 's*' and claims['job_workflow_ref'] matches 'w*'"
    expect(meets(both, { sub: 's1', job_workflow_ref: 'w1' })).toBe(true)
    expect(meets(both, { sub: 's1', job_workflow_ref: 'x' })).toBe(false)
    expect(meets(both, { sub: 's1' })).toBe(false)
    expect(meets("claims['sub'] matches '*'", { sub: ['a'] })).toBe(false)
  })

  it('matches as a regular expression of the same meaning does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })
    fc.assert(
      fc.property(letters, texts, (pattern, sub) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
        expect(meets(`claims['sub'] matches '${pattern}'`, { sub })).toBe(regex.test(sub))
      }),
    )
  })
})
