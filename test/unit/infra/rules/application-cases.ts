import { type Cases, type Declared, many, named, PERSONAL, text } from './case.ts'

const secret = { displayName: 's', lifetime: '90d' }
const logout = (logoutUrl: string): Declared => ({ web: { logoutUrl } })
const items = (count: number): Declared => ({ tags: many(count, (i) => `t${i}`) })

const PNG = '\x89PNG\r\n\x1a\n'
const image = (start: string, bytes: number) => Buffer.concat([Buffer.from(start, 'latin1')], bytes)
const logo = (file: Uint8Array | undefined) => ({
  app: { logo: 'logo.png' },
  context: { read: (name: string) => (name === 'logo.png' ? file : undefined) },
})

export const applicationCases: Cases = {
  EA121: {
    pass: [{}, logout('https://a.example/out')],
    fail: [
      [logout('http://a.example/out'), 'web.logoutUrl: "http://a.example/out" is not an https address'],
      [logout('out'), 'web.logoutUrl: "out" is not an https address'],
    ],
  },
  EA122: {
    pass: [logout(text(255, 'https://a.example/'))],
    fail: [
      [
        logout(text(230, 'https://a.example/{clientId}')),
        'web.logoutUrl: the URL has 256 characters, the limit is 255',
      ],
      [
        logout(text(256, 'https://a.example/')),
        'web.logoutUrl: the URL has 256 characters, the limit is 255',
      ],
    ],
  },
  EA123: {
    pass: [{ web: { homepage: 'https://a.example' }, info: { support: 'http://a.example/help' } }],
    fail: [
      [{ web: { homepage: 'a.example' } }, 'web.homepage: "a.example" is not an http or https address'],
      [
        { info: { termsOfService: 'mailto:a@a.example' } },
        'info.termsOfService: "***@a.example" is not an http or https address',
      ],
    ],
  },
  EA124: {
    pass: [{}],
    fail: [
      [
        { web: { implicitGrant: { idTokens: true } } },
        'web.implicitGrant.idTokens: tokens in the address bar end up in histories and logs',
      ],
    ],
  },
  EA125: {
    pass: [{ fallbackPublicClient: true }, { secrets: { main: secret } }],
    fail: [
      [
        { fallbackPublicClient: true, secrets: { main: secret } },
        'fallbackPublicClient: as a public client the application must not send its secret or certificate (AADSTS700025)',
      ],
    ],
  },
  EA131: {
    pass: [
      {},
      { redirectUris: { publicClient: ['msal{clientId}://auth'] }, tags: ['of {tenantId}'] },
      { web: { logoutUrl: 'https://a.example/{clientId}/out' }, identifierUris: ['api://{clientId}'] },
      { servicePrincipal: { loginUrl: 'https://a.example/?t={tenantId}', tags: ['{clientId}'] } },
      { notes: 'of {team}', verifyWrites: ['PATCH /me {"notes":"{clientId}"}'] },
    ],
    fail: [
      [
        { notes: 'The client id is {clientId}' },
        'notes: "The client id is {clientId}" would stand in the tenant as it is: placeholders are not replaced in notes',
      ],
      [
        { redirectUris: { web: ['https://a.example/{client_id}'] } },
        'redirectUris.web.0: "https://a.example/{client_id}": unknown placeholder {client_id}',
      ],
      [
        { identifierUris: ['api://{ApplicationId}'] },
        'identifierUris.0: "api://{ApplicationId}": unknown placeholder {ApplicationId}',
      ],
      [
        {
          federatedCredentials: {
            main: { other: { issuer: 'https://login.microsoftonline.com/{tenantId}/v2.0', subject: 's' } },
          },
        },
        'federatedCredentials.main.other.issuer: "https://login.microsoftonline.com/{tenantId}/v2.0" would stand in the tenant as it is: placeholders are not replaced in federatedCredentials.main.other.issuer',
      ],
    ],
  },
  EA201: {
    pass: [{ displayName: text(120) }, { ...PERSONAL, displayName: text(121) }],
    fail: [[{ displayName: text(121) }, 'displayName: the name has 121 characters, the limit is 120']],
  },
  EA202: {
    pass: [{ ...PERSONAL, displayName: text(90) }, { displayName: text(91) }],
    fail: [
      [{ ...PERSONAL, displayName: text(91) }, 'displayName: the name has 91 characters, the limit is 90'],
    ],
  },
  EA203: {
    pass: [{ app: { displayName: 'A' }, others: { other: { displayName: 'B' } } }],
    fail: [
      [
        { app: { displayName: 'A' }, others: { other: { displayName: 'a' } } },
        'displayName: "A" is also the name of "other"',
      ],
    ],
  },
  EA204: {
    pass: [{ notes: text(1024), servicePrincipal: { description: text(1024) } }],
    fail: [
      [{ description: text(1025) }, 'description: the text has 1025 characters, the limit is 1024'],
      [
        { servicePrincipal: { notes: text(1025) } },
        'servicePrincipal.notes: the text has 1025 characters, the limit is 1024',
      ],
    ],
  },
  EA205: {
    pass: [items(1000), items(1201)],
    fail: [
      [items(1001), 'app: the registration holds 1001 items in all, the limit is 1000'],
      [items(1200), 'app: the registration holds 1200 items in all, the limit is 1000'],
    ],
  },
  EA206: {
    pass: [items(1200)],
    fail: [[items(1201), 'app: the registration holds 1201 items in all, the limit is 1200']],
  },
  EA207: {
    pass: [{ owners: many(99, (i) => `u${i}@a.example`) }],
    fail: [
      [
        { owners: many(100, (i) => `u${i}@a.example`) },
        'owners: 101 owners with the deployer, the limit is 100',
      ],
    ],
  },
  EA208: {
    pass: [{ tags: ['x', text(256)] }],
    fail: [
      [{ tags: [''] }, 'tags.0: the tag has 0 characters'],
      [{ servicePrincipal: { tags: [text(257)] } }, 'servicePrincipal.tags.0: the tag has 257 characters'],
    ],
  },
  EA209: { pass: [{ tags: ['a-b'] }], fail: [[{ tags: ['a b'] }, 'tags.0: the tag "a b" has white space']] },
  EA210: {
    pass: [{ tags: ['a', 'b'], servicePrincipal: { tags: ['a'] } }],
    fail: [
      [{ tags: ['a', 'A'] }, 'tags.1: the tag "A" is listed twice'],
      [{ servicePrincipal: { tags: ['a', 'a'] } }, 'servicePrincipal.tags.1: the tag "a" is listed twice'],
    ],
  },
  EA211: {
    pass: [{ ...PERSONAL, secrets: { a: secret } }, { secrets: { a: secret, b: secret, c: secret } }],
    fail: [
      [
        { ...PERSONAL, secrets: { a: secret, b: secret } },
        'secrets.b: with AzureADandPersonalMicrosoftAccount an application holds 2 client secrets at most, and rotation needs one of them free',
      ],
    ],
  },
  EA212: {
    pass: [{ ...PERSONAL }, { ...PERSONAL, accessTokenVersion: 2 }, { accessTokenVersion: 1 }],
    fail: [
      [
        { ...PERSONAL, accessTokenVersion: 1 },
        'accessTokenVersion: AzureADandPersonalMicrosoftAccount has no tokens of version 1',
      ],
    ],
  },
  EA213: {
    pass: [{ app: {}, context: { cloud: 'china' } }, PERSONAL],
    fail: [
      [
        { app: PERSONAL, context: { cloud: 'usgovernment' } },
        'signInAudience: the cloud "usgovernment" has no personal accounts',
      ],
    ],
  },
  EA214: {
    pass: [
      { app: {}, after: named(124, {}) },
      { app: {}, others: named(200, {}) },
    ],
    fail: [
      [{ app: {}, after: named(125, {}) }, 'app: the stack makes 252 directory objects, the limit is 250'],
    ],
  },
  EA215: {
    pass: [
      {},
      ...[PNG, '\xff\xd8\xff\xe0', 'GIF87a', 'GIF89a'].map((start) => logo(image(start, 100 * 1024))),
    ],
    fail: [
      [logo(undefined), 'logo: the file "logo.png" is not there'],
      [logo(image('<svg>', 100)), 'logo: the file "logo.png" is not a PNG, JPEG or GIF image'],
      [logo(image(PNG, 100 * 1024 + 1)), 'logo: the image has 101 KB, the limit is 100'],
    ],
  },
  EA216: {
    pass: [
      { app: {}, after: named(99, {}) },
      { app: {}, others: named(200, {}) },
    ],
    fail: [[{ app: {}, after: named(100, {}) }, 'app: the stack has 101 applications, the limit is 100']],
  },
}
