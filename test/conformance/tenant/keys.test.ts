import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
let app: Answer
let principal: Answer

beforeAll(async () => {
  at = await openTenant()
  app = expectStatus(await at.graph('POST', '/applications', { displayName: 'Keyed' }), 201)
  principal = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: app.appId }), 201)
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

async function upsert(path: string, body: object, prefer = 'create-if-missing') {
  const headers = { authorization: `Bearer ${await at.token()}`, prefer }
  return at.send('PATCH', `/v1.0${path}`, { body, headers })
}

describe('an alternate key', () => {
  it('finds applications and service principals by appId, spelled in any way', async () => {
    const quoted = [`appId='${app.appId}'`, `appId='${app.appId.toUpperCase()}'`, `appid=%27${app.appId}%27`]
    for (const key of quoted) {
      expect((await get(`/applications(${key})`)).id).toBe(app.id)
      expect((await get(`/servicePrincipals(${key})`)).id).toBe(principal.id)
    }
    expect((await get(`/applications('${app.id}')`)).id).toBe(app.id)
    expect((await get(`/applications(appId='${app.appId}')?$select=id`)).id).toBe(app.id)
  })

  it('works in the middle of a path, for changes, and in a batch', async () => {
    const path = `/applications(appId='${app.appId}')`
    expectStatus(await at.graph('PATCH', path, { notes: 'by key' }), 204)
    const secret = expectStatus(await at.graph('POST', `${path}/microsoft.graph.addPassword`, {}), 200)
    expect((await get(path)).passwordCredentials).toMatchObject([{ keyId: secret.keyId }])
    expect((await get(`${path}/owners`)).value).toMatchObject([{ id: at.tenant.deployer.objectId }])
    const requests = [{ id: '1', method: 'GET', url: path }]
    const batch = expectStatus(await at.graph('POST', '/$batch', { requests }), 200)
    expect(batch.responses[0].body.notes).toBe('by key')
  })

  it('is 404 when it names nothing, and no object id', async () => {
    expectStatus(await at.graph('GET', `/applications(appId='${app.id}')`), 404)
    expectStatus(await at.graph('GET', `/applications(displayName='Keyed')`), 404)
    expectStatus(await at.graph('GET', `/applications/${app.appId}`), 404)
  })

  it('lets Application.ReadWrite.OwnedBy act on what the caller owns and on nothing else', async () => {
    const token = await at.token(await at.client(['Application.ReadWrite.OwnedBy']))
    const path = `/applications(appId='${app.appId}')`
    expectStatus(await at.graph('PATCH', path, { notes: 'stolen' }, token), 403)
  })
})

describe('an upsert', () => {
  it('makes an application by uniqueName, then changes it', async () => {
    const path = `/applications(uniqueName='billing')`
    const made = expectStatus(await upsert(path, { displayName: 'Billing' }), 201)
    expect(made).toMatchObject({ displayName: 'Billing', uniqueName: 'billing' })
    expectStatus(await upsert(path, { displayName: 'Billing 2' }), 204)
    expect(await get(path)).toMatchObject({ id: made.id, displayName: 'Billing 2' })
    expectStatus(await at.graph('PATCH', `/applications/${made.id}`, { uniqueName: 'other' }), 400)
  })

  it('needs its header', async () => {
    const path = `/applications(uniqueName='absent')`
    expectStatus(await at.graph('PATCH', path, { displayName: 'x' }), 404)
    expectStatus(await upsert(path, { displayName: 'x' }, 'return=minimal'), 404)
  })

  it('gives a name once to an application that had none, and to no second one', async () => {
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (displayName) =>
        expectStatus(await at.graph('POST', '/applications', { displayName }), 201),
      ),
    )
    expectStatus(await at.graph('PATCH', `/applications/${one.id}`, { uniqueName: 'only' }), 204)
    expect((await get(`/applications(uniqueName='only')`)).id).toBe(one.id)
    const { error } = expectStatus(
      await at.graph('PATCH', `/applications/${two.id}`, { uniqueName: 'ONLY' }),
      409,
    )
    expect(error.code).toBe('Request_MultipleObjectsWithSameKeyValue')
  })

  it('makes service principals by appId and federated credentials by name', async () => {
    const other = expectStatus(await at.graph('POST', '/applications', { displayName: 'other' }), 201)
    const path = `/servicePrincipals(appId='${other.appId}')`
    expect(expectStatus(await upsert(path, {}), 201).appId).toBe(other.appId)
    expectStatus(await upsert(path, { notes: 'again' }), 204)
    const credential = `/applications/${other.id}/federatedIdentityCredentials(name='main')`
    const body = { issuer: 'https://issuer.example', subject: 's', audiences: ['api://AzureADTokenExchange'] }
    expect(expectStatus(await upsert(credential, body), 201).name).toBe('main')
    expectStatus(await upsert(credential, { ...body, subject: 't' }), 204)
    expect((await get(credential)).subject).toBe('t')
  })
})
