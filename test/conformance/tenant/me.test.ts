import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, consent, open, returned } from '../login/browser.ts'
import { expectStatus, openTenant, type TestClient, type TestTenant } from './client.ts'

const REDIRECT = 'https://files.example.com/oauth/callback'

let at: TestTenant
let client: TestClient

beforeAll(async () => {
  at = await openTenant()
  client = await at.client(['User.Read.All'])
  const web = { redirectUris: [REDIRECT] }
  expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, { web }), 204)
  await consent(at, client.servicePrincipal.id, 'User.Read Files.Read')
})
afterAll(() => at.close())

async function userToken(scope: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope,
  })
  const page = await open(at, `/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
  const code = returned(await choose(at, page, 'Ada Lovelace'))['code'] ?? 'no code'
  const answer = await at.requestToken({
    grant_type: 'authorization_code',
    client_id: client.clientId,
    client_secret: client.secret,
    redirect_uri: REDIRECT,
    code,
  })
  return expectStatus(answer, 200).access_token
}

describe('/me', () => {
  it('is the user who signed in, with their drive', async () => {
    const token = await userToken('User.Read Files.Read')
    const me = expectStatus(await at.graph('GET', '/me', undefined, token), 200)
    expect(me).toMatchObject({
      displayName: 'Ada Lovelace',
      userPrincipalName: 'ada@contoso.onmicrosoft.com',
    })
    const children = expectStatus(await at.graph('GET', '/me/drive/root/children', undefined, token), 200)
    expect(children.value.map(({ name }: { name: string }) => name)).toContain('Budget.xlsx')
    const groups = await at.graph('POST', '/me/getMemberGroups', { securityEnabledOnly: false }, token)
    expect(expectStatus(groups, 200).value).toEqual([])
  })

  it('is not an application’s', async () => {
    const answer = await at.graph('GET', '/me', undefined, await at.token(client))
    expect(expectStatus(answer, 400).error).toMatchObject({
      code: 'BadRequest',
      message: '/me request is only valid with delegated authentication flow.',
    })
  })

  it('needs a delegated permission for it', async () => {
    const token = await userToken('Files.Read')
    expectStatus(await at.graph('GET', '/me/drive', undefined, token), 200)
    expectStatus(await at.graph('GET', '/users', undefined, token), 403)
  })
})
