import { describe, expect, it } from 'vitest'
import { RULES } from '../../../../infra/rules/registry.ts'
import { withoutOwnSecrets, withoutUriSecrets } from '../../../../infra/rules/uri-secrets.ts'
import { readAppDeclaration } from '../../../../infra/rules/validate.ts'

describe('a URI in a message', () => {
  it.each([
    ['"https://me:hunter2@a.example/x" is', '"https://***@a.example/x" is'],
    ['"https://:hunter2@a.example"', '"https://***@a.example"'],
    ['"https:me:hunter2@a.example"', '"***@a.example"'],
    ['"//me:hunter2@a.example"', '"//***@a.example"'],
    ['"https://me:hun/ter2@a b"', '"https://***@a b"'],
    ['"https://a.example/@me"', '"https://a.example/@me"'],
    ['"https://a.example/#access_token=hunter2" has', '"https://a.example/#***" has'],
    ['"https://a.example/?code=hunter2&state=x#y"', '"https://a.example/?code=***&state=***#***"'],
    ['"https://a.example/?hunter2"', '"https://a.example/?***"'],
    ['"https://a.example/?"', '"https://a.example/?"'],
    ['see https://me:hunter2@a.example/ there', 'see https://***@a.example/ there'],
    ['"api://{clientId}" and "urn:a:b" and "a b"', '"api://{clientId}" and "urn:a:b" and "a b"'],
  ])('%s', (text, shown) => {
    expect(withoutUriSecrets(text)).toBe(shown)
  })
})

it.each([
  ['https://me:hunter2@a.example/?code=x', 'https://***@a.example/?code=***'],
  ['urn:a:b', 'urn:a:b'],
  ['me@a.example?x=y', 'me@a.example?x=y'],
])('a value that may be a URI as a whole: %s', (text, shown) => {
  expect(withoutOwnSecrets(text)).toBe(shown)
})

describe('a credential in a URI', () => {
  const uris = [
    'https://user:hunter2@a.example/',
    'https://:hunter2@a.example/cb',
    'http://hunter2@a.example/*',
    'https://a.example/?password=hunter2 x',
    "https://a.example/'?key=hunter2",
    'https://a.example/#hunter2',
    'https://[::1]/?key=hunter2#hunter2',
    'user:hunter2@a.example',
    '//user:hunter2@a.example',
    'ftp://user:hunter2@a.example/',
    `https://user:hunter2@a.example/${'x'.repeat(300)}`,
  ]
  const audiences = ['AzureADMyOrg', 'AzureADandPersonalMicrosoftAccount'] as const
  const settings = (uri: string) => [
    ...(['web', 'spa', 'publicClient'] as const).map((platform) => ({
      redirectUris: { [platform]: [uri, uri, uri.toUpperCase()] },
    })),
    { identifierUris: [uri, uri] },
    { web: { homepage: uri, logoutUrl: uri } },
    { info: { marketing: uri, privacyStatement: uri, support: uri, termsOfService: uri } },
    { federatedCredentials: { main: { issuer: uri, subject: uri } } },
    { secrets: { main: { displayName: 'x', lifetime: uri } } },
  ]

  it.each(uris)('is in no finding of any rule: %s', (uri) => {
    const found = audiences.flatMap((signInAudience) =>
      settings(uri).flatMap((setting) => {
        const read = readAppDeclaration('app', { displayName: 'App', signInAudience, ...setting })
        return [...(read.ok ? [] : read.problems), ...read.warnings]
      }),
    )
    expect(new Set(found.map(({ code }) => code)).size).toBeGreaterThan(2)
    for (const { message, fix, found: value } of found) {
      expect(`${message} ${fix} ${value}`).not.toMatch(/hunter2/i)
    }
    expect(RULES.length).toBeGreaterThan(50)
  })
})
