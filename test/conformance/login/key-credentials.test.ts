import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientCertificate, createClientCertificate } from '../../support/client-certificate.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from '../tenant/client.ts'

let at: TestTenant
let rsa: ClientCertificate
let ec: ClientCertificate

beforeAll(async () => {
  at = await openTenant()
  rsa = await createClientCertificate({
    from: new Date('2026-01-01T00:00:00Z'),
    to: new Date('2036-01-01T00:00:00Z'),
  })
  ec = await createClientCertificate({ kind: 'EC' })
})
afterAll(() => at.close())

const create = async (): Promise<Answer> =>
  expectStatus(await at.graph('POST', '/applications', { displayName: 'keys' }), 201)

const keysOf = async (id: string): Promise<Answer[]> =>
  expectStatus(await at.graph('GET', `/applications/${id}`), 200).keyCredentials

describe('key credentials', () => {
  it.each([
    ['base64 of DER', () => rsa.der],
    ['base64 of PEM', () => Buffer.from(rsa.certificatePem).toString('base64')],
  ])('take a certificate as %s and fill in what it says', async (_name, key) => {
    const { id } = await create()
    const keyId = 'ABCDEF01-1111-2222-3333-444444444444'
    const body = { keyCredentials: [{ keyId, type: 'AsymmetricX509Cert', usage: 'Verify', key: key() }] }
    expectStatus(await at.graph('PATCH', `/applications/${id}`, body), 204)
    expect(await keysOf(id)).toEqual([
      {
        customKeyIdentifier: rsa.sha1.toString('hex').toUpperCase(),
        displayName: 'CN=client.example.com',
        startDateTime: '2026-01-01T00:00:00Z',
        endDateTime: '2036-01-01T00:00:00Z',
        key: null,
        keyId: keyId.toLowerCase(),
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      },
    ])
  })

  it('keep a key that is sent back without it, and go when they are left out', async () => {
    const { id } = await create()
    const path = `/applications/${id}`
    expectStatus(await at.graph('PATCH', path, { keyCredentials: [{ key: rsa.der }] }), 204)
    const [first] = await keysOf(id)
    expectStatus(await at.graph('PATCH', path, { keyCredentials: [first, { key: ec.der }] }), 204)
    expect(await keysOf(id)).toMatchObject([first, { displayName: 'CN=client.example.com' }])
    expectStatus(await at.graph('PATCH', path, { displayName: 'renamed' }), 204)
    expect(await keysOf(id)).toHaveLength(2)
    expectStatus(await at.graph('PATCH', path, { keyCredentials: [] }), 204)
    expect(await keysOf(id)).toEqual([])
  })

  it('are for service principals too', async () => {
    const { appId } = await create()
    const { id } = expectStatus(await at.graph('POST', '/servicePrincipals', { appId }), 201)
    expectStatus(
      await at.graph('PATCH', `/servicePrincipals/${id}`, { keyCredentials: [{ key: rsa.der }] }),
      204,
    )
    const { keyCredentials } = (await at.graph('GET', `/servicePrincipals/${id}`)).json
    expect(keyCredentials).toMatchObject([{ customKeyIdentifier: rsa.sha1.toString('hex').toUpperCase() }])
  })

  it.each([
    ['no key', {}, 'Request_BadRequest'],
    ['a key that is not a certificate', { key: 'bm90IGEgY2VydA==' }, 'Request_BadRequest'],
    [
      'a start before the certificate’s',
      { key: true, startDateTime: '2025-12-31T23:59:59Z' },
      'KeyCredentialsInvalidStartDate',
    ],
    [
      'an end after the certificate’s',
      { key: true, endDateTime: '2036-01-01T00:00:01Z' },
      'KeyCredentialsInvalidEndDate',
    ],
  ])('refuse %s', async (_name, credential, code) => {
    const { id } = await create()
    const sent = 'key' in credential && credential.key === true ? { ...credential, key: rsa.der } : credential
    const answer = await at.graph('PATCH', `/applications/${id}`, { keyCredentials: [sent] })
    expect(expectStatus(answer, 400).error.code).toBe(code)
  })

  it('never hold a private key in the database', () => {
    const secret = rsa.privateKeyPem.split('\n')[1] ?? ''
    expect(secret.length).toBeGreaterThan(40)
    expect(readFileSync(join(at.dataDir, 'tenant.db'), 'latin1')).not.toContain(secret)
  })
})
