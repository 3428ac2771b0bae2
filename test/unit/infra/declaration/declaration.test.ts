import { describe, expect, it } from 'vitest'
import { DeclarationError, renderPath } from '../../../../infra/declaration/problems.ts'
import { readDeclaration } from '../../../../infra/rules/validate.ts'

const problemsOf = (value: unknown) => {
  const result = readDeclaration(value)
  return result.ok
    ? []
    : result.problems.map(({ path, message, fix }) => `${renderPath(path)}: ${message} → ${fix}`)
}

/** An application whose only certificate is made here, with these settings. */
const generating = (more: object) => ({
  a: { displayName: 'x', certificates: { c: { generate: { lifetime: '90d', ...more } } } },
})

describe('readDeclaration', () => {
  it('fills in what is left out, and consents to nothing unasked', () => {
    const result = readDeclaration({ app: { displayName: 'App' } })
    expect(result).toMatchObject({
      ok: true,
      warnings: [],
      value: {
        app: {
          displayName: 'App',
          signInAudience: 'AzureADMyOrg',
          redirectUris: { web: [], spa: [], publicClient: [] },
          web: { implicitGrant: { accessTokens: false, idTokens: false } },
          fallbackPublicClient: false,
          permissions: {},
          consent: 'request',
          secrets: {},
          owners: [],
          verify: [],
        },
      },
    })
  })

  it('writes a URI without a path as Entra stores it', () => {
    const result = readDeclaration({
      app: { displayName: 'App', redirectUris: { web: ['https://a.example'] } },
    })
    expect(result).toMatchObject({ value: { app: { redirectUris: { web: ['https://a.example/'] } } } })
  })

  it('reports the mistakes of all applications at once', () => {
    const found = problemsOf({
      one: { displayNam: 'One', redirectUris: { web: ['http://public.example/'] } },
      two: {
        displayName: 'Two',
        permissions: { 'Microsoft Graph': { application: ['A', 'A'] } },
        secrets: { main: { displayName: 'Main', lifetime: '6 months' } },
      },
    })
    expect(found).toEqual([
      expect.stringMatching(/^apps\.one\.displayName: a value is required here/),
      expect.stringMatching(/^apps\.one\.displayNam: there is no setting.* → did you mean "displayName"/),
      expect.stringMatching(/^apps\.one\.redirectUris\.web\[0\]: .*http to a host/),
      expect.stringMatching(/^apps\.two\.secrets\.main\.lifetime: a duration is .* → change "6 months"/),
      expect.stringMatching(
        /^apps\.two\.permissions\."Microsoft Graph"\.application\[1\]: "A" is listed twice/,
      ),
    ])
  })

  it.each([
    ['nothing', undefined, /^apps: a value is required here → write a mapping/],
    ['a list', [], /^apps: this is not a mapping/],
    ['no application', {}, /^apps: no application is declared/],
    ['a bad name', { 'My App': { displayName: 'x' } }, /^apps\."My App": names are lower-case/],
    [
      'an unknown consent',
      { a: { displayName: 'x', consent: 'yes' } },
      /^apps\.a\.consent: .* → use grant, request/,
    ],
    [
      'a writing probe',
      { a: { displayName: 'x', verify: ['DELETE /users'] } },
      /^apps\.a\.verify\[0\]: a probe is a read/,
    ],
    [
      'a secret of three years',
      { a: { displayName: 'x', secrets: { s: { displayName: 's', lifetime: '1095d' } } } },
      /^apps\.a\.secrets\.s\.lifetime: a client secret lives at most 730d/,
    ],
    [
      'a certificate that is given and made',
      { a: { displayName: 'x', certificates: { c: { pem: 'x', generate: { lifetime: '90d' } } } } },
      /^apps\.a\.certificates\.c: a certificate is one of file, pem, generate/,
    ],
    [
      'a certificate that is nothing',
      { a: { displayName: 'x', certificates: { c: {} } } },
      /^apps\.a\.certificates\.c: a certificate is one of file, pem, generate/,
    ],
    [
      'a certificate made for ever',
      { a: { displayName: 'x', certificates: { c: { generate: {} } } } },
      /^apps\.a\.certificates\.c\.generate\.lifetime: a value is required here/,
    ],
    ['a small key', generating({ keySize: 1024 }), /^apps\.a\.certificates\.c\.generate\.keySize: /],
    [
      'a subject that is none',
      generating({ subject: 'files' }),
      /^apps\.a\.certificates\.c\.generate\.subject: a subject is a distinguished name .* → change "files"/,
    ],
    [
      'an overlap as long as the interval',
      generating({ rotateEvery: '30d', overlap: '30d' }),
      /^apps\.a\.certificates\.c\.generate\.overlap: the overlap \(30 days\) is not shorter/,
    ],
    [
      'a delivery that pulumi up cannot make',
      generating({ rotateWhenDue: true, deliver: [{ exec: { command: ['true'] } }] }),
      /^apps\.a\.certificates\.c\.generate\.rotateWhenDue: `pulumi up` cannot deliver/,
    ],
  ])('refuses %s', (_, value, wanted) => {
    expect(problemsOf(value)).toEqual([expect.stringMatching(wanted)])
  })

  it('refuses a passphrase for PEM', () => {
    const certificates = { c: { file: 'c.pem', passphraseFrom: 'P' } }
    expect(problemsOf({ a: { displayName: 'x', certificates } })).toContainEqual(
      expect.stringMatching(/^apps\.a\.certificates\.c\.passphraseFrom: only a PFX file/),
    )
  })
})

describe('DeclarationError', () => {
  it('counts, names the file, and says that nothing was changed', () => {
    const error = new DeclarationError(
      [{ path: ['apps', 'a', 'x', 0], message: 'wrong', fix: 'fix it' }],
      'Pulumi.dev.yaml',
    )
    expect(error.message).toBe(
      '1 mistake in Pulumi.dev.yaml; nothing was changed.\n  apps.a.x[0]: wrong.\n    → fix it.',
    )
  })
})
