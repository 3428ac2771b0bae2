import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, consent, open, returned } from '../login/browser.ts'
import { type Answer, expectStatus, openTenant, type TestClient, type TestTenant } from './client.ts'

const REDIRECT = 'https://portal.example.com/callback'
const SCOPE = 'Application.ReadWrite.All AppRoleAssignment.ReadWrite.All Directory.Read.All'

let at: TestTenant
let client: TestClient
let ada: string

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'DelegatedPermissionGrant.ReadWrite.All',
      'Policy.ReadWrite.Authorization',
    ],
  })
  client = await at.client([])
  const web = { redirectUris: [REDIRECT] }
  expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, { web }), 204)
  await consent(at, client.servicePrincipal.id, SCOPE)
  ada = await tokenOf('Ada Lovelace')
})
afterAll(() => at.close())

async function tokenOf(name: string): Promise<string> {
  const query = new URLSearchParams({
    client_id: client.clientId,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: SCOPE,
  })
  const page = await open(at, `/${at.tenant.tenantId}/oauth2/v2.0/authorize?${query}`)
  const answer = await at.requestToken({
    grant_type: 'authorization_code',
    client_id: client.clientId,
    client_secret: client.secret,
    redirect_uri: REDIRECT,
    code: returned(await choose(at, page, name))['code'] ?? 'no code',
  })
  return expectStatus(answer, 200).access_token
}

const asAda = (method: string, path: string, body?: unknown) => at.graph(method, path, body, ada)

async function newApplication(displayName: string): Promise<Answer> {
  return expectStatus(await asAda('POST', '/applications', { displayName }), 201)
}

describe('a user with a delegated permission', () => {
  it('creates applications and service principals, owns and manages them', async () => {
    const { id, appId } = await newApplication('Made by a user')
    const principal = expectStatus(await asAda('POST', '/servicePrincipals', { appId }), 201)
    for (const path of [`/applications/${id}`, `/servicePrincipals/${principal.id}`]) {
      const { value } = expectStatus(await asAda('GET', `${path}/owners`), 200)
      expect(value.map((each: Answer) => each.displayName)).toEqual(['Ada Lovelace'])
      expectStatus(await asAda('PATCH', path, { notes: 'mine' }), 204)
    }
    expectStatus(await asAda('POST', `/applications/${id}/addPassword`, {}), 200)
    expectStatus(await asAda('DELETE', `/applications/${id}`), 204)
  })

  it('touches nothing that belongs to others', async () => {
    const path = `/applications/${client.application.id}`
    expectStatus(await asAda('PATCH', path, { notes: 'not mine' }), 403)
    expectStatus(await asAda('POST', `${path}/addPassword`, {}), 403)
    expectStatus(await asAda('DELETE', path), 403)
    expectStatus(await asAda('POST', '/servicePrincipals', { appId: client.clientId }), 403)
  })

  it('grants no application permission, not even to what they own', async () => {
    const { appId } = await newApplication('Climber')
    const { id } = expectStatus(await asAda('POST', '/servicePrincipals', { appId }), 201)
    const graph = expectStatus(
      await asAda('GET', "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"),
      200,
    )
    const body = { principalId: id, resourceId: graph.id, appRoleId: graph.appRoles[0].id }
    expectStatus(await asAda('POST', `/servicePrincipals/${id}/appRoleAssignments`, body), 403)
    expectStatus(await asAda('POST', `/servicePrincipals/${graph.id}/appRoleAssignedTo`, body), 403)
  })

  it('creates nothing when the tenant does not allow it', async () => {
    const policy = (allowedToCreateApps: boolean) =>
      at.graph('PATCH', '/policies/authorizationPolicy', {
        defaultUserRolePermissions: { allowedToCreateApps },
      })
    expectStatus(await policy(false), 204)
    expectStatus(await asAda('POST', '/applications', { displayName: 'refused' }), 403)
    expectStatus(await policy(true), 204)
    await newApplication('allowed again')
    const other = { defaultUserRolePermissions: { allowedToReadOtherUsers: false } }
    expectStatus(await at.graph('PATCH', '/policies/authorizationPolicy', other), 501)
  })
})
