import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const ISO_SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ROLE = {
  id: '5f2b6a0e-3c0b-4d46-9b3c-00000000000A',
  allowedMemberTypes: ['User', 'Application'],
  description: 'd',
  displayName: 'D',
  isEnabled: true,
  value: 'Role.One',
}
const SCOPE = {
  id: '5f2b6a0e-3c0b-4d46-9b3c-00000000000b',
  adminConsentDescription: 'a',
  adminConsentDisplayName: 'A',
  isEnabled: true,
  type: 'User',
  userConsentDescription: '',
  userConsentDisplayName: '',
  value: 'do.it',
}

let at: TestTenant
beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

const create = async (body: object): Promise<Answer> =>
  expectStatus(await at.graph('POST', '/applications', { displayName: 'an app', ...body }), 201)
const read = async (id: string): Promise<Answer> =>
  expectStatus(await at.graph('GET', `/applications/${id}`), 200)
const patch = async (id: string, body: object): Promise<Answer> =>
  expectStatus(await at.graph('PATCH', `/applications/${id}`, body), 204)

describe('POST /applications', () => {
  it('answers the whole object, every null and empty member in it', async () => {
    const answer = await at.graph('POST', '/applications', { displayName: 'demo' })
    const application = expectStatus(answer, 201)
    expect(application).toEqual({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#applications/$entity`,
      id: expect.stringMatching(GUID),
      deletedDateTime: null,
      addIns: [],
      api: {
        acceptMappedClaims: null,
        knownClientApplications: [],
        oauth2PermissionScopes: [],
        preAuthorizedApplications: [],
        requestedAccessTokenVersion: null,
      },
      appId: expect.stringMatching(GUID),
      appRoles: [],
      applicationTemplateId: null,
      certification: null,
      createdDateTime: expect.stringMatching(ISO_SECOND),
      defaultRedirectUri: null,
      description: null,
      disabledByMicrosoftStatus: null,
      displayName: 'demo',
      groupMembershipClaims: null,
      identifierUris: [],
      info: {
        logoUrl: null,
        marketingUrl: null,
        privacyStatementUrl: null,
        supportUrl: null,
        termsOfServiceUrl: null,
      },
      isDeviceOnlyAuthSupported: null,
      isFallbackPublicClient: null,
      keyCredentials: [],
      nativeAuthenticationApisEnabled: null,
      notes: null,
      optionalClaims: null,
      parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
      passwordCredentials: [],
      publicClient: { redirectUris: [] },
      publisherDomain: 'contoso.onmicrosoft.com',
      requestSignatureVerification: null,
      requiredResourceAccess: [],
      samlMetadataUrl: null,
      serviceManagementReference: null,
      servicePrincipalLockConfiguration: null,
      signInAudience: 'AzureADMyOrg',
      spa: { redirectUris: [] },
      tags: [],
      tokenEncryptionKeyId: null,
      uniqueName: null,
      verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
      web: {
        homePageUrl: null,
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
        logoutUrl: null,
        redirectUriSettings: [],
        redirectUris: [],
      },
    })
    expect(answer.headers.location).toBe(
      `${at.tenant.url}/v2/${at.tenant.tenantId}/directoryObjects/${application.id}/Microsoft.DirectoryServices.Application`,
    )
    const { '@odata.context': _context, ...members } = application
    expect(await read(application.id)).toMatchObject(members)
  })

  it('makes the caller the owner, unless owners are named', async () => {
    const [microsoft] = expectStatus(
      await at.graph('GET', '/servicePrincipals?$filter=displayName%20eq%20%27Microsoft%20Graph%27'),
      200,
    ).value
    const own = await create({})
    const bound = await create({
      'owners@odata.bind': [`${at.tenant.url}/v1.0/directoryObjects/${microsoft.id}`],
    })
    const owners = async (id: string) =>
      (await at.graph('GET', `/applications/${id}/owners`)).json.value.map((each: Answer) => [
        each['@odata.type'],
        each.id,
      ])
    expect(await owners(own.id)).toEqual([['#microsoft.graph.servicePrincipal', at.tenant.deployer.objectId]])
    expect(await owners(bound.id)).toEqual([['#microsoft.graph.servicePrincipal', microsoft.id]])
  })

  it('issues passwords that the body asks for, shown in this answer alone', async () => {
    const application = await create({ passwordCredentials: [{ displayName: 'inline' }] })
    expect(application.passwordCredentials).toEqual([
      expect.objectContaining({
        displayName: 'inline',
        secretText: expect.stringMatching(/^.{40}$/),
        keyId: expect.stringMatching(GUID),
      }),
    ])
    expect((await read(application.id)).passwordCredentials[0].secretText).toBeNull()
  })

  const bad: [name: string, body: unknown, message: string][] = [
    [
      'no displayName',
      { displayName: undefined },
      "A value is required for property 'displayName' of resource 'Application'.",
    ],
    [
      'an empty displayName',
      { displayName: '' },
      "A value is required for property 'displayName' of resource 'Application'.",
    ],
    [
      'a null displayName',
      { displayName: null },
      "A value is required for property 'displayName' of resource 'Application'.",
    ],
    [
      'a long displayName',
      { displayName: 'x'.repeat(257) },
      "Invalid value specified for property 'displayName' of resource 'Application'.",
    ],
    [
      'a displayName that is not a string',
      { displayName: 5 },
      "Invalid value specified for property 'displayName' of resource 'Application'.",
    ],
    ['an unknown property', { colour: 'red' }, "Property 'colour' does not exist as a declared property"],
    [
      'an unknown nested property',
      { web: { colour: 'red' } },
      "Property 'web.colour' does not exist as a declared property",
    ],
    ['a hidden property', { ownerIds: [] }, "Property 'ownerIds' does not exist as a declared property"],
    [
      'a name from Object.prototype',
      { constructor: 1 },
      "Property 'constructor' does not exist as a declared property",
    ],
    [
      'a beta property',
      { oauth2RequirePostResponse: true },
      "Property 'oauth2RequirePostResponse' does not exist",
    ],
    [
      'a read-only property',
      { appId: '5f2b6a0e-3c0b-4d46-9b3c-00000000000a' },
      "Property 'appId' is read-only and cannot be set.",
    ],
    [
      'an unknown audience',
      { signInAudience: 'Everyone' },
      "Invalid value specified for property 'signInAudience' of resource 'Application'.",
    ],
    [
      'a list that is none',
      { identifierUris: 'api://x' },
      "Invalid value specified for property 'identifierUris' of resource 'Application'.",
    ],
    [
      'a null in a list',
      { tags: [null] },
      "Invalid value specified for property 'tags' of resource 'Application'.",
    ],
    [
      'a doubled URI',
      { web: { redirectUris: ['https://a/', 'https://a/'] } },
      'Request contains a property with duplicate values.',
    ],
    [
      'a doubled role id',
      { appRoles: [ROLE, { ...ROLE, id: ROLE.id.toLowerCase(), value: 'x' }] },
      'Request contains a property with duplicate values.',
    ],
    [
      'one value for a role and a scope',
      { appRoles: [ROLE], api: { oauth2PermissionScopes: [{ ...SCOPE, value: ROLE.value }] } },
      'Request contains a property with duplicate values.',
    ],
    [
      'a role without id',
      { appRoles: [{ ...ROLE, id: undefined }] },
      "A value is required for property 'appRoles.id' of resource 'Application'.",
    ],
    [
      'a role id that is not a GUID',
      { appRoles: [{ ...ROLE, id: 'x' }] },
      "Invalid value specified for property 'appRoles.id' of resource 'Application'.",
    ],
    [
      'a permission of an unknown type',
      {
        requiredResourceAccess: [{ resourceAppId: ROLE.id, resourceAccess: [{ id: ROLE.id, type: 'Both' }] }],
      },
      "Invalid value specified for property 'requiredResourceAccess.resourceAccess.type' of resource 'Application'.",
    ],
    [
      'http on a public host',
      { web: { redirectUris: ['http://example.com/'] } },
      "Invalid value specified for property 'web.redirectUris' of resource 'Application'.",
    ],
    [
      'a fragment',
      { spa: { redirectUris: ['https://example.com/#x'] } },
      "Invalid value specified for property 'spa.redirectUris' of resource 'Application'.",
    ],
    [
      'a broker with a path',
      { spa: { redirectUris: ['brk-multihub://example.com/path'] } },
      "Invalid value specified for property 'spa.redirectUris' of resource 'Application'.",
    ],
    [
      'a URN under spa',
      { spa: { redirectUris: ['urn:ietf:wg:oauth:2.0:oob'] } },
      "Invalid value specified for property 'spa.redirectUris' of resource 'Application'.",
    ],
    [
      'a URI that is none',
      { publicClient: { redirectUris: ['nowhere'] } },
      "Invalid value specified for property 'publicClient.redirectUris' of resource 'Application'.",
    ],
    [
      'an end before its start',
      {
        passwordCredentials: [{ startDateTime: '2030-01-01T00:00:00Z', endDateTime: '2029-01-01T00:00:00Z' }],
      },
      "Invalid value specified for property 'passwordCredential.endDateTime' of resource 'Application'.",
    ],
    ['a list as body', [], 'A JSON object is expected as the body of this request.'],
  ]
  it.each(bad)('refuses %s', async (_name, body, message) => {
    const sent = Array.isArray(body) ? body : { displayName: 'bad', ...(body as object) }
    const answer = expectStatus(await at.graph('POST', '/applications', sent), 400)
    expect(answer.error.code).toBe('Request_BadRequest')
    expect(answer.error.message).toContain(message)
    const filter = encodeURIComponent("displayName eq 'bad'")
    expect((await at.graph('GET', `/applications?$filter=${filter}`)).json.value).toEqual([])
  })

  it('refuses a body that is not JSON', async () => {
    const answer = expectStatus(await at.graph('POST', '/applications', '{'), 400)
    expect(answer.error).toMatchObject({
      code: 'BadRequest',
      message: expect.stringContaining('Unable to read JSON request payload.'),
    })
  })

  it('refuses an identifier URI in use, and a foreign https one', async () => {
    await create({ identifierUris: ['api://taken'] })
    const again = await at.graph('POST', '/applications', {
      displayName: 'second',
      identifierUris: ['API://taken'],
    })
    expect(expectStatus(again, 400).error).toMatchObject({
      message: 'Another object with the same value for property identifierUris already exists.',
      details: [expect.objectContaining({ code: 'ObjectConflict' })],
    })
    const foreign = await at.graph('POST', '/applications', {
      displayName: 'x',
      identifierUris: ['https://example.com/x'],
    })
    expect(expectStatus(foreign, 400).error.code).toBe('HostNameNotOnVerifiedDomain')
    await create({ identifierUris: ['https://api.contoso.onmicrosoft.com/x'] })
  })

  it('answers 501 for what only the real service can set, and lets its default pass', async () => {
    const controls = await at.graph('POST', '/applications', {
      displayName: 'x',
      parentalControlSettings: { countriesBlockedForMinors: ['NL'] },
    })
    expect(expectStatus(controls, 501).error.message).toContain("'parentalControlSettings'")
    await create({
      keyCredentials: [],
      addIns: [],
      parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
    })
  })
})

describe('PATCH /applications/{id}', () => {
  it('lets personal accounts in only with tokens of version 2', async () => {
    const personal = { signInAudience: 'AzureADandPersonalMicrosoftAccount' }
    const refused = await at.graph('POST', '/applications', { displayName: 'personal', ...personal })
    expect(expectStatus(refused, 400).error.message).toBe(
      'Property api.requestedAccessTokenVersion is invalid.',
    )
    const { id } = expectStatus(await at.graph('POST', '/applications', { displayName: 'work' }), 201)
    expectStatus(await at.graph('PATCH', `/applications/${id}`, personal), 400)
    const both = { ...personal, api: { requestedAccessTokenVersion: 2 } }
    expectStatus(await at.graph('PATCH', `/applications/${id}`, both), 204)
    expectStatus(
      await at.graph('PATCH', `/applications/${id}`, { api: { requestedAccessTokenVersion: 1 } }),
      400,
    )
  })

  it('answers 204 with nothing in it', async () => {
    const { id } = await create({})
    const answer = await at.graph('PATCH', `/applications/${id}`, { displayName: 'renamed' })
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([204, '', undefined])
    expect((await read(id)).displayName).toBe('renamed')
  })

  it('keeps what it does not name, deep inside api, web, spa, publicClient and info too', async () => {
    const { id } = await create({
      description: 'kept',
      web: {
        homePageUrl: 'https://home/',
        redirectUris: ['https://a/'],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
      info: { supportUrl: 'https://support/' },
      api: { requestedAccessTokenVersion: 2 },
    })
    await patch(id, {
      '@odata.type': '#microsoft.graph.application',
      id,
      web: { redirectUris: ['https://b/'], implicitGrantSettings: { enableAccessTokenIssuance: true } },
      info: { marketingUrl: 'https://marketing/' },
      api: { acceptMappedClaims: true },
      spa: { redirectUris: ['https://spa/'] },
    })
    expect(await read(id)).toMatchObject({
      description: 'kept',
      web: {
        homePageUrl: 'https://home/',
        redirectUris: ['https://b/'],
        implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: true },
      },
      info: { supportUrl: 'https://support/', marketingUrl: 'https://marketing/' },
      api: { requestedAccessTokenVersion: 2, acceptMappedClaims: true },
      spa: { redirectUris: ['https://spa/'] },
    })
  })

  it('clears with null and with an empty list', async () => {
    const { id } = await create({ description: 'gone', tags: ['gone'], groupMembershipClaims: 'All' })
    await patch(id, { description: null, tags: [], groupMembershipClaims: null })
    expect(await read(id)).toMatchObject({ description: null, tags: [], groupMembershipClaims: null })
  })

  it('replaces optionalClaims as a whole; an empty object clears them', async () => {
    const claim = { name: 'groups', source: '', essential: false, additionalProperties: ['b', 'a'] }
    const { id } = await create({ optionalClaims: { accessToken: [claim], idToken: [claim] } })
    await patch(id, { optionalClaims: { saml2Token: [claim] } })
    expect((await read(id)).optionalClaims).toEqual({
      accessToken: [],
      idToken: [],
      saml2Token: [{ ...claim, source: null }],
    })
    await patch(id, { optionalClaims: {} })
    expect((await read(id)).optionalClaims).toBeNull()
  })

  it('keeps scopes, roles and lists as they were sent', async () => {
    const access = [
      { id: SCOPE.id, type: 'Scope' },
      { id: ROLE.id, type: 'Role' },
    ]
    const { id } = await create({
      appRoles: [ROLE],
      api: { oauth2PermissionScopes: [SCOPE] },
      requiredResourceAccess: [{ resourceAppId: SCOPE.id, resourceAccess: access }],
    })
    const application = await read(id)
    expect(application.appRoles).toEqual([{ ...ROLE, origin: 'Application' }])
    expect(application.api.oauth2PermissionScopes).toEqual([SCOPE])
    expect(application.requiredResourceAccess[0].resourceAccess).toEqual(access)
  })

  it('wants roles and scopes disabled before they change or go', async () => {
    const { id } = await create({ appRoles: [ROLE], api: { oauth2PermissionScopes: [SCOPE] } })
    const refused = [
      { appRoles: [] },
      { appRoles: [{ ...ROLE, value: 'Role.Two' }] },
      { api: { oauth2PermissionScopes: [] } },
      { api: { oauth2PermissionScopes: [{ ...SCOPE, isEnabled: false, value: 'else' }] } },
    ]
    for (const body of refused) {
      const answer = expectStatus(await at.graph('PATCH', `/applications/${id}`, body), 400)
      expect(answer.error).toMatchObject({
        code: 'CannotDeleteOrUpdateEnabledEntitlement',
        message: 'Permission (scope or role) cannot be deleted or updated unless disabled first.',
      })
    }
    await patch(id, {
      appRoles: [{ ...ROLE, allowedMemberTypes: ['Application', 'User'], isEnabled: false }],
    })
    await patch(id, { appRoles: [] })
    await patch(id, {
      api: { oauth2PermissionScopes: [{ ...SCOPE, userConsentDescription: null, isEnabled: false }] },
    })
    await patch(id, { api: { oauth2PermissionScopes: [{ ...SCOPE, value: 'else' }] } })
    expect((await read(id)).api.oauth2PermissionScopes).toEqual([{ ...SCOPE, value: 'else' }])
  })

  it('shares one store with beta, which alone shows beta properties', async () => {
    const { id } = await create({})
    expectStatus(
      await at.graph('PATCH', `/beta/applications/${id}`, { oauth2RequirePostResponse: true, notes: 'n' }),
      204,
    )
    expect(await read(id)).toMatchObject({ notes: 'n' })
    expect(await read(id)).not.toHaveProperty('oauth2RequirePostResponse')
    const beta = await at.graph('GET', `/beta/applications/${id}?$select=oauth2RequirePostResponse`)
    expect(beta.json).toEqual({
      '@odata.context': `${at.tenant.url}/beta/$metadata#applications(oauth2RequirePostResponse)/$entity`,
      oauth2RequirePostResponse: true,
    })
  })

  it('cannot set passwords', async () => {
    const { id } = await create({})
    const answer = await at.graph('PATCH', `/applications/${id}`, { passwordCredentials: [] })
    expect(expectStatus(answer, 400).error.message).toBe(
      "Property 'passwordCredentials' is read-only and cannot be set.",
    )
  })
})

describe('passwords', () => {
  it('come as in the real service: once, with a hint, for two years', async () => {
    const { id } = await create({})
    const answer = await at.graph('POST', `/applications/${id}/microsoft.graph.addPassword`, {
      passwordCredential: { displayName: 's' },
    })
    const issued = expectStatus(answer, 200)
    expect(issued).toEqual({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#microsoft.graph.passwordCredential`,
      customKeyIdentifier: null,
      displayName: 's',
      startDateTime: expect.stringMatching(ISO_SECOND),
      endDateTime: expect.stringMatching(ISO_SECOND),
      hint: issued.secretText.slice(0, 3),
      keyId: expect.stringMatching(GUID),
      secretText: expect.stringMatching(/^[\w.~-]{3}8Q~[\w.~-]{34}$/),
    })
    expect(Number(issued.endDateTime.slice(0, 4)) - Number(issued.startDateTime.slice(0, 4))).toBe(2)
    const { '@odata.context': _context, ...members } = issued
    expect((await read(id)).passwordCredentials).toEqual([{ ...members, secretText: null }])
  })

  it('keep dates as given, in UTC and without a fraction of zero, and a given keyId', async () => {
    const { id } = await create({})
    const keyId = '0b3d54a1-61a5-4f53-8f38-2f3b3c3f0001'
    const issued = expectStatus(
      await at.graph('POST', `/applications/${id}/addPassword`, {
        passwordCredential: {
          keyId,
          startDateTime: '2026-01-01T02:00:00+02:00',
          endDateTime: '2100-01-01T00:00:00.000Z',
        },
      }),
      200,
    )
    expect(issued).toMatchObject({
      keyId,
      startDateTime: '2026-01-01T00:00:00Z',
      endDateTime: '2100-01-01T00:00:00Z',
    })
  })

  it('are two at most for an application with personal accounts', async () => {
    const personal = {
      signInAudience: 'AzureADandPersonalMicrosoftAccount',
      api: { requestedAccessTokenVersion: 2 },
    }
    const { id } = await create(personal)
    for (let i = 0; i < 2; i++)
      expectStatus(await at.graph('POST', `/applications/${id}/addPassword`, {}), 200)
    const third = await at.graph('POST', `/applications/${id}/addPassword`, {})
    expect(expectStatus(third, 400).error).toMatchObject({
      code: 'Request_BadRequest',
      message: 'Not allowed to add 3 passwords. You can only add a maximum of 2 passwords.',
    })
  })

  it('go one by one', async () => {
    const { id } = await create({})
    const first = expectStatus(await at.graph('POST', `/applications/${id}/addPassword`, {}), 200)
    const second = expectStatus(await at.graph('POST', `/applications/${id}/addPassword`), 200)
    expectStatus(await at.graph('POST', `/applications/${id}/removePassword`, { keyId: first.keyId }), 204)
    expect((await read(id)).passwordCredentials.map((each: Answer) => each.keyId)).toEqual([second.keyId])
    const again = await at.graph('POST', `/applications/${id}/removePassword`, { keyId: first.keyId })
    expect(expectStatus(again, 400).error.message).toContain(first.keyId)
  })
})

describe('owners', () => {
  it('come and go by reference, the last one too', async () => {
    const powerful = await openTenant({
      deployerRoles: ['Application.ReadWrite.All', 'Directory.Read.All', 'User.Read.All'],
    })
    try {
      const { id } = expectStatus(
        await powerful.graph('POST', '/applications', { displayName: 'owned' }),
        201,
      )
      const ada = expectStatus(await powerful.graph('GET', '/users/ada@contoso.onmicrosoft.com'), 200)
      const reference = { '@odata.id': `${powerful.tenant.url}/v1.0/directoryObjects/${ada.id}` }
      expectStatus(await powerful.graph('POST', `/applications/${id}/owners/$ref`, reference), 204)
      expect((await powerful.graph('POST', `/applications/${id}/owners/$ref`, reference)).status).toBe(400)
      const filter = encodeURIComponent(`id eq '${ada.id}'`)
      const found = await powerful.graph('GET', `/applications/${id}/owners?$filter=${filter}`)
      expect(found.json.value.map((each: Answer) => each.displayName)).toEqual(['Ada Lovelace'])
      expect(found.json['@odata.context']).toBe(`${powerful.tenant.url}/v1.0/$metadata#directoryObjects`)
      for (const owner of [powerful.tenant.deployer.objectId, ada.id]) {
        expectStatus(await powerful.graph('DELETE', `/applications/${id}/owners/${owner}/$ref`), 204)
      }
      expect((await powerful.graph('GET', `/applications/${id}/owners`)).json.value).toEqual([])
      expect((await powerful.graph('DELETE', `/applications/${id}/owners/${ada.id}/$ref`)).status).toBe(404)
      const nobody = {
        '@odata.id': `${powerful.tenant.url}/v1.0/directoryObjects/00000000-0000-4000-8000-000000000000`,
      }
      expect((await powerful.graph('POST', `/applications/${id}/owners/$ref`, nobody)).status).toBe(404)
      const itself = { '@odata.id': `${powerful.tenant.url}/v1.0/directoryObjects/${id}` }
      expect((await powerful.graph('POST', `/applications/${id}/owners/$ref`, itself)).status).toBe(400)
    } finally {
      await powerful.close()
    }
  })
})

describe('DELETE /applications/{id}', () => {
  it('takes service principal and grants along, and stays gone', async () => {
    const client = await at.client(['Files.Read.All'])
    const { application, servicePrincipal } = client
    const assignments = `/servicePrincipals/${servicePrincipal.id}/appRoleAssignments`
    const [assignment] = expectStatus(await at.graph('GET', assignments), 200).value
    expectStatus(await at.graph('DELETE', `/applications/${application.id}`), 204)
    for (const path of [
      `/applications/${application.id}`,
      `/applications/${application.id}/owners`,
      `/servicePrincipals/${servicePrincipal.id}`,
      `/servicePrincipals/${assignment.resourceId}/appRoleAssignedTo/${assignment.id}`,
    ]) {
      expect((await at.graph('GET', path)).status, path).toBe(404)
    }
    expect((await at.graph('DELETE', `/applications/${application.id}`)).status).toBe(404)
  })

  it('answers the 404 of the real service, for an appId too', async () => {
    const { appId } = await create({})
    const answer = await at.graph('GET', `/applications/${appId}`)
    expect(expectStatus(answer, 404).error).toEqual({
      code: 'Request_ResourceNotFound',
      message: `Resource '${appId}' does not exist or one of its queried reference-property objects are not present.`,
      innerError: {
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
        'request-id': answer.headers['request-id'],
        'client-request-id': answer.headers['client-request-id'],
      },
    })
  })
})
