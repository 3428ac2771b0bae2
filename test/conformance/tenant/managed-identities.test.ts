import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
let principal: Answer

const seed = {
  managedIdentities: [
    { displayName: 'crm-jobs', permissions: { 'Microsoft Graph': { application: ['User.Read.All'] } } },
  ],
}

beforeAll(async () => {
  at = await openTenant()
  at.tenant.control.seed(seed)
  const filter = encodeURIComponent("servicePrincipalType eq 'ManagedIdentity'")
  const { value } = expectStatus(await at.graph('GET', `/servicePrincipals?$filter=${filter}`), 200)
  principal = value[0]
})
afterAll(() => at.close())

describe('a managed identity', () => {
  it('is a service principal without an application, and is seeded once', async () => {
    expect(principal).toMatchObject({
      displayName: 'crm-jobs',
      alternativeNames: ['isExplicit=True', expect.stringMatching(/userAssignedIdentities\/crm-jobs$/)],
      servicePrincipalNames: [principal.appId],
    })
    expectStatus(await at.graph('GET', `/applications(appId='${principal.appId}')`), 404)
    expect(at.tenant.control.seed(seed)).toEqual([])
  })

  it('is granted app roles like any other, read from both ends', async () => {
    const graph = expectStatus(
      await at.graph('GET', `/servicePrincipals(appId='${MICROSOFT_GRAPH_APP_ID}')`),
      200,
    )
    const role = (value: string) => graph.appRoles.find((each: Answer) => each.value === value).id
    const path = `/servicePrincipals/${principal.id}/appRoleAssignments`
    const body = { principalId: principal.id, resourceId: graph.id, appRoleId: role('Group.Read.All') }
    expectStatus(await at.graph('POST', path, body), 201)
    const granted = (await at.graph('GET', path)).json.value
    expect(granted.map(({ appRoleId }: Answer) => appRoleId)).toEqual([
      role('User.Read.All'),
      role('Group.Read.All'),
    ])
    expect(granted[0]).toMatchObject({
      principalDisplayName: 'crm-jobs',
      resourceDisplayName: 'Microsoft Graph',
    })
    const other = (await at.graph('GET', `/servicePrincipals/${graph.id}/appRoleAssignedTo`)).json.value
    expect(other.filter(({ principalId }: Answer) => principalId === principal.id)).toHaveLength(2)
  })

  it('can neither be deleted by Graph nor sign in by a secret', async () => {
    expectStatus(await at.graph('DELETE', `/servicePrincipals/${principal.id}`), 403)
    const form = {
      grant_type: 'client_credentials',
      client_id: principal.appId,
      client_secret: 'guess',
      scope: `${at.tenant.graphUrl}/.default`,
    }
    expect((await at.requestToken(form)).json.error_codes).toEqual([700016])
  })
})
