import { constants, createSign, randomUUID, sign } from 'node:crypto'
import { ClientCertificateCredential } from '@azure/identity'
import { ConfidentialClientApplication } from '@azure/msal-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientCertificate, createClientCertificate } from '../../support/client-certificate.ts'
import { claimsOf, expectStatus, openTenant, type TestClient, type TestTenant } from '../tenant/client.ts'
import { codeOf, expectToken, trust, withAssertion } from './support.ts'

let at: TestTenant
let client: TestClient
let rsa: ClientCertificate
let ec: ClientCertificate

beforeAll(async () => {
  at = await openTenant()
  trust(at.tenant.caPem)
  client = await at.client(['User.Read.All'])
  rsa = await createClientCertificate()
  ec = await createClientCertificate({ kind: 'EC' })
  await register(client, rsa, ec)
})
afterAll(() => at.close())

async function register(to: TestClient, ...certificates: readonly ClientCertificate[]): Promise<void> {
  const keyCredentials = certificates.map(({ der }) => ({
    keyId: randomUUID(),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: der,
  }))
  expectStatus(await at.graph('PATCH', `/applications/${to.application.id}`, { keyCredentials }), 204)
}

type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'ES256-DER'

interface Signing {
  readonly by?: ClientCertificate
  readonly algorithm?: Algorithm
  readonly header?: Record<string, string>
  readonly claims?: Record<string, unknown>
}

/** An assertion as clients make it, signed with nothing but node:crypto. */
function assertion({ by = rsa, algorithm = 'PS256', header, claims }: Signing = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const body = [
    {
      typ: 'JWT',
      alg: algorithm.slice(0, 5),
      ...(header ?? { 'x5t#S256': by.sha256.toString('base64url') }),
    },
    {
      aud: `${at.tenant.url}/${at.tenant.tenantId}/oauth2/v2.0/token`,
      iss: client.clientId,
      sub: client.clientId,
      jti: randomUUID(),
      nbf: now,
      exp: now + 600,
      ...claims,
    },
  ]
    .map(encode)
    .join('.')
  return `${body}.${signature(algorithm, body, by).toString('base64url')}`
}

function signature(algorithm: Algorithm, body: string, { privateKeyPem: key }: ClientCertificate): Buffer {
  switch (algorithm) {
    case 'RS256':
      return createSign('sha256').update(body).sign(key)
    case 'PS256':
      return sign('sha256', Buffer.from(body), {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      })
    case 'ES256':
      return sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' })
    case 'ES256-DER':
      return sign('sha256', Buffer.from(body), { key, dsaEncoding: 'der' })
  }
}

/** As the azuread provider writes it: padded, and under another name. */
const paddedKid = ({ sha1 }: ClientCertificate): string =>
  sha1.toString('base64').replaceAll('+', '-').replaceAll('/', '_')

describe('a certificate', () => {
  it.each<[string, () => Signing]>([
    ['PS256 and x5t#S256', () => ({})],
    ['PS256 and x5t', () => ({ header: { x5t: rsa.sha1.toString('base64url') } })],
    ['RS256 and x5t', () => ({ algorithm: 'RS256', header: { x5t: rsa.sha1.toString('base64url') } })],
    ['RS256 and the provider’s kid', () => ({ algorithm: 'RS256', header: { kid: paddedKid(rsa) } })],
    ['ES256', () => ({ by: ec, algorithm: 'ES256', header: { x5t: ec.sha1.toString('base64url') } })],
    [
      'ES256 in DER and the provider’s kid',
      () => ({ by: ec, algorithm: 'ES256-DER', header: { kid: paddedKid(ec) } }),
    ],
    [
      'the address with two slashes',
      () => ({ claims: { aud: `${at.tenant.url}//${at.tenant.tenantId}/oauth2/v2.0/token` } }),
    ],
    ['the v1 address', () => ({ claims: { aud: `${at.tenant.url}/${at.tenant.tenantId}/oauth2/token` } })],
    ['the issuer as audience', () => ({ claims: { aud: `${at.tenant.url}/${at.tenant.tenantId}/v2.0` } })],
  ])('signs in with %s', async (_name, signing) => {
    const claims = await expectToken(at, client.clientId, assertion(signing()))
    expect(claims).toMatchObject({ appidacr: '2', roles: ['User.Read.All'] })
  })

  it.each<[string, () => Signing, number, string]>([
    ['a certificate that is not registered', () => ({ by: other }), 700027, 'The key was not found.'],
    [
      'the key of another certificate',
      () => ({ by: other, header: { x5t: rsa.sha1.toString('base64url') } }),
      700027,
      'signature',
    ],
    ['no name of a certificate', () => ({ header: {} }), 50027, 'x5t'],
    [
      'an audience of somebody else',
      () => ({ claims: { aud: 'https://example.com/token' } }),
      700023,
      'example.com',
    ],
    ['a subject of somebody else', () => ({ claims: { sub: randomUUID() } }), 700021, 'client_id'],
    ['an assertion of yesterday', () => ({ claims: { nbf: 1, exp: 600 } }), 700024, 'valid time range'],
    ['an assertion for later', () => ({ claims: { nbf: 4102444800, exp: 4102445800 } }), 700024, '2100'],
    [
      'an expiry time that is not a date',
      () => ({ claims: { nbf: 4102444800, exp: 1e300 } }),
      50027,
      'not dates',
    ],
    ['no expiry time', () => ({ claims: { exp: undefined } }), 50027, 'expiry'],
  ])('is refused with %s', async (_name, signing, code, text) => {
    const answer = await at.requestToken(withAssertion(at, client.clientId, assertion(signing())))
    expect([codeOf(answer), answer.json.error_description]).toEqual([code, expect.stringContaining(text)])
  })

  let other: ClientCertificate
  beforeAll(async () => {
    other = await createClientCertificate()
  })

  it('is refused when the assertion is none, is signed by nobody, or comes without its type', async () => {
    const none = await at.requestToken(withAssertion(at, client.clientId, 'a.b.c'))
    expect(codeOf(none)).toBe(50027)
    const [header, payload] = assertion({ algorithm: 'RS256' }).split('.')
    const unsigned = await at.requestToken(withAssertion(at, client.clientId, `${header}.${payload}.`))
    expect(codeOf(unsigned)).toBe(700027)
    const { client_assertion_type: _type, ...untyped } = withAssertion(at, client.clientId, assertion())
    expect(codeOf(await at.requestToken(untyped))).toBe(900144)
  })

  it('stops to do when its time is over by the tenant’s clock, and when it is removed', async () => {
    const start = new Date()
    let now = start
    const moved = await openTenant({ now: () => now })
    try {
      const own = await moved.client([])
      const short = await createClientCertificate({ to: new Date(start.getTime() + 86_400_000) })
      const path = `/applications/${own.application.id}`
      const credential = { key: short.der, usage: 'Verify', type: 'AsymmetricX509Cert' }
      expectStatus(await moved.graph('PATCH', path, { keyCredentials: [credential] }), 204)
      const ask = async (): Promise<number | undefined> => {
        const seconds = Math.floor(now.getTime() / 1000)
        const claims = {
          aud: `${moved.tenant.url}/${moved.tenant.tenantId}/oauth2/v2.0/token`,
          iss: own.clientId,
          sub: own.clientId,
          nbf: seconds,
          exp: seconds + 600,
        }
        return codeOf(
          await moved.requestToken(withAssertion(moved, own.clientId, assertion({ by: short, claims }))),
        )
      }
      expect(await ask()).toBeUndefined()
      now = new Date(start.getTime() + 86_400_000)
      expect(await ask()).toBe(700027)
      now = start
      expectStatus(await moved.graph('PATCH', path, { keyCredentials: [] }), 204)
      expect(await ask()).toBe(700027)
    } finally {
      await moved.close()
    }
  })
})

describe('official clients with a certificate', () => {
  it('@azure/identity gets a token', async () => {
    const credential = new ClientCertificateCredential(
      at.tenant.tenantId,
      client.clientId,
      { certificate: `${rsa.certificatePem}\n${rsa.privateKeyPem}` },
      { authorityHost: at.tenant.url, disableInstanceDiscovery: true },
    )
    const { token } = await credential.getToken(`${at.tenant.graphUrl}/.default`)
    expect(claimsOf(token)).toMatchObject({ appid: client.clientId, appidacr: '2' })
  })

  it('@azure/msal-node gets a token', async () => {
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: client.clientId,
        authority: `${at.tenant.url}/${at.tenant.tenantId}`,
        knownAuthorities: [new URL(at.tenant.url).host],
        clientCertificate: { thumbprintSha256: rsa.sha256.toString('hex'), privateKey: rsa.privateKeyPem },
      },
    })
    const result = await application.acquireTokenByClientCredential({
      scopes: [`${at.tenant.graphUrl}/.default`],
    })
    expect(claimsOf(result?.accessToken ?? '')).toMatchObject({ appid: client.clientId, appidacr: '2' })
  })
})
