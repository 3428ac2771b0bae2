import { describe, expect, it } from 'vitest'
import { renderPath } from '../../../../infra/declaration/problems.ts'
import type { AppDeclarationInput } from '../../../../infra/declaration/schema.ts'
import { readAppDeclaration, readDeclaration } from '../../../../infra/rules/validate.ts'

const findingsOf = (value: unknown) => {
  const result = readDeclaration(value)
  const findings = [...(result.ok ? [] : result.problems), ...result.warnings]
  return findings.map(({ path, code }) => `${renderPath(path).replace(/^apps\./, '')} ${code}`)
}
const role = { displayName: 'Reader', description: 'Reads' }

describe('a mistake of form', () => {
  it.each<[where: string, app: object, found: string[]]>([
    [
      'in a list hides no other entry, whose place stays true',
      { displayName: 'A', redirectUris: { web: [5, 'http://one.example/', 6, 'http://two.example/'] } },
      [
        'a.redirectUris.web[0] EA001',
        'a.redirectUris.web[2] EA001',
        'a.redirectUris.web[1] EA109',
        'a.redirectUris.web[3] EA109',
      ],
    ],
    [
      'of an entry hides neither the rest of it nor the other entries',
      {
        displayName: 'A',
        assignments: [{ user: 'ada@contoso.com', rol: 'x' }, 'everyone', { group: 'Team', role: 'Writer' }],
        appRoles: { Writer: { ...role, for: ['applications'] } },
        claims: { idToken: [{ nam: 'a' }, { name: 'email' }, { name: 'email' }] },
      },
      [
        'a.claims.idToken[0].name EA001',
        'a.claims.idToken[0].nam EA001',
        'a.assignments[0].rol EA001',
        'a.assignments[1] EA001',
        'a.claims.idToken[2] EA341',
      ],
    ],
    [
      'of a setting hides no warning',
      { displayName: 'A', redirectUri: {}, web: { implicitGrant: { accessTokens: true } } },
      ['a.redirectUri EA001', 'a.web.implicitGrant.accessTokens EA124'],
    ],
    [
      'in a text for people hides nothing of what it names',
      { displayName: 'A', secrets: { main: { displayName: 7, lifetime: '900d' } } },
      ['a.secrets.main.displayName EA001', 'a.secrets.main.lifetime EA401'],
    ],
    [
      'makes nothing seem to be missing',
      {
        displayName: 'A',
        assignments: ['everyone'],
        servicePrincipal: { assignmentRequired: true },
        scopes: { Read: {} },
        preAuthorizedClients: { '00000003-0000-0000-c000-000000000000': ['Read'] },
      },
      ['a.scopes.Read.admin EA001', 'a.assignments[0] EA001'],
    ],
  ])('%s', (_, app, found) => {
    expect(findingsOf({ a: app })).toEqual(found)
  })

  it('of an API makes no permission of it seem to be missing', () => {
    const asking = { displayName: 'B', permissions: { a: { application: ['Import'] } } }
    expect(findingsOf({ a: { displayName: 'A', appRole: {} }, b: asking })).toEqual(['a.appRole EA001'])
    expect(findingsOf({ a: { displayName: 'A' }, b: asking })).toContain(
      'b.permissions.a.application[0] EA702',
    )
  })

  it('hides nothing in a program of its own either', () => {
    const wrong = { displayNam: 'A', redirectUris: { web: ['http://a.example/'] } }
    const result = readAppDeclaration('a', wrong as unknown as AppDeclarationInput)
    expect(result.ok ? [] : result.problems.map(({ code, path }) => `${renderPath(path)} ${code}`)).toEqual([
      'displayName EA001',
      'displayNam EA001',
      'redirectUris.web[0] EA109',
    ])
  })
})
