import { describe, expect, it } from 'vitest'
import { renderPath } from '../../../../infra/declaration/problems.ts'
import { readAppDeclaration } from '../../../../infra/rules/validate.ts'

const problemsOf = (app: object) => {
  const result = readAppDeclaration('app', { displayName: 'A', ...app })
  if (result.ok) return []
  return result.problems.map(({ path, message, fix }) => `${renderPath(path)}: ${message} → ${fix}`)
}
const accessToken = (claim: unknown) => problemsOf({ claims: { accessToken: [claim] } })

describe('a mistake of form where a text or a mapping is accepted', () => {
  it('is one of neither form', () => {
    expect(accessToken(3)).toEqual([
      'claims.accessToken[0]: this is not a text or a mapping → write a text or a mapping',
    ])
  })

  it.each<[unknown, string[]]>([
    [
      { name: 'groups', additionalProperties: ['cloud_display_name'] },
      [
        'claims.accessToken[0].additionalProperties[0]: the value is not one of the accepted ones → did you mean "cloud_displayname"',
      ],
    ],
    [
      { nam: 'groups' },
      [
        'claims.accessToken[0].name: a value is required here → write a text',
        'claims.accessToken[0].nam: there is no setting "nam" here → did you mean "name"',
      ],
    ],
  ])('is one of the form that was written: %j', (claim, problems) => {
    expect(accessToken(claim)).toEqual(problems)
  })

  it('says what else a mapping has to be', () => {
    const github = { repository: 'contoso/files', include: [{ one: 'x', two: 'y' }] }
    expect(problemsOf({ federatedCredentials: { ci: { github } } })).toContain(
      'federatedCredentials.ci.github.include[0]: one claim and its value → correct the value',
    )
  })
})

describe('a value that is not one of the accepted ones', () => {
  it.each<[object, string]>([
    [{ consent: 'grnt' }, 'consent: the value is not one of the accepted ones → did you mean "grant"'],
    [{ accessTokenVersion: 3 }, 'accessTokenVersion: the value is not one of the accepted ones → use 1, 2'],
  ])('is told the nearest, or all of them: %j', (app, problem) => {
    expect(problemsOf(app)).toEqual([problem])
  })
})
