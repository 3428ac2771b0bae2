import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

// What recordings of the real service show, and clients have to live with.

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

const role = (value: string, isEnabled: unknown = true) => ({
  id: randomUUID(),
  allowedMemberTypes: ['Application'],
  description: value,
  displayName: value,
  isEnabled,
  value,
})

const create = async (more: object) =>
  expectStatus(await at.graph('POST', '/applications', { displayName: 'recorded', ...more }), 201)

describe('an application', () => {
  it('has its lists in another order when it is read', async () => {
    const written = {
      web: { redirectUris: ['https://b/', 'https://a/', 'https://c/'] },
      appRoles: [role('Beta'), role('Alpha')],
      requiredResourceAccess: [
        { resourceAppId: MICROSOFT_GRAPH_APP_ID, resourceAccess: [] },
        { resourceAppId: randomUUID(), resourceAccess: [] },
      ],
    }
    const made = await create(written)
    expect(made.web.redirectUris).toEqual(written.web.redirectUris)
    expect(made.appRoles).toMatchObject(written.appRoles)
    const [listed] = expectStatus(
      await at.graph('GET', `/applications?$filter=id%20eq%20'${made.id}'`),
      200,
    ).value
    for (const read of [listed, expectStatus(await at.graph('GET', `/applications/${made.id}`), 200)]) {
      expect(read.web.redirectUris).toEqual(written.web.redirectUris.toReversed())
      expect(read.appRoles).toEqual(made.appRoles.toReversed())
      expect(read.requiredResourceAccess).toEqual(made.requiredResourceAccess.toReversed())
    }
  })

  it('has its newest secret first', async () => {
    const { id } = await create({})
    for (const displayName of ['first', 'second', 'third']) {
      expectStatus(
        await at.graph('POST', `/applications/${id}/addPassword`, { passwordCredential: { displayName } }),
        200,
      )
    }
    const { passwordCredentials } = expectStatus(await at.graph('GET', `/applications/${id}`), 200)
    expect(passwordCredentials.map((each: Answer) => each.displayName)).toEqual(['third', 'second', 'first'])
  })

  it('takes "isEnabled" of a role as text, and no other flag', async () => {
    const { appRoles } = await create({ appRoles: [role('On', 'true'), role('Off', 'False')] })
    expect(appRoles.map((each: Answer) => each.isEnabled)).toEqual([true, false])
    for (const body of [{ isFallbackPublicClient: 'true' }, { appRoles: [role('Odd', 'yes')] }]) {
      expectStatus(await at.graph('POST', '/applications', { displayName: 'text', ...body }), 400)
    }
  })

  it('takes nativeAuthenticationApisEnabled', async () => {
    const { id } = await create({ nativeAuthenticationApisEnabled: 'all' })
    expect((await at.graph('GET', `/applications/${id}`)).json.nativeAuthenticationApisEnabled).toBe('all')
    expectStatus(
      await at.graph('PATCH', `/applications/${id}`, { nativeAuthenticationApisEnabled: 'some' }),
      400,
    )
  })
})

describe('a service principal of Microsoft', () => {
  it('has the objects of an application, with null members', async () => {
    const principal = expectStatus(
      await at.graph('GET', `/servicePrincipals(appId='${MICROSOFT_GRAPH_APP_ID}')`),
      200,
    )
    expect(principal.info).toEqual({
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    })
    expect(principal.verifiedPublisher).toEqual({
      displayName: null,
      verifiedPublisherId: null,
      addedDateTime: null,
    })
  })
})

describe('every answer of Graph', () => {
  it.each([
    ['GET', '/applications', 200],
    ['GET', '/applications/none', 404],
    ['GET', '/planner/tasks', 501],
  ])('carries the headers of the service: %s %s', async (method, path, status) => {
    const answer = await at.graph(method, path)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({ 'odata-version': '4.0', 'cache-control': 'no-cache' })
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d+$/)
  })

  it('leaves the connection open for longer than clients do', async () => {
    const { headers } = await at.send('GET', '/metadata/endpoints', { headers: { connection: 'keep-alive' } })
    expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])).toBeGreaterThan(90)
  })

  it('and of no other endpoint', async () => {
    const { headers } = await at.send('GET', '/metadata/endpoints')
    expect(headers).not.toHaveProperty('odata-version')
  })
})
