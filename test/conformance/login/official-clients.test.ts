import { AuthorizationCodeCredential, ClientSecretCredential } from '@azure/identity'
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node'
import { Client } from '@microsoft/microsoft-graph-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  claimsOf,
  expectStatus,
  openTenant,
  type TestClient,
  type TestTenant,
} from '../tenant/client.ts'
import { choose, consent, open, returned, userNamed } from './browser.ts'
import { trust } from './support.ts'

const WEB = 'https://files.example.com/oauth/callback'
const NATIVE = 'http://localhost'

let at: TestTenant
let client: TestClient
let ada: Answer

beforeAll(async () => {
  at = await openTenant()
  trust(at.tenant.caPem)
  client = await at.client(['User.Read.All'])
  ada = await userNamed(at, 'Ada Lovelace')
  const platforms = { web: { redirectUris: [WEB] }, publicClient: { redirectUris: [NATIVE] } }
  expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, platforms), 204)
  await consent(at, client.servicePrincipal.id, 'User.Read User.ReadBasic.All')
})
afterAll(() => at.close())

const auth = () => ({
  clientId: client.clientId,
  authority: `${at.tenant.url}/${at.tenant.tenantId}`,
  knownAuthorities: [new URL(at.tenant.url).host],
})

/** Goes to the address as a browser does, as Ada, and takes the code from the way back. */
async function codeFrom(address: string): Promise<string> {
  return returned(await choose(at, await open(at, address), 'Ada Lovelace'))['code'] ?? 'no code'
}

describe('@azure/msal-node', () => {
  it('signs a user in at a web application and renews silently', async () => {
    const application = new ConfidentialClientApplication({
      auth: { ...auth(), clientSecret: client.secret },
    })
    const scopes = ['User.Read']
    const address = await application.getAuthCodeUrl({ scopes, redirectUri: WEB, state: 's' })
    const result = await application.acquireTokenByCode({
      code: await codeFrom(address),
      scopes,
      redirectUri: WEB,
    })
    expect(result.account).toMatchObject({
      homeAccountId: `${ada.id}.${at.tenant.tenantId}`,
      username: ada.userPrincipalName,
      name: 'Ada Lovelace',
    })
    expect(result.scopes).toContain('User.Read')
    if (result.account === null) throw new Error('no account')
    const cached = await application.acquireTokenSilent({ account: result.account, scopes })
    expect(cached.fromCache).toBe(true)
    const renewed = await application.acquireTokenSilent({
      account: result.account,
      scopes,
      forceRefresh: true,
    })
    expect(renewed.fromCache).toBe(false)
    expect(claimsOf(renewed.accessToken)).toMatchObject({ oid: ada.id, appidacr: '1' })
  })

  it('signs a user in at a public client with PKCE', async () => {
    const application = new PublicClientApplication({ auth: auth() })
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
    const request = { scopes: ['User.Read'], redirectUri: `${NATIVE}:53682` }
    const address = await application.getAuthCodeUrl({
      ...request,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    })
    const code = await codeFrom(address)
    const result = await application.acquireTokenByCode({ ...request, code, codeVerifier: verifier })
    expect(claimsOf(result.accessToken)).toMatchObject({ oid: ada.id, appidacr: '0' })
  })

  it('says what the tenant refused', async () => {
    const application = new ConfidentialClientApplication({ auth: { ...auth(), clientSecret: 'wrong' } })
    const wrong = application.acquireTokenByClientCredential({ scopes: [`${at.tenant.graphUrl}/.default`] })
    await expect(wrong).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorMessage: expect.stringContaining('AADSTS7000215'),
    })
  })
})

describe('@azure/identity', () => {
  const options = () => ({ authorityHost: at.tenant.url, disableInstanceDiscovery: true })

  it('redeems an authorization code', async () => {
    const scope = 'https://graph.microsoft.com/User.Read'
    const query = new URLSearchParams({
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: WEB,
      scope: `${scope} offline_access`,
    })
    const code = await codeFrom(`${at.tenant.url}/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
    const credential = new AuthorizationCodeCredential(
      at.tenant.tenantId,
      client.clientId,
      client.secret,
      code,
      WEB,
      options(),
    )
    const { token } = await credential.getToken(scope)
    expect(claimsOf(token)).toMatchObject({ oid: ada.id, scp: 'openid profile User.Read User.ReadBasic.All' })
  })
})

describe('@microsoft/microsoft-graph-client', () => {
  it('lists users as an application, page by page', async () => {
    const credential = new ClientSecretCredential(at.tenant.tenantId, client.clientId, client.secret, {
      authorityHost: at.tenant.url,
      disableInstanceDiscovery: true,
    })
    const graph = Client.init({
      baseUrl: at.tenant.graphUrl,
      customHosts: new Set([new URL(at.tenant.url).hostname]),
      authProvider: async (done) => {
        const { token } = await credential.getToken(`${at.tenant.graphUrl}/.default`)
        done(null, token)
      },
    })
    const first = await graph.api('/users').select(['id', 'displayName']).top(2).get()
    expect(first.value).toHaveLength(2)
    const rest = await graph.api(first['@odata.nextLink']).get()
    expect(rest.value.map((user: Answer) => user.displayName)).toEqual(['Linus Pauling'])
    await expect(graph.api('/users/nobody').get()).rejects.toMatchObject({
      statusCode: 404,
      code: 'Request_ResourceNotFound',
    })
  })
})
