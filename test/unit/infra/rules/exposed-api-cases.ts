import { type Cases, type Declared, many, named, PERSONAL, text } from './case.ts'

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
    fail: [uris('a.example'), uris('http://a.example'), uris('api://a b')],
  },
  EA302: {
    pass: [uris(placeholder(255)), { ...PERSONAL, ...uris(text(256, 'api://')) }],
    fail: [uris(placeholder(256))],
  },
  EA303: {
    pass: [{ ...PERSONAL, ...uris(text(120, 'api://')) }, uris(text(121, 'api://'))],
    fail: [{ ...PERSONAL, ...uris(text(121, 'api://')) }],
  },
  EA304: {
    pass: [uris('urn:a:b'), { ...PERSONAL, ...uris('api://x') }],
    fail: ['urn:a:b', 'api://*/x', 'https://a.example/?x', 'https://a.example/#x'].map((uri) => ({
      ...PERSONAL,
      ...uris(uri),
    })),
  },
  EA305: {
    pass: [
      { ...PERSONAL, ...uris(...many(50, (i) => `api://${i}`)) },
      uris(...many(51, (i) => `api://${i}`)),
    ],
    fail: [{ ...PERSONAL, ...uris(...many(51, (i) => `api://${i}`)) }],
  },
  EA306: { pass: [uris('https://a.example/x')], fail: [uris('https://a.example/')] },
  EA307: {
    pass: [
      uris('api://{clientId}', 'api://{tenantId}/x', 'api://x/{clientId}', 'https://a.example/x'),
      uris('api://00000003-0000-0000-c000-000000000000'),
      { accessTokenVersion: 2, ...uris('api://files') },
    ],
    fail: [uris('api://files'), uris('urn:files')],
  },
  EA308: {
    pass: [{ app: uris('api://{clientId}'), others: { other: uris('api://{clientId}') } }],
    fail: [uris('api://a', 'api://A'), { app: uris('api://a'), others: { other: uris('api://a') } }],
  },
  EA321: {
    pass: [scopes(text(120)), { ...PERSONAL, ...scopes(text(121)) }],
    fail: [scopes(text(121))],
  },
  EA322: {
    pass: [{ ...PERSONAL, ...scopes(text(40)) }, scopes(text(41))],
    fail: [{ ...PERSONAL, ...scopes(text(41)) }],
  },
  EA323: {
    pass: [{ ...PERSONAL, scopes: named(100, scope) }, { scopes: named(101, scope) }],
    fail: [{ ...PERSONAL, scopes: named(101, scope) }],
  },
  EA324: {
    pass: [{ appRoles: { Reader: role } }, PERSONAL],
    fail: [{ ...PERSONAL, appRoles: { Reader: role } }],
  },
  EA325: {
    pass: [
      { ...scopes('Read'), appRoles: { Reader: role } },
      { scopes: { Read: { admin: role, id: ID } }, appRoles: { Read: { ...role, id: ID } } },
      { appRoles: { A: { ...role, value: '' }, B: { ...role, value: '' } } },
    ],
    fail: [
      { ...scopes('Read'), appRoles: { Read: role } },
      { scopes: { Read: { admin: role, id: ID } }, appRoles: { Read: { ...role, id: ID, enabled: false } } },
      {
        scopes: { Read: { admin: { ...role, description: 'x' }, id: ID } },
        appRoles: { Read: { ...role, id: ID } },
      },
      { scopes: { Read: { admin: role, id: ID } }, appRoles: { Write: { ...role, id: ID } } },
      { appRoles: { A: { ...role, id: ID }, B: { ...role, id: ID } } },
      { appRoles: { A: role, B: { ...role, value: 'A' } } },
    ],
  },
  EA326: {
    pass: [{ appRoles: { [text(249)]: role } }],
    fail: [{ appRoles: { [text(250)]: role } }, scopes(text(250))],
  },
  EA327: {
    pass: [scopes('Files.Read', 'a:b/c')],
    fail: [scopes('.Read'), scopes('Files Read'), scopes('Lesen"')],
  },
  EA331: {
    pass: [clients(1)],
    fail: [{ ...scopes('Read'), preAuthorizedClients: { '00000000-0000-0000-0000-000000000001': ['Raed'] } }],
  },
  EA332: { pass: [{ ...PERSONAL, ...clients(100) }, clients(101)], fail: [{ ...PERSONAL, ...clients(101) }] },
  EA333: {
    pass: [{ ...PERSONAL, ...clients(1, 30) }, clients(1, 31)],
    fail: [{ ...PERSONAL, ...clients(1, 31) }],
  },
  EA334: {
    pass: [{ ...PERSONAL, ...clients(50, 10) }, clients(51, 10)],
    fail: [{ ...PERSONAL, ...clients(51, 10) }],
  },
  EA341: {
    pass: [{ claims: { idToken: ['email'], accessToken: ['email'] } }],
    fail: [{ claims: { idToken: ['email', { name: 'email', essential: true }] } }],
  },
}
