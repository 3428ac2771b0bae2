import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { ClientSecretCredential } from '@azure/identity'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import {
  type Answer,
  claimsOf,
  clientCredentials,
  expectStatus,
  openTenant,
  type TestTenant,
} from './client.ts'

let at: TestTenant
let secret: string
let form: Record<string, string>

beforeAll(async () => {
  at = await openTenant()
  secret = readFileSync(at.tenant.deployer.secretFile, 'utf8').trim()
  form = clientCredentials(at.tenant.deployer.clientId, secret, at.tenant.graphUrl)
})
afterAll(() => at.close())

describe('a token for Graph', () => {
  it('has the claims of a v1 app-only token, in their order', async () => {
    const answer = await at.requestToken(form)
    const claims = claimsOf(expectStatus(answer, 200).access_token)
    const { url, tenantId, deployer } = at.tenant
    expect(claims).toMatchObject({
      aud: url,
      iss: `${url}/${tenantId}/`,
      idp: `${url}/${tenantId}/`,
      tid: tenantId,
      appid: deployer.clientId,
      appidacr: '1',
      app_displayname: 'Deployer',
      idtyp: 'app',
      oid: deployer.objectId,
      sub: deployer.objectId,
      ver: '1.0',
      wids: ['0997a1d0-0d1d-4acb-b408-d5ca73121e90'],
      roles: [
        'AppRoleAssignment.ReadWrite.All',
        'Application.Read.All',
        'Application.ReadWrite.OwnedBy',
        'DelegatedPermissionGrant.ReadWrite.All',
      ],
    })
    expect(claims.exp - claims.iat).toBe(3900)
    expect(claims.nbf).toBe(claims.iat)
    const names = Object.keys(claims)
    expect(names.slice(0, 5)).toEqual(['aud', 'iss', 'iat', 'nbf', 'exp'])
    expect(names.slice(5)).toEqual(names.slice(5).sort())
    expect(claims).not.toHaveProperty('scp')
  })

  it('comes with the body and the headers of the real service', async () => {
    const answer = await at.requestToken(form)
    expect(Object.keys(answer.json).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'token_type',
    ])
    expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 3599 })
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store, no-cache',
      pragma: 'no-cache',
      expires: '-1',
      'content-type': 'application/json; charset=utf-8',
    })
  })

  it('verifies against the published keys', async () => {
    const discovery = await at.send('GET', `/${at.tenant.tenantId}/v2.0/.well-known/openid-configuration`)
    const jwks = await at.send('GET', new URL(discovery.json.jwks_uri).pathname)
    const { protectedHeader } = await jwtVerify(await at.token(), createLocalJWKSet(jwks.json))
    expect(protectedHeader).toMatchObject({ typ: 'JWT', alg: 'RS256', x5t: protectedHeader.kid })
  })

  it.each([
    ['HTTP Basic', { scope: true, basic: true }, undefined],
    ['two slashes before the tenant', {}, '/'],
  ])('is given for %s', async (_name, { basic }: { scope?: boolean; basic?: boolean }, slash) => {
    const { client_id, client_secret, ...rest } = form
    const encoded = Buffer.from(`${client_id}:${encodeURIComponent(client_secret ?? '')}`).toString('base64')
    const answer = basic
      ? await at.requestToken(rest, { headers: { authorization: `Basic ${encoded}` } })
      : await at.requestToken(form, { tenant: `${slash}${at.tenant.tenantId}` })
    expectStatus(answer, 200)
  })

  it.each(['https://graph.microsoft.com', 'https://graph.microsoft.com/', MICROSOFT_GRAPH_APP_ID])(
    'is asked for as %s and accepted by Graph',
    async (resource) => {
      const answer = await at.requestToken({ ...form, scope: `${resource}/.default` })
      const token = expectStatus(answer, 200).access_token
      expect(claimsOf(token).aud).toBe(resource)
      expectStatus(await at.graph('GET', '/applications', undefined, token), 200)
    },
  )

  it('may be asked for with scopes of OpenID Connect beside it, as MSAL for Go does', async () => {
    const scope = `${form['scope']} openid offline_access profile`
    expect(claimsOf(expectStatus(await at.requestToken({ ...form, scope }), 200).access_token).aud).toBe(
      at.tenant.graphUrl,
    )
  })

  it('is given at the domain name too', async () => {
    expectStatus(await at.requestToken(form, { tenant: 'contoso.onmicrosoft.com' }), 200)
  })

  it('has no roles claim when none is granted, and follows grants as they come and go', async () => {
    const client = await at.client([])
    expect(claimsOf(await at.token(client))).not.toHaveProperty('roles')
    const path = `/servicePrincipals/${client.servicePrincipal.id}/appRoleAssignments`
    const graphId = (
      await at.graph(
        'GET',
        `/servicePrincipals?$filter=appId eq '${MICROSOFT_GRAPH_APP_ID}'&$select=id`.replaceAll(' ', '%20'),
      )
    ).json.value[0].id
    const appRoleId = '01d4889c-1287-42c6-ac1f-5d1e02578ef6'
    const granted = await at.graph('POST', path, {
      principalId: client.servicePrincipal.id,
      resourceId: graphId,
      appRoleId,
    })
    expectStatus(granted, 201)
    expect(claimsOf(await at.token(client)).roles).toEqual(['Files.Read.All'])
    expectStatus(await at.graph('DELETE', `${path}/${granted.json.id}`), 204)
    expect(claimsOf(await at.token(client))).not.toHaveProperty('roles')
  })
})

describe('a token for an API of the tenant', () => {
  it('is v2 or v1 as the API wants it, with its roles', async () => {
    const role = {
      id: '5f2b6a0e-3c0b-4d46-9b3c-000000000001',
      value: 'Read',
      displayName: 'Read',
      description: 'Read',
      allowedMemberTypes: ['Application'],
    }
    const client = await at.client([])
    for (const version of [1, 2] as const) {
      const uri = `api://api-${version}`
      const api = expectStatus(
        await at.graph('POST', '/applications', {
          displayName: `API ${version}`,
          identifierUris: [uri],
          appRoles: [role],
          api: { requestedAccessTokenVersion: version },
        }),
        201,
      )
      const resource = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: api.appId }), 201)
      expectStatus(
        await at.graph('POST', `/servicePrincipals/${resource.id}/appRoleAssignedTo`, {
          principalId: client.servicePrincipal.id,
          resourceId: resource.id,
          appRoleId: role.id,
        }),
        201,
      )
      const token = (await at.requestToken(clientCredentials(client.clientId, client.secret, uri))).json
        .access_token
      const claims = claimsOf(token)
      expect(claims).toMatchObject(
        version === 2
          ? {
              ver: '2.0',
              aud: api.appId,
              azp: client.clientId,
              iss: `${at.tenant.url}/${at.tenant.tenantId}/v2.0`,
              roles: ['Read'],
            }
          : { ver: '1.0', aud: uri, appid: client.clientId, roles: ['Read'] },
      )
      expect(claims).not.toHaveProperty('wids')
      const refused = await at.graph('GET', '/applications', undefined, token)
      expect(expectStatus(refused, 401).error.code).toBe('InvalidAuthenticationToken')
    }
  })
})

describe('a refusal', () => {
  const other = '9b1c0c2e-7f0f-4b77-9a8e-2f6f4d1d2c3b'
  const cases: [
    name: string,
    change: Record<string, string>,
    tenant: string | undefined,
    status: number,
    error: string,
    code: number,
    holds: string,
  ][] = [
    [
      'a wrong secret',
      { client_secret: 'wrong' },
      undefined,
      401,
      'invalid_client',
      7000215,
      'client secret value, not the client secret ID',
    ],
    ['an unknown client', { client_id: other }, undefined, 400, 'unauthorized_client', 700016, other],
    ['an unknown tenant', {}, other, 400, 'invalid_tenant', 90002, other],
    [
      'an unknown tenant before a wrong secret',
      { client_secret: 'wrong' },
      other,
      400,
      'invalid_tenant',
      90002,
      other,
    ],
    ['no tenant in particular', {}, 'common', 400, 'invalid_request', 9001023, '/common'],
    [
      'a tenant that is neither an id nor a domain name',
      {},
      'undefined',
      400,
      'invalid_request',
      900023,
      "'undefined' is neither a valid DNS name",
    ],
    ['no secret', { client_secret: '' }, undefined, 401, 'invalid_client', 7000216, "'client_secret' or"],
    [
      'a scope without /.default',
      { scope: 'https://graph.microsoft.com/User.Read' },
      undefined,
      400,
      'invalid_scope',
      1002012,
      'User.Read',
    ],
    [
      'two resources',
      { scope: 'https://a/.default https://b/.default' },
      undefined,
      400,
      'invalid_scope',
      1002012,
      'https://b',
    ],
    [
      'an unknown resource',
      { scope: 'api://nothing/.default' },
      undefined,
      400,
      'invalid_resource',
      500011,
      'api://nothing',
    ],
    ['no scope', { scope: '' }, undefined, 400, 'invalid_request', 900144, "'scope'"],
    ['no client id', { client_id: '' }, undefined, 400, 'invalid_request', 900144, "'client_id'"],
    ['no grant type', { grant_type: '' }, undefined, 400, 'invalid_request', 900144, "'grant_type'"],
    ['another grant', { grant_type: 'guess' }, undefined, 400, 'unsupported_grant_type', 70003, 'guess'],
  ]

  it.each(cases)(
    'for %s has the code and the shape of Entra',
    async (_name, change, tenant, status, error, code, holds) => {
      const answer = await at.requestToken({ ...form, ...change }, tenant === undefined ? {} : { tenant })
      const body: Answer = expectStatus(answer, status)
      expect(body).toMatchObject({
        error,
        error_codes: [code],
        error_uri: `https://login.microsoftonline.com/error?code=${code}`,
      })
      expect(body.error_description).toMatch(new RegExp(`^AADSTS${code}: `))
      expect(body.error_description).toContain(holds)
      expect(body.error_description.split('\r\n').slice(1)).toEqual([
        `Trace ID: ${body.trace_id}`,
        `Correlation ID: ${body.correlation_id}`,
        `Timestamp: ${body.timestamp}`,
      ])
      expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
      expect(answer.headers['x-ms-request-id']).toBe(body.trace_id)
    },
  )

  it('for a body that is not a form is 9002313', async () => {
    const answer = await at.send('POST', `/${at.tenant.tenantId}/oauth2/v2.0/token`, { body: { a: 1 } })
    expect(expectStatus(answer, 400).error_codes).toEqual([9002313])
  })

  it('repeats the correlation id of the client', async () => {
    const correlation = '11111111-2222-3333-4444-555555555555'
    const answer = await at.requestToken({ ...form, client_secret: 'x', 'client-request-id': correlation })
    expect(answer.json.correlation_id).toBe(correlation)
  })

  it('follows the life of application, service principal and secret', async () => {
    const application = expectStatus(await at.graph('POST', '/applications', { displayName: 'life' }), 201)
    const issued = expectStatus(
      await at.graph('POST', `/applications/${application.id}/addPassword`, {}),
      200,
    )
    const ask = async (): Promise<number | undefined> =>
      (await at.requestToken(clientCredentials(application.appId, issued.secretText, at.tenant.graphUrl)))
        .json.error_codes?.[0]
    expect(await ask()).toBe(7000229)
    const principal = expectStatus(
      await at.graph('POST', '/servicePrincipals', { appId: application.appId }),
      201,
    )
    expect(await ask()).toBeUndefined()
    expectStatus(
      await at.graph('PATCH', `/servicePrincipals/${principal.id}`, { accountEnabled: false }),
      204,
    )
    expect(await ask()).toBe(7000112)
    expectStatus(await at.graph('PATCH', `/servicePrincipals/${principal.id}`, { accountEnabled: true }), 204)
    expectStatus(
      await at.graph('POST', `/applications/${application.id}/removePassword`, { keyId: issued.keyId }),
      204,
    )
    expect(await ask()).toBe(7000215)
    expectStatus(await at.graph('DELETE', `/applications/${application.id}`), 204)
    expect(await ask()).toBe(700016)
  })
})

describe('the clock', () => {
  it('decides on secrets and tokens alike', async () => {
    let now = new Date('2026-03-01T12:00:00Z')
    const moved = await openTenant({ now: () => now })
    try {
      const application = expectStatus(
        await moved.graph('POST', '/applications', { displayName: 'clock' }),
        201,
      )
      expectStatus(await moved.graph('POST', '/servicePrincipals', { appId: application.appId }), 201)
      const issued = expectStatus(
        await moved.graph('POST', `/applications/${application.id}/addPassword`, {
          passwordCredential: { startDateTime: '2026-03-02T00:00:00Z', endDateTime: '2026-03-03T00:00:00Z' },
        }),
        200,
      )
      const client = { clientId: application.appId, secret: issued.secretText }
      const code = async () =>
        (await moved.requestToken(clientCredentials(client.clientId, client.secret, moved.tenant.graphUrl)))
          .json.error_codes?.[0]
      expect(await code()).toBe(7000215)
      now = new Date('2026-03-02T00:00:00Z')
      const token = await moved.token(client)
      expect((await moved.graph('GET', '/applications', undefined, token)).status).toBe(403)
      now = new Date('2026-03-02T01:00:01Z')
      const expired = await moved.graph('GET', '/applications', undefined, token)
      expect(expectStatus(expired, 401).error.message).toBe(
        'Lifetime validation failed, the token is expired.',
      )
      now = new Date('2026-03-03T00:00:00Z')
      expect(await code()).toBe(7000222)
    } finally {
      await moved.close()
    }
  })
})

describe('discovery', () => {
  it('names endpoints of this very server', async () => {
    const { url, tenantId } = at.tenant
    const document = expectStatus(
      await at.send('GET', `/${tenantId}/v2.0/.well-known/openid-configuration`),
      200,
    )
    expect(document).toMatchObject({
      issuer: `${url}/${tenantId}/v2.0`,
      token_endpoint: `${url}/${tenantId}/oauth2/v2.0/token`,
      authorization_endpoint: `${url}/${tenantId}/oauth2/v2.0/authorize`,
    })
    const metadata = expectStatus(await at.send('GET', '/metadata/endpoints?api-version=2022-09-01'), 200)
    expect(metadata).toMatchObject({
      microsoftGraphResourceId: `${url}/`,
      authentication: { loginEndpoint: url },
    })
    const instance = expectStatus(await at.send('GET', '/common/discovery/instance?api-version=1.1'), 200)
    expect(instance.metadata[0].aliases).toEqual([`localhost:${at.tenant.port}`])
  })

  it('refuses an unknown tenant', async () => {
    const answer = await at.send('GET', '/nowhere.example.com/v2.0/.well-known/openid-configuration')
    expect(expectStatus(answer, 400).error_codes).toEqual([90002])
  })
})

describe('@azure/identity', () => {
  it('gets a token with a client secret', async () => {
    const before = getCACertificates('default')
    setDefaultCACertificates([...before, at.tenant.caPem])
    try {
      const credential = new ClientSecretCredential(at.tenant.tenantId, at.tenant.deployer.clientId, secret, {
        authorityHost: at.tenant.url,
        disableInstanceDiscovery: true,
      })
      const { token } = await credential.getToken(`${at.tenant.graphUrl}/.default`)
      expect(claimsOf(token).appid).toBe(at.tenant.deployer.clientId)
      const wrong = new ClientSecretCredential(at.tenant.tenantId, at.tenant.deployer.clientId, 'wrong', {
        authorityHost: at.tenant.url,
        disableInstanceDiscovery: true,
      })
      await expect(wrong.getToken(`${at.tenant.graphUrl}/.default`)).rejects.toThrow(/AADSTS7000215/)
    } finally {
      setDefaultCACertificates(before)
    }
  })
})
