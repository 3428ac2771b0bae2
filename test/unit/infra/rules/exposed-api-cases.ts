import { type Cases, type Declared, type FailingCase, many, named, PERSONAL, text } from './case.ts'

const admin = { displayName: 'Read', description: 'Read files' }
const scope = { admin }
const role = { displayName: 'Reader', description: 'Reads' }
const uris = (...identifierUris: string[]): Declared => ({ identifierUris })
const scopes = (...values: string[]): Declared => ({
  scopes: Object.fromEntries(values.map((value) => [value, scope])),
})
/** Scopes s0… and clients that have the first of them. */
const clients = (count: number, of = 1): Declared => ({
  scopes: named(of, scope),
  preAuthorizedClients: named(
    count,
    many(of, (i) => `e${i}`),
    (i) => `00000000-0000-0000-0000-${String(i).padStart(12, '0')}`,
  ),
})
const placeholder = (length: number) => text(length - 36 + '{clientId}'.length, 'api://{clientId}/')

const ID = '6f2d6b0a-2b8a-4a52-8d5e-0c2b9f1a7e11'

export const exposedApiCases: Cases = {
  EA301: {
    pass: [uris('api://{clientId}', 'https://a.example/x', 'urn:a:b')],
    fail: [
      [uris('a.example'), 'identifierUris.0: "a.example" is not an identifier URI'],
      [uris('http://a.example'), 'identifierUris.0: "http://a.example" is not an identifier URI'],
      [uris('api://a b'), 'identifierUris.0: "api://a b" is not an identifier URI'],
    ],
  },
  EA302: {
    pass: [uris(placeholder(255)), { ...PERSONAL, ...uris(text(256, 'api://')) }],
    fail: [[uris(placeholder(256)), 'identifierUris.0: the URI has 256 characters, the limit is 255']],
  },
  EA303: {
    pass: [{ ...PERSONAL, ...uris(text(120, 'api://')) }, uris(text(121, 'api://'))],
    fail: [
      [
        { ...PERSONAL, ...uris(text(121, 'api://')) },
        'identifierUris.0: the URI has 121 characters, the limit is 120',
      ],
    ],
  },
  EA304: {
    pass: [uris('urn:a:b'), { ...PERSONAL, ...uris('api://x') }],
    fail: [
      ['urn:a:b', 'urn:a:b'],
      ['api://*/x', 'api://*/x'],
      ['https://a.example/?x', 'https://a.example/?***'],
      ['https://a.example/#x', 'https://a.example/#***'],
    ].map(
      ([uri = '', shown]): FailingCase => [
        { ...PERSONAL, ...uris(uri) },
        `identifierUris.0: "${shown}" is not possible with AzureADandPersonalMicrosoftAccount`,
      ],
    ),
  },
  EA305: {
    pass: [
      { ...PERSONAL, ...uris(...many(50, (i) => `api://${i}`)) },
      uris(...many(51, (i) => `api://${i}`)),
    ],
    fail: [
      [
        { ...PERSONAL, ...uris(...many(51, (i) => `api://${i}`)) },
        'identifierUris: 51 identifier URIs, the limit is 50',
      ],
    ],
  },
  EA306: {
    pass: [uris('https://a.example/x')],
    fail: [[uris('https://a.example/'), 'identifierUris.0: "https://a.example/" ends with a slash']],
  },
  EA307: {
    pass: [
      uris('api://{clientId}', 'api://{tenantId}/x', 'api://x/{clientId}', 'https://a.example/x'),
      uris('api://00000003-0000-0000-c000-000000000000'),
      { accessTokenVersion: 2, ...uris('api://files') },
    ],
    fail: [
      [uris('api://files'), 'identifierUris.0: "api://files" could be claimed by anyone in the tenant'],
      [uris('urn:files'), 'identifierUris.0: "urn:files" could be claimed by anyone in the tenant'],
    ],
  },
  EA308: {
    pass: [{ app: uris('api://{clientId}'), others: { other: uris('api://{clientId}') } }],
    fail: [
      [uris('api://a', 'api://A'), 'identifierUris.1: "api://A" is taken by "app"'],
      [
        { app: uris('api://a'), others: { other: uris('api://a') } },
        'identifierUris.0: "api://a" is taken by "other"',
      ],
    ],
  },
  EA321: {
    pass: [scopes(text(120)), { ...PERSONAL, ...scopes(text(121)) }],
    fail: [[scopes(text(121)), `scopes.${text(121)}: the scope's name has 121 characters, the limit is 120`]],
  },
  EA322: {
    pass: [{ ...PERSONAL, ...scopes(text(40)) }, scopes(text(41))],
    fail: [
      [
        { ...PERSONAL, ...scopes(text(41)) },
        `scopes.${text(41)}: the scope's name has 41 characters, the limit is 40`,
      ],
    ],
  },
  EA323: {
    pass: [{ ...PERSONAL, scopes: named(100, scope) }, { scopes: named(101, scope) }],
    fail: [[{ ...PERSONAL, scopes: named(101, scope) }, 'scopes: 101 scopes, the limit is 100']],
  },
  EA324: {
    pass: [{ appRoles: { Reader: role } }, PERSONAL],
    fail: [
      [
        { ...PERSONAL, appRoles: { Reader: role } },
        'appRoles: app roles are not possible with AzureADandPersonalMicrosoftAccount',
      ],
    ],
  },
  EA325: {
    pass: [
      { ...scopes('Read'), appRoles: { Reader: role } },
      { scopes: { Read: { admin: role, id: ID } }, appRoles: { Read: { ...role, id: ID } } },
      { appRoles: { A: { ...role, value: '' }, B: { ...role, value: '' } } },
    ],
    fail: [
      [
        { ...scopes('Read'), appRoles: { Read: role } },
        'appRoles.Read: "Read" is the value of the scope "Read" as well, with another id',
      ],
      [
        {
          scopes: { Read: { admin: role, id: ID } },
          appRoles: { Read: { ...role, id: ID, enabled: false } },
        },
        'appRoles.Read: the scope "Read" has the same id, but differs in enabled',
      ],
      [
        {
          scopes: { Read: { admin: { ...role, description: 'x' }, id: ID } },
          appRoles: { Read: { ...role, id: ID } },
        },
        'appRoles.Read: the scope "Read" has the same id, but differs in description',
      ],
      [
        { scopes: { Read: { admin: role, id: ID } }, appRoles: { Write: { ...role, id: ID } } },
        'appRoles.Write: the scope "Read" has the same id, but another value',
      ],
      [
        { appRoles: { A: { ...role, id: ID }, B: { ...role, id: ID } } },
        'appRoles.B: the app role "A" has the same id',
      ],
      [
        { appRoles: { A: role, B: { ...role, value: 'A' } } },
        'appRoles.B: "A" is the value of the app role "A" as well, with another id',
      ],
    ],
  },
  EA326: {
    pass: [{ appRoles: { [text(249)]: role } }],
    fail: [
      [
        { appRoles: { [text(250)]: role } },
        `appRoles.${text(250)}: the value has 250 characters, the limit is 249`,
      ],
      [scopes(text(250)), `scopes.${text(250)}: the value has 250 characters, the limit is 249`],
    ],
  },
  EA327: {
    pass: [scopes('Files.Read', 'a:b/c')],
    fail: [
      [
        scopes('.Read'),
        'scopes..Read: the value ".Read" begins with a dot or has a character that tokens do not allow',
      ],
      [
        scopes('Files Read'),
        'scopes.Files Read: the value "Files Read" begins with a dot or has a character that tokens do not allow',
      ],
      [
        scopes('Lesen"'),
        'scopes.Lesen": the value "Lesen"" begins with a dot or has a character that tokens do not allow',
      ],
    ],
  },
  EA331: {
    pass: [clients(1)],
    fail: [
      [
        { ...scopes('Read'), preAuthorizedClients: { '00000000-0000-0000-0000-000000000001': ['Raed'] } },
        'preAuthorizedClients.00000000-0000-0000-0000-000000000001.0: the application has no scope "Raed"',
      ],
    ],
  },
  EA332: {
    pass: [{ ...PERSONAL, ...clients(100) }, clients(101)],
    fail: [
      [
        { ...PERSONAL, ...clients(101) },
        'preAuthorizedClients: 101 pre-authorised clients, the limit is 100',
      ],
    ],
  },
  EA333: {
    pass: [{ ...PERSONAL, ...clients(1, 30) }, clients(1, 31)],
    fail: [
      [
        { ...PERSONAL, ...clients(1, 31) },
        'preAuthorizedClients.00000000-0000-0000-0000-000000000000: 31 scopes for one client, the limit is 30',
      ],
    ],
  },
  EA334: {
    pass: [{ ...PERSONAL, ...clients(50, 10) }, clients(51, 10)],
    fail: [
      [
        { ...PERSONAL, ...clients(51, 10) },
        'preAuthorizedClients: 510 pre-authorised scopes in all, the limit is 500',
      ],
    ],
  },
  EA341: {
    pass: [{ claims: { idToken: ['email'], accessToken: ['email'] } }],
    fail: [
      [
        { claims: { idToken: ['email', { name: 'email', essential: true }] } },
        'claims.idToken.1: the claim "email" is listed twice',
      ],
    ],
  },
}
