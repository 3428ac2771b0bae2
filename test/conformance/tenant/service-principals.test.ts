import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const FILES_READ_ALL = '01d4889c-1287-42c6-ac1f-5d1e02578ef6'
const NOBODY = 'ffffffff-0000-4000-8000-000000000000'

let at: TestTenant
let graphPrincipal: Answer
beforeAll(async () => {
  at = await openTenant()
  const filter = encodeURIComponent(`appId eq '${MICROSOFT_GRAPH_APP_ID}'`)
  graphPrincipal = (await at.graph('GET', `/servicePrincipals?$filter=${filter}`)).json.value[0]
})
afterAll(() => at.close())

describe('service principals', () => {
  it('mirror the application behind them, as it is now', async () => {
    const application = expectStatus(
      await at.graph('POST', '/applications', {
        displayName: 'mirrored',
        identifierUris: ['api://mirrored'],
        web: { redirectUris: ['https://a/'], homePageUrl: 'https://home/' },
        spa: { redirectUris: ['https://b/'] },
      }),
      201,
    )
    const answer = await at.graph('POST', '/servicePrincipals', { appId: application.appId, tags: ['t'] })
    const principal = expectStatus(answer, 201)
    expect(principal).toMatchObject({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#servicePrincipals/$entity`,
      appId: application.appId,
      displayName: 'mirrored',
      appDisplayName: 'mirrored',
      appOwnerOrganizationId: at.tenant.tenantId,
      servicePrincipalNames: [application.appId, 'api://mirrored'],
      servicePrincipalType: 'Application',
      signInAudience: 'AzureADMyOrg',
      accountEnabled: true,
      appRoleAssignmentRequired: false,
      homepage: 'https://home/',
      replyUrls: ['https://a/', 'https://b/'],
      samlSingleSignOnSettings: null,
      keyCredentials: [],
      passwordCredentials: [],
      tags: ['t'],
    })
    expect(answer.headers.location).toMatch(/\/Microsoft\.DirectoryServices\.ServicePrincipal$/)
    expectStatus(await at.graph('PATCH', `/applications/${application.id}`, { displayName: 'new name' }), 204)
    expect((await at.graph('GET', `/servicePrincipals/${principal.id}`)).json.displayName).toBe('new name')
    const beta = await at.graph('GET', `/beta/servicePrincipals/${principal.id}?$select=samlMetadataUrl`)
    expect(beta.json.samlMetadataUrl).toBeNull()
  })

  it('take the body that the azuread provider sends', async () => {
    const application = expectStatus(
      await at.graph('POST', '/applications', { displayName: 'provider' }),
      201,
    )
    const principal = expectStatus(
      await at.graph('POST', '/servicePrincipals', {
        '@odata.type': '#microsoft.graph.servicePrincipal',
        appId: application.appId,
        accountEnabled: true,
        appRoleAssignmentRequired: false,
        description: 'TERRAFORM_UPDATE_x',
        alternativeNames: [],
        loginUrl: null,
        notes: null,
        notificationEmailAddresses: [],
        preferredSingleSignOnMode: null,
        samlSingleSignOnSettings: {},
        tags: [],
        'owners@odata.bind': [`${at.tenant.url}/v1.0/directoryObjects/${at.tenant.deployer.objectId}`],
      }),
      201,
    )
    expectStatus(await at.graph('PATCH', `/servicePrincipals/${principal.id}`, { description: null }), 204)
    expect((await at.graph('GET', `/servicePrincipals/${principal.id}`)).json.description).toBeNull()
  })

  it('are one per application', async () => {
    const { appId } = expectStatus(await at.graph('POST', '/applications', { displayName: 'once' }), 201)
    expectStatus(await at.graph('POST', '/servicePrincipals', { appId }), 201)
    const again = expectStatus(
      await at.graph('POST', '/servicePrincipals', { appId: appId.toUpperCase() }),
      409,
    )
    expect(again.error).toMatchObject({
      code: 'Request_MultipleObjectsWithSameKeyValue',
      message: expect.stringContaining(appId),
    })
  })

  it('need an application, and say so in words that no client waits on', async () => {
    const answer = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: NOBODY }), 400)
    expect(answer.error.details[0].code).toBe('NoBackingApplicationObject')
    expect(answer.error.message).not.toMatch(
      /does not reference a valid application object|When using this permission/,
    )
  })

  it('have passwords of their own, without a hint, that sign in', async () => {
    const client = await at.client([])
    const path = `/servicePrincipals/${client.servicePrincipal.id}`
    const issued = expectStatus(await at.graph('POST', `${path}/addPassword`, {}), 200)
    expect(issued.hint).toBeNull()
    await at.token({ clientId: client.clientId, secret: issued.secretText })
    expectStatus(await at.graph('POST', `${path}/removePassword`, { keyId: issued.keyId }), 204)
    await expect(at.token({ clientId: client.clientId, secret: issued.secretText })).rejects.toThrow(
      /7000215/,
    )
  })

  it('of Microsoft know the published permissions and cannot be deleted', async () => {
    const roles = new Map(graphPrincipal.appRoles.map((each: Answer) => [each.value, each.id]))
    expect(roles.get('Files.Read.All')).toBe(FILES_READ_ALL)
    expect(roles.size).toBeGreaterThan(700)
    const scopes = new Map(
      graphPrincipal.oauth2PermissionScopes.map((each: Answer) => [each.value, each.type]),
    )
    expect([scopes.get('User.Read'), scopes.get('Directory.ReadWrite.All')]).toEqual(['User', 'Admin'])
    const powerful = await openTenant({ deployerRoles: ['Application.ReadWrite.All'] })
    try {
      const [first] = (await powerful.graph('GET', '/servicePrincipals?$top=1&$select=id')).json.value
      const answer = expectStatus(await powerful.graph('DELETE', `/servicePrincipals/${first.id}`), 403)
      expect(answer.error.code).toBe('Authorization_RequestDenied')
      expectStatus(await powerful.graph('GET', `/servicePrincipals/${first.id}`), 200)
    } finally {
      await powerful.close()
    }
  })

  it('go with what was granted to them and on them, and from the owners of others', async () => {
    const client = await at.client(['Files.Read.All'])
    const owned = expectStatus(
      await at.graph('POST', '/applications', {
        displayName: 'owned',
        'owners@odata.bind': [`${at.tenant.url}/v1.0/directoryObjects/${client.servicePrincipal.id}`],
      }),
      201,
    )
    const grant = expectStatus(
      await at.graph('POST', '/oauth2PermissionGrants', {
        clientId: client.servicePrincipal.id,
        resourceId: graphPrincipal.id,
        consentType: 'AllPrincipals',
        scope: 'User.Read',
      }),
      201,
    )
    expectStatus(await at.graph('DELETE', `/servicePrincipals/${client.servicePrincipal.id}`), 204)
    expect((await at.graph('GET', `/oauth2PermissionGrants/${grant.id}`)).status).toBe(404)
    expect((await at.graph('GET', `/applications/${owned.id}/owners`)).json.value).toEqual([])
  })
})

describe('app role assignments', () => {
  const assign = (principalId: string, change: object = {}) =>
    at.graph('POST', `/servicePrincipals/${graphPrincipal.id}/appRoleAssignedTo`, {
      '@odata.type': '#microsoft.graph.appRoleAssignment',
      principalId,
      resourceId: graphPrincipal.id,
      appRoleId: FILES_READ_ALL,
      ...change,
    })

  it('are seen from both sides, with the names of both', async () => {
    const { servicePrincipal, application } = await at.client([])
    const assignment = expectStatus(await assign(servicePrincipal.id), 201)
    expect(assignment).toMatchObject({
      id: expect.stringMatching(/^[\w-]{43}$/),
      appRoleId: FILES_READ_ALL,
      principalId: servicePrincipal.id,
      principalDisplayName: application.displayName,
      principalType: 'ServicePrincipal',
      resourceId: graphPrincipal.id,
      resourceDisplayName: 'Microsoft Graph',
    })
    for (const path of [
      `/servicePrincipals/${graphPrincipal.id}/appRoleAssignedTo`,
      `/servicePrincipals/${servicePrincipal.id}/appRoleAssignments`,
    ]) {
      const ids = (await at.graph('GET', path)).json.value.map((each: Answer) => each.id)
      expect(ids, path).toContain(assignment.id)
      expect((await at.graph('GET', `${path}/${assignment.id}`)).json.appRoleId, path).toBe(FILES_READ_ALL)
    }
    const elsewhere = `/servicePrincipals/${at.tenant.deployer.objectId}/appRoleAssignments/${assignment.id}`
    expect((await at.graph('GET', elsewhere)).status).toBe(404)
  })

  it('are refused when they repeat, or name what is not there', async () => {
    const { servicePrincipal } = await at.client([])
    expectStatus(await assign(servicePrincipal.id), 201)
    const again = expectStatus(await assign(servicePrincipal.id), 400)
    expect(again.error).toMatchObject({
      code: 'Request_BadRequest',
      message: 'Permission being assigned already exists on the object',
    })
    const unknown = expectStatus(await assign(servicePrincipal.id, { appRoleId: NOBODY }), 400)
    expect(unknown.error.message).toContain('Permission being assigned was not found on application')
    const nobody = expectStatus(await assign(NOBODY), 400)
    expect(nobody.error.message).not.toContain('Not a valid reference update')
    expect((await assign(servicePrincipal.id, { resourceId: servicePrincipal.id })).status).toBe(400)
  })

  it('may be for access without any role', async () => {
    const { servicePrincipal } = await at.client([])
    expectStatus(
      await assign(servicePrincipal.id, { appRoleId: '00000000-0000-0000-0000-000000000000' }),
      201,
    )
  })
})

describe('delegated grants', () => {
  const grant = (clientId: string, change: object = {}) =>
    at.graph('POST', '/oauth2PermissionGrants', {
      clientId,
      resourceId: graphPrincipal.id,
      consentType: 'AllPrincipals',
      scope: 'User.Read offline_access',
      ...change,
    })

  it('have an id made of what they join, and come back under it', async () => {
    const { servicePrincipal } = await at.client([])
    const made = expectStatus(await grant(servicePrincipal.id), 201)
    expect(made).toMatchObject({ principalId: null, scope: 'User.Read offline_access' })
    expect(made.id).toMatch(/^[\w-]{43}$/)
    const again = expectStatus(await grant(servicePrincipal.id), 409)
    expect(again.error).toMatchObject({
      code: 'Request_MultipleObjectsWithSameKeyValue',
      message: 'Permission entry already exists.',
    })
    expectStatus(await at.graph('PATCH', `/oAuth2PermissionGrants/${made.id}`, { scope: 'Mail.Read' }), 204)
    expect((await at.graph('GET', `/oauth2PermissionGrants/${made.id}`)).json.scope).toBe('Mail.Read')
    const mine = await at.graph('GET', `/servicePrincipals/${servicePrincipal.id}/oauth2PermissionGrants`)
    expect(mine.json.value.map((each: Answer) => each.id)).toEqual([made.id])
    expectStatus(await at.graph('DELETE', `/oauth2PermissionGrants/${made.id}`), 204)
    expect(expectStatus(await grant(servicePrincipal.id), 201).id).toBe(made.id)
  })

  it('are for all or for one', async () => {
    const { servicePrincipal } = await at.client([])
    const one = expectStatus(await grant(servicePrincipal.id, { consentType: 'Principal' }), 400)
    expect(one.error.message).toBe(
      "A value is required for property 'principalId' of resource 'OAuth2PermissionGrant'.",
    )
    expect((await grant(servicePrincipal.id, { principalId: NOBODY })).status).toBe(400)
    const lost = expectStatus(await grant(NOBODY), 400)
    expect(lost.error.message).not.toContain('queried reference-property')
  })
})
