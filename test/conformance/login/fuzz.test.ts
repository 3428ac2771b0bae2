import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, openTenant, type TestClient, type TestTenant } from '../tenant/client.ts'
import { consent } from './browser.ts'

let at: TestTenant
let client: TestClient
const failures: string[] = []

beforeAll(async () => {
  at = await openTenant({
    log: (line) => {
      if (line.includes(' failed: ')) failures.push(line)
    },
  })
  client = await at.client([])
  const redirects = { web: { redirectUris: ['https://files.example.com/cb'] } }
  expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, redirects), 204)
  await consent(at, client.servicePrincipal.id, 'User.Read')
})
afterAll(() => at.close())

/** Values that are right, nearly right, and anything at all. */
const oneOf = (...values: readonly string[]) => fc.oneof(fc.constantFrom(...values), fc.string())

const jwt = (header: object, claims: object): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')

const assertion = fc
  .record(
    {
      alg: oneOf('RS256', 'PS256', 'ES256', 'none', 'HS256'),
      x5t: fc.string(),
      'x5t#S256': fc.string(),
      kid: fc.oneof(fc.string(), fc.integer()),
      iss: fc.oneof(fc.string(), fc.integer()),
      sub: fc.string(),
      aud: fc.oneof(fc.string(), fc.array(fc.string())),
      exp: fc.oneof(fc.integer(), fc.double(), fc.string()),
      nbf: fc.oneof(fc.integer(), fc.double()),
      own: fc.boolean(),
      signature: fc.base64String(),
    },
    { requiredKeys: [] },
  )
  .map(({ own, signature = '', alg, kid, x5t, 'x5t#S256': x5tS256, ...claims }) => {
    const self = own ? { iss: client.clientId, sub: client.clientId } : {}
    return `${jwt({ alg, kid, x5t, 'x5t#S256': x5tS256 }, { ...claims, ...self })}.${signature}`
  })

const tokenForm = fc.record(
  {
    grant_type: oneOf(
      'client_credentials',
      'authorization_code',
      'refresh_token',
      '__proto__',
      'constructor',
    ),
    client_id: fc.oneof(fc.constant('own'), fc.string()),
    client_secret: fc.string(),
    client_assertion: fc.oneof(assertion, fc.string()),
    client_assertion_type: oneOf('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
    scope: oneOf('https://graph.microsoft.com/.default', '/.default', 'openid', 'a/b c/d'),
    resource: oneOf('https://graph.microsoft.com'),
    code: fc.string(),
    refresh_token: fc.string(),
    redirect_uri: fc.string(),
    code_verifier: fc.string(),
  },
  { requiredKeys: ['grant_type'] },
)

const authorizeQuery = fc.record(
  {
    client_id: fc.oneof(fc.constant('own'), fc.string()),
    response_type: oneOf('code', 'id_token', 'token', 'code id_token'),
    response_mode: oneOf('query', 'fragment', 'form_post'),
    redirect_uri: oneOf('https://files.example.com/cb', 'javascript:alert(1)', 'http://localhost:99999999/'),
    scope: oneOf('User.Read', 'openid', '.default', '/', 'https://a//.default User.Read'),
    code_challenge: fc.string(),
    code_challenge_method: oneOf('S256', 'plain'),
    prompt: oneOf('none', 'login'),
    login_hint: fc.string(),
    state: fc.string({ unit: 'binary' }),
  },
  { requiredKeys: [] },
)

type Fields = Partial<Record<string, string>>

function encode(fields: Fields): URLSearchParams {
  const encoded = new URLSearchParams()
  for (const [name, value = ''] of Object.entries(fields)) {
    encoded.set(name, value === 'own' ? client.clientId : value)
  }
  return encoded
}

describe('any request at all', () => {
  it('to the token endpoint is a token or a refusal in Entra’s form', async () => {
    await fc.assert(
      fc.asyncProperty(
        tokenForm,
        fc.constantFrom('/oauth2/v2.0/token', '/oauth2/token'),
        async (form, path) => {
          const answer = await at.send('POST', `/${at.tenant.tenantId}${path}`, {
            body: encode(form as Fields),
          })
          expect([400, 401]).toContain(answer.status)
          expect(answer.json.error_description).toMatch(/^AADSTS\d+: /)
        },
      ),
      { numRuns: 150 },
    )
    expect(failures).toEqual([])
  })

  it('to the authorization endpoint is a page or goes to the application, and nowhere else', async () => {
    await fc.assert(
      fc.asyncProperty(authorizeQuery, fc.constantFrom('/v2.0', ''), async (query, version) => {
        const path = `/${at.tenant.tenantId}/oauth2${version}/authorize?${encode(query as Fields)}`
        const answer = await at.send('GET', path)
        expect([200, 302, 400]).toContain(answer.status)
        if (answer.status !== 302) expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
        else expect(answer.headers.location).toMatch(/^https:\/\/files\.example\.com\/cb[?#]/)
      }),
      { numRuns: 150 },
    )
    expect(failures).toEqual([])
  })
})
