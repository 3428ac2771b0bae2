import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Answer, clientCredentials, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'Directory.Read.All',
      'User.ReadWrite.All',
      'Group.ReadWrite.All',
    ],
  })
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

const remove = async (path: string): Promise<unknown> => expectStatus(await at.graph('DELETE', path), 204)

const restore = (id: string) => at.graph('POST', `/directory/deletedItems/${id}/restore`)

describe('a deleted application', () => {
  it('comes back with its service principal, its grants and its secrets', async () => {
    const client = await at.client(['User.Read.All'])
    const { application, servicePrincipal } = client
    await remove(`/applications/${application.id}`)
    expectStatus(await at.graph('GET', `/servicePrincipals/${servicePrincipal.id}`), 404)
    const form = clientCredentials(client.clientId, client.secret, at.tenant.graphUrl)
    expect((await at.requestToken(form)).json.error_codes).toEqual([700016])

    const deleted = await get(`/directory/deletedItems/${application.id}`)
    expect(deleted).toMatchObject({ '@odata.type': '#microsoft.graph.application', appId: client.clientId })
    expect(deleted.deletedDateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const principals = await get('/directory/deletedItems/microsoft.graph.servicePrincipal')
    expect(principals['@odata.context']).toContain('#servicePrincipals')
    expect(principals.value).toMatchObject([
      { id: servicePrincipal.id, displayName: servicePrincipal.displayName },
    ])
    expect(expectStatus(await restore(servicePrincipal.id), 400).error.message).toContain(
      'restore the application',
    )

    expect(expectStatus(await restore(application.id), 200)).toMatchObject({
      id: application.id,
      deletedDateTime: null,
    })
    expectStatus(await at.requestToken(form), 200)
    const path = `/servicePrincipals/${servicePrincipal.id}`
    expect((await get(path)).deletedDateTime).toBeNull()
    expect((await get(`${path}/appRoleAssignments`)).value).toHaveLength(1)
    expectStatus(await restore(application.id), 404)
  })

  it('is gone for good once purged, its service principal too', async () => {
    const { application, servicePrincipal } = await at.client([])
    await remove(`/applications/${application.id}`)
    await remove(`/directory/deletedItems/${application.id}`)
    for (const { id } of [application, servicePrincipal]) {
      expectStatus(await restore(id), 404)
      expectStatus(await at.graph('DELETE', `/directory/deletedItems/${id}`), 404)
    }
  })

  it('cannot come back under a name that another has now', async () => {
    const body = { displayName: 'named', uniqueName: 'taken' }
    const first = expectStatus(await at.graph('POST', '/applications', body), 201)
    await remove(`/applications/${first.id}`)
    expectStatus(await at.graph('POST', '/applications', body), 201)
    expect(expectStatus(await restore(first.id), 400).error.details[0].code).toBe('ObjectConflict')
  })
})

describe('a deleted service principal', () => {
  it('comes back alone, when its application is there', async () => {
    const { servicePrincipal } = await at.client([])
    await remove(`/servicePrincipals/${servicePrincipal.id}`)
    expectStatus(await restore(servicePrincipal.id), 200)
    expect((await get(`/servicePrincipals/${servicePrincipal.id}`)).appId).toBe(servicePrincipal.appId)
  })

  it('cannot come back when the application has another one', async () => {
    const { servicePrincipal } = await at.client([])
    await remove(`/servicePrincipals/${servicePrincipal.id}`)
    expectStatus(await at.graph('POST', '/servicePrincipals', { appId: servicePrincipal.appId }), 201)
    expectStatus(await restore(servicePrincipal.id), 400)
  })

  it('is never one of Microsoft’s own', async () => {
    const path = `/servicePrincipals(appId='${MICROSOFT_GRAPH_APP_ID}')`
    expectStatus(await at.graph('DELETE', path), 403)
  })
})

describe('deleted items', () => {
  it('last 30 days by the tenant’s clock', async () => {
    const one = expectStatus(await at.graph('POST', '/applications', { displayName: 'short' }), 201)
    await remove(`/applications/${one.id}`)
    at.tenant.control.clock.advance('29d')
    const token = await at.token()
    const ask = (method: string, path: string) => at.graph(method, path, undefined, token)
    expectStatus(await ask('GET', `/directory/deletedItems/${one.id}`), 200)
    at.tenant.control.clock.advance('2d')
    const later = await at.token()
    expectStatus(await at.graph('GET', `/directory/deletedItems/${one.id}`, undefined, later), 404)
    expectStatus(await at.graph('POST', `/directory/deletedItems/${one.id}/restore`, undefined, later), 404)
  })

  it('keep Microsoft 365 groups and users, and no security groups', async () => {
    const token = await at.token()
    const make = async (mailNickname: string, more: object) => {
      const body = {
        displayName: mailNickname,
        mailNickname,
        securityEnabled: true,
        mailEnabled: false,
        ...more,
      }
      const { id } = expectStatus(await at.graph('POST', '/groups', body, token), 201)
      expectStatus(await at.graph('DELETE', `/groups/${id}`, undefined, token), 204)
      return id
    }
    await make('security', {})
    const unified = await make('unified', { groupTypes: ['Unified'], mailEnabled: true })
    const path = '/directory/deletedItems/microsoft.graph.group'
    const { value } = expectStatus(await at.graph('GET', path, undefined, token), 200)
    expect(value.map((each: Answer) => each.id)).toEqual([unified])
  })

  it('are restored and purged only by who may write their kind', async () => {
    const token = await at.token()
    const one = expectStatus(await at.graph('POST', '/applications', { displayName: 'kept' }, token), 201)
    expectStatus(await at.graph('DELETE', `/applications/${one.id}`, undefined, token), 204)
    const client = await createWith(['User.ReadWrite.All'], token)
    for (const [method, path] of [
      ['POST', `/directory/deletedItems/${one.id}/restore`],
      ['DELETE', `/directory/deletedItems/${one.id}`],
    ] as const) {
      expectStatus(await at.graph(method, path, undefined, client), 403)
    }
  })
})

/** A token of a new client; the deployer's first token has expired with the clock. */
async function createWith(roles: readonly string[], token: string): Promise<string> {
  const graph = (method: string, path: string, body?: object) => at.graph(method, path, body, token)
  const app = expectStatus(await graph('POST', '/applications', { displayName: 'other' }), 201)
  const sp = expectStatus(await graph('POST', '/servicePrincipals', { appId: app.appId }), 201)
  const { secretText } = expectStatus(await graph('POST', `/applications/${app.id}/addPassword`, {}), 200)
  const resource = expectStatus(
    await graph('GET', `/servicePrincipals(appId='${MICROSOFT_GRAPH_APP_ID}')`),
    200,
  )
  for (const role of roles) {
    const appRoleId = resource.appRoles.find(({ value }: Answer) => value === role).id
    const body = { principalId: sp.id, resourceId: resource.id, appRoleId }
    expectStatus(await graph('POST', `/servicePrincipals/${sp.id}/appRoleAssignments`, body), 201)
  }
  return at.token({ clientId: app.appId, secret: secretText })
}
