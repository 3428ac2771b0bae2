import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  claimsOf,
  clientCredentials,
  expectStatus,
  openTenant,
  type TestTenant,
} from '../tenant/client.ts'
import { choose, consent, open, returned } from './browser.ts'
import { codeOf } from './support.ts'

let at: TestTenant
let deployer: { clientId: string; secret: string }

beforeAll(async () => {
  at = await openTenant()
  const secret = readFileSync(at.tenant.deployer.secretFile, 'utf8').trim()
  deployer = { clientId: at.tenant.deployer.clientId, secret }
})
afterAll(() => at.close())

describe('the v1 token endpoint', () => {
  const form = (): Record<string, string> => ({
    grant_type: 'client_credentials',
    client_id: deployer.clientId,
    client_secret: deployer.secret,
    resource: 'https://graph.microsoft.com',
  })
  const ask = (body: Record<string, string>) =>
    at.send('POST', `/${at.tenant.tenantId}/oauth2/token`, { body: new URLSearchParams(body) })

  it('takes a resource and answers with strings', async () => {
    const before = Math.floor(Date.now() / 1000)
    const answer = expectStatus(await ask(form()), 200)
    expect(answer).toEqual({
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      expires_on: expect.stringMatching(/^\d+$/),
      not_before: expect.stringMatching(/^\d+$/),
      resource: 'https://graph.microsoft.com',
      access_token: expect.any(String),
    })
    expect(Number(answer.expires_on)).toBeGreaterThanOrEqual(before + 3599)
    expect(claimsOf(answer.access_token)).toMatchObject({ ver: '1.0', aud: 'https://graph.microsoft.com' })
    expectStatus(await at.graph('GET', '/applications', undefined, answer.access_token), 200)
  })

  it.each([
    ['no resource', { resource: '' }, 900144],
    ['an unknown resource', { resource: 'https://nothing.example.com' }, 500011],
    ['a wrong secret', { client_secret: 'wrong' }, 7000215],
  ])('refuses %s', async (_name, change, code) => {
    expect(codeOf(await ask({ ...form(), ...change }))).toBe(code)
  })

  it('redeems a code of the v1 authorization endpoint', async () => {
    const client = await at.client([])
    const redirectUri = 'https://files.example.com/cb'
    const web = { web: { redirectUris: [redirectUri] } }
    expectStatus(await at.graph('PATCH', `/applications/${client.application.id}`, web), 204)
    await consent(at, client.servicePrincipal.id, 'User.Read')
    const query = new URLSearchParams({
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      resource: 'https://graph.microsoft.com',
    })
    const page = await open(at, `/${at.tenant.tenantId}/oauth2/authorize?${query}`)
    const { code = '' } = returned(await choose(at, page, 'Linus Pauling'))
    const answer = expectStatus(
      await ask({
        grant_type: 'authorization_code',
        client_id: client.clientId,
        client_secret: client.secret,
        redirect_uri: redirectUri,
        code,
      }),
      200,
    )
    expect(answer).toMatchObject({ scope: 'User.Read', resource: 'https://graph.microsoft.com' })
    expect(claimsOf(answer.access_token)).toMatchObject({ name: 'Linus Pauling', appid: client.clientId })
    expect(claimsOf(answer.id_token)).toMatchObject({ ver: '1.0', aud: client.clientId })
  })
})

describe('the tenant in the path', () => {
  it.each(['common', 'organizations', 'consumers'])('cannot be %s for an application', async (tenant) => {
    const form = clientCredentials(deployer.clientId, deployer.secret, at.tenant.graphUrl)
    for (const path of [`/${tenant}/oauth2/v2.0/token`, `/${tenant}/oauth2/token`]) {
      const answer = await at.send('POST', path, { body: new URLSearchParams(form) })
      expect([path, codeOf(answer)]).toEqual([path, 9001023])
    }
  })

  it.each([
    ['GET', '/oauth2/v2.0/authorize'],
    ['POST', '/oauth2/v2.0/token'],
    ['POST', '/oauth2/token'],
    ['GET', '/v2.0/.well-known/openid-configuration'],
    ['GET', '/.well-known/openid-configuration'],
    ['GET', '/discovery/v2.0/keys'],
    ['GET', '/discovery/keys'],
    ['GET', '/oauth2/v2.0/logout'],
  ])('is checked at %s %s', async (method, path) => {
    const body = method === 'POST' ? { body: new URLSearchParams({ grant_type: 'x' }) } : {}
    const answer = await at.send(method, `/nowhere.example.com${path}`, body)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('AADSTS90002: ')
  })
})

describe('what only the real service serves', () => {
  it.each([
    'password',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:device_code',
  ])('is refused by name: the grant %s', async (grant_type) => {
    const { clientId: client_id } = at.tenant.deployer
    const refusal = expectStatus(await at.requestToken({ grant_type, client_id }), 501)
    expect(refusal.error_description).toMatch(/^AADSTS70003: The local tenant does not serve the /)
    expect(at.tenant.requests().at(-1)?.gap).toMatch(/flow/)
  })

  it.each([
    '/adminconsent',
    '/v2.0/adminconsent',
    '/saml2',
    '/federationmetadata/2007-06/federationmetadata.xml',
  ])('is refused by name: %s', async (path) => {
    const refusal = expectStatus(await at.send('GET', `/${at.tenant.tenantId}${path}?a=b`), 501)
    expect(refusal.error_description).toContain(`does not serve ${path}`)
  })
})

describe('discovery', () => {
  const get = async (path: string): Promise<Answer> => expectStatus(await at.send('GET', path), 200)

  it.each(['', '/v2.0'])('names no endpoint that refuses everybody: %s', async (version) => {
    const path = `/${at.tenant.tenantId}${version}/.well-known/openid-configuration`
    const document = expectStatus(await at.send('GET', path), 200)
    expect(document).not.toHaveProperty('device_authorization_endpoint')
  })

  it.each(['', '/v2.0'])(
    'does not name the device code flow, whose address says why: %s',
    async (version) => {
      const path = `/${at.tenant.tenantId}/oauth2${version}/devicecode`
      const body = new URLSearchParams({ client_id: at.tenant.deployer.clientId, scope: 'openid' })
      const refusal = expectStatus(await at.send('POST', path, { body }), 501)
      expect(refusal).toMatchObject({ error: 'unsupported_grant_type', error_codes: [70003] })
      expect(refusal.error_description).toMatch(/^AADSTS70003: .*device_code/)
      expect(refusal.trace_id).toMatch(/^[0-9a-f-]{36}$/)
    },
  )

  it('is the same for the tenant id and its domain name, and another at v1', async () => {
    const { url, tenantId } = at.tenant
    const v2 = await get(`/${tenantId}/v2.0/.well-known/openid-configuration`)
    expect(await get('/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration')).toEqual(v2)
    expect(v2.issuer).toBe(`${url}/${tenantId}/v2.0`)
    const v1 = await get(`/${tenantId}/.well-known/openid-configuration`)
    expect(v1).toMatchObject({
      issuer: `${url}/${tenantId}/`,
      token_endpoint: `${url}/${tenantId}/oauth2/token`,
      authorization_endpoint: `${url}/${tenantId}/oauth2/authorize`,
      jwks_uri: `${url}/common/discovery/keys`,
    })
    expect((await get('/common/discovery/keys')).keys).toHaveLength(1)
  })

  it('has a placeholder for no tenant in particular', async () => {
    const { url } = at.tenant
    expect(await get('/organizations/v2.0/.well-known/openid-configuration')).toMatchObject({
      issuer: `${url}/{tenantid}/v2.0`,
      token_endpoint: `${url}/organizations/oauth2/v2.0/token`,
    })
  })

  it('of the instance follows the API version and refuses other hosts', async () => {
    const { url, tenantId } = at.tenant
    const ask = (version: string, authority: string) =>
      at.send(
        'GET',
        `/common/discovery/instance?api-version=${version}&authorization_endpoint=${encodeURIComponent(authority)}`,
      )
    const authority = `${url}/${tenantId}/oauth2/v2.0/authorize`
    const old = expectStatus(await ask('1.0', authority), 200)
    const tenantDiscovery = `${url}/${tenantId}/v2.0/.well-known/openid-configuration`
    expect(old).toEqual({ tenant_discovery_endpoint: tenantDiscovery })
    expect(expectStatus(await ask('1.1', authority), 200)).toMatchObject({ 'api-version': '1.1' })
    const foreign = await ask('1.1', 'https://login.example.com/common')
    expect([foreign.status, foreign.json.error, codeOf(foreign)]).toEqual([400, 'invalid_instance', 50049])
  })
})

describe('signing keys', () => {
  it('are rotated: the new one signs, the old one still verifies, also after a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tenant-keys-'))
    try {
      const first = await openTenant({ dataDir })
      const old = await first.token()
      const kid = await first.tenant.control.rotateSigningKey()
      const fresh = await first.token()
      expect(decodeProtectedHeader(old).kid).not.toBe(kid)
      expect(decodeProtectedHeader(fresh).kid).toBe(kid)
      for (const token of [old, fresh]) {
        expectStatus(await first.graph('GET', '/applications', undefined, token), 200)
      }
      await first.tenant.close()
      // The same port, since the address of the tenant is in its tokens.
      const second = await openTenant({ dataDir, port: first.tenant.port })
      const path = `/${second.tenant.tenantId}/discovery/v2.0/keys`
      const jwks = expectStatus(await second.send('GET', path), 200)
      expect(jwks.keys).toMatchObject([
        {},
        { kid, issuer: `${second.tenant.url}/${second.tenant.tenantId}/v2.0` },
      ])
      for (const token of [old, fresh]) {
        await jwtVerify(token, createLocalJWKSet(jwks))
        expectStatus(await second.graph('GET', '/applications', undefined, token), 200)
      }
      expect(decodeProtectedHeader(await second.token()).kid).toBe(kid)
      await second.close()
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
})

describe('control', () => {
  it('rotates the signing key over HTTP', async () => {
    const authorization = `Bearer ${readFileSync(at.tenant.controlKeyFile, 'utf8').trim()}`
    const answer = await at.send('POST', '/_control/signing-key/rotate', { headers: { authorization } })
    const { kid } = expectStatus(answer, 200)
    expect(decodeProtectedHeader(await at.token()).kid).toBe(kid)
  })
})

describe('the resource', () => {
  it('may take assigned applications only, and may be switched off', async () => {
    const api = expectStatus(await at.graph('POST', '/applications', { displayName: 'picky API' }), 201)
    const principal = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: api.appId }), 201)
    const client = await at.client([])
    const path = `/servicePrincipals/${principal.id}`
    const ask = async (): Promise<number | undefined> =>
      codeOf(await at.requestToken(clientCredentials(client.clientId, client.secret, api.appId)))
    expect(await ask()).toBeUndefined()
    expectStatus(await at.graph('PATCH', path, { appRoleAssignmentRequired: true }), 204)
    expect(await ask()).toBe(501051)
    const assignment = {
      principalId: client.servicePrincipal.id,
      resourceId: principal.id,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    }
    expectStatus(await at.graph('POST', `${path}/appRoleAssignedTo`, assignment), 201)
    expect(await ask()).toBeUndefined()
    expectStatus(await at.graph('PATCH', path, { accountEnabled: false }), 204)
    expect(await ask()).toBe(500014)
  })
})
