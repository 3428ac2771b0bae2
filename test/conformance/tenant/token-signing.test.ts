import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
let path: string

beforeAll(async () => {
  at = await openTenant()
  const { servicePrincipal } = await at.client([])
  path = `/servicePrincipals/${servicePrincipal.id}`
})
afterAll(() => at.close())

const add = (body: object) => at.graph('POST', `${path}/addTokenSigningCertificate`, body)

const ofCertificate = (all: Answer[], customKeyIdentifier: string) =>
  all.filter((each) => each.customKeyIdentifier === customKeyIdentifier)

describe('a token signing certificate', () => {
  it('comes as two key credentials and a password credential, and lasts three years', async () => {
    const made = expectStatus(await add({ displayName: 'CN=files' }), 200)
    const certificate = new X509Certificate(Buffer.from(made.key, 'base64'))
    expect(certificate.subject).toBe('CN=files')
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(made).toMatchObject({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#microsoft.graph.selfSignedCertificate`,
      displayName: 'CN=files',
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    })
    const years = (Date.parse(made.endDateTime) - Date.parse(made.startDateTime)) / (365.25 * 86_400_000)
    expect(years).toBeCloseTo(3, 1)
    const { keyCredentials, passwordCredentials } = (await at.graph('GET', path)).json
    const keys = ofCertificate(keyCredentials, made.customKeyIdentifier)
    expect(keys).toMatchObject([
      { usage: 'Sign', type: 'X509CertAndPassword', key: null },
      { usage: 'Verify', type: 'AsymmetricX509Cert', key: null, keyId: made.keyId },
    ])
    expect(ofCertificate(passwordCredentials, made.customKeyIdentifier)).toMatchObject([
      { keyId: keys[0].keyId, secretText: null },
    ])
  })

  it('shows its key when one object is selected with keyCredentials, and not in a list', async () => {
    const made = expectStatus(await add({ endDateTime: '2099-01-01T00:00:00Z' }), 200)
    expect(made).toMatchObject({ displayName: 'CN=Microsoft Azure Federated SSO Certificate' })
    const one = (await at.graph('GET', `${path}?$select=keyCredentials`)).json.keyCredentials
    expect(ofCertificate(one, made.customKeyIdentifier).map(({ key }) => key)).toEqual([made.key, made.key])
    const { value } = (await at.graph('GET', '/servicePrincipals?$select=keyCredentials')).json
    const keys = value.flatMap(({ keyCredentials }: Answer) => keyCredentials.map(({ key }: Answer) => key))
    expect(new Set(keys)).toEqual(new Set([null]))
  })

  it('goes when a PATCH leaves it out, its password too; a PATCH adds no password', async () => {
    const made = expectStatus(await add({}), 200)
    const { keyCredentials, passwordCredentials } = (await at.graph('GET', path)).json
    const without = (all: Answer[]) =>
      all.filter((each) => each.customKeyIdentifier !== made.customKeyIdentifier)
    const change = {
      keyCredentials: without(keyCredentials),
      passwordCredentials: without(passwordCredentials),
    }
    expectStatus(await at.graph('PATCH', path, change), 204)
    const left = (await at.graph('GET', path)).json
    expect(left.keyCredentials).toEqual(change.keyCredentials)
    expect(left.passwordCredentials).toEqual(change.passwordCredentials)
    const added = { passwordCredentials: [...change.passwordCredentials, { displayName: 'mine' }] }
    expectStatus(await at.graph('PATCH', path, added), 400)
  })

  it.each([{ displayName: 'files' }, { endDateTime: '2001-01-01T00:00:00Z' }, { endDateTime: 'tomorrow' }])(
    'is refused for %j',
    async (body) => {
      expectStatus(await add(body), 400)
    },
  )
})
