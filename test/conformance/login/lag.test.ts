import { randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientCertificate, createClientCertificate } from '../../support/client-certificate.ts'
import { type OidcIssuer, startOidcIssuer } from '../../support/oidc-issuer.ts'
import { expectStatus, openTenant, type TestTenant } from '../tenant/client.ts'
import { choose, consent, open, returned } from './browser.ts'
import { codeOf, trust, withAssertion } from './support.ts'

const LAG_MS = 30_000

let at: TestTenant
let issuer: OidcIssuer
let now = new Date()

beforeAll(async () => {
  issuer = await startOidcIssuer()
  at = await openTenant({ now: () => now })
  trust(at.tenant.caPem, issuer.caPem)
  at.tenant.control.setLag({ certificates: LAG_MS, federatedCredentials: LAG_MS, grants: LAG_MS })
})
afterAll(async () => {
  await at.close()
  await issuer.close()
})

/** Lets everything that is under way arrive; the clock stays within what assertions allow. */
function settle(): void {
  now = new Date(now.getTime() + LAG_MS)
}

function ownAssertion(clientId: string, { privateKeyPem, sha1 }: ClientCertificate): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const aud = `${at.tenant.url}/${at.tenant.tenantId}/oauth2/v2.0/token`
  const body = [
    { typ: 'JWT', alg: 'RS256', x5t: sha1.toString('base64url') },
    { aud, iss: clientId, sub: clientId, jti: randomUUID(), nbf: seconds, exp: seconds + 600 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${body}.${sign('sha256', Buffer.from(body), privateKeyPem).toString('base64url')}`
}

describe('replication lag at the token endpoint', () => {
  it('hides a fresh certificate and keeps a removed one working for a while', async () => {
    const client = await at.client([])
    const certificate = await createClientCertificate()
    const ask = async (): Promise<number | undefined> =>
      codeOf(
        await at.requestToken(withAssertion(at, client.clientId, ownAssertion(client.clientId, certificate))),
      )
    const path = `/applications/${client.application.id}`
    const keyCredentials = [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.der }]
    expectStatus(await at.graph('PATCH', path, { keyCredentials }), 204)
    expect(await ask()).toBe(700027)
    settle()
    expect(await ask()).toBeUndefined()
    expectStatus(await at.graph('PATCH', path, { keyCredentials: [] }), 204)
    expect(await ask()).toBeUndefined()
    settle()
    expect(await ask()).toBe(700027)
  })

  it('hides a fresh federated credential and keeps a removed one working for a while', async () => {
    const client = await at.client([])
    const ask = async (): Promise<number | undefined> =>
      codeOf(
        await at.requestToken(withAssertion(at, client.clientId, await issuer.token({ subject: 'job' }))),
      )
    const path = `/applications/${client.application.id}/federatedIdentityCredentials`
    const audiences = ['api://AzureADTokenExchange']
    const body = { name: 'job', issuer: issuer.issuer, subject: 'job', audiences }
    const { id } = expectStatus(await at.graph('POST', path, body), 201)
    expect(await ask()).toBe(70025)
    settle()
    expect(await ask()).toBeUndefined()
    expectStatus(await at.graph('DELETE', `${path}/${id}`), 204)
    expect(await ask()).toBeUndefined()
    settle()
    expect(await ask()).toBe(70025)
  })

  it('hides a fresh delegated grant from a sign-in', async () => {
    const client = await at.client([])
    const redirectUri = 'https://files.example.com/cb'
    const web = { web: { redirectUris: [redirectUri] } }
    expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, web), 204)
    await consent(at, client.servicePrincipal.id, 'User.Read')
    const signIn = async (): Promise<Record<string, string>> => {
      const query = new URLSearchParams({
        client_id: client.clientId,
        response_type: 'code',
        scope: 'User.Read',
      })
      const page = await open(at, `/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
      return returned(await choose(at, page, 'Ada Lovelace'))
    }
    expect((await signIn())['error_description']).toContain('AADSTS65001')
    settle()
    expect(await signIn()).toHaveProperty('code')
  })
})
