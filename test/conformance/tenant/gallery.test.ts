import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const CUSTOM = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'

/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

describe('an application template', () => {
  it('makes an application and its service principal', async () => {
    const [template] = (await get("/applicationTemplates?$filter=displayName%20eq%20'Custom'")).value
    expect(template.id).toBe(CUSTOM)
    const made = expectStatus(
      await at.graph('POST', `/applicationTemplates/${CUSTOM}/instantiate`, {
        displayName: 'From a template',
      }),
      201,
    )
    const filter = `applicationTemplateId eq '${CUSTOM}' and displayName eq 'From a template'`
    const found = await get(`/applications?$filter=${encodeURIComponent(filter)}`)
    expect(found.value).toMatchObject([{ id: made.application.id, appId: made.application.appId }])
    expect(await get(`/servicePrincipals/${made.servicePrincipal.id}`)).toMatchObject({
      appId: made.application.appId,
      applicationTemplateId: CUSTOM,
    })
  })

  it('brings its app roles and its home page', async () => {
    const [template] = (await get("/applicationTemplates?$filter=displayName%20eq%20'Marketo'")).value
    expect(template).not.toHaveProperty('appRoles')
    const path = `/applicationTemplates/${template.id}/instantiate`
    const made = expectStatus(await at.graph('POST', path, { displayName: 'Leads' }), 201)
    const [appRole] = (await get(`/applications/${made.application.id}`)).appRoles
    expect(appRole).toMatchObject({ id: 'dfd0e7dd-26fb-4b2c-98d2-e444486c1e37', isEnabled: true })
    expect(await get(`/servicePrincipals/${made.servicePrincipal.id}`)).toMatchObject({
      homepage: template.homePageUrl,
      appRoles: [{ id: appRole.id }],
    })
  })

  it('belongs with both its objects to who makes it, so that OwnedBy is enough to set it up', async () => {
    const path = `/applicationTemplates/${CUSTOM}/instantiate`
    const made = expectStatus(await at.graph('POST', path, { displayName: 'Own' }), 201)
    const owner = { id: at.tenant.deployer.objectId }
    expect((await get(`/applications/${made.application.id}/owners`)).value).toMatchObject([owner])
    expect((await get(`/servicePrincipals/${made.servicePrincipal.id}/owners`)).value).toMatchObject([owner])
  })

  it('that is not there makes nothing, and a nameless application is refused', async () => {
    const path = '/applicationTemplates/00000000-0000-4000-8000-000000000000/instantiate'
    expectStatus(await at.graph('POST', path, { displayName: 'x' }), 404)
    expectStatus(await at.graph('POST', `/applicationTemplates/${CUSTOM}/instantiate`, {}), 400)
  })
})

describe('a logo', () => {
  it('is taken as an image and given back', async () => {
    const app = expectStatus(await at.graph('POST', '/applications', { displayName: 'Branded' }), 201)
    expect(app.info.logoUrl).toBeNull()
    const path = `/v1.0/applications/${app.id}/logo`
    expect((await sendBytes('PUT', path, PIXEL)).status).toBe(204)
    expect((await get(`/applications/${app.id}`)).info.logoUrl).toContain(app.id)
    const logo = await sendBytes('GET', path)
    expect([logo.type, logo.body.equals(PIXEL)]).toEqual(['image/png', true])
  })

  it('is refused when it is not an image, and 404 when there is none', async () => {
    const app = expectStatus(await at.graph('POST', '/applications', { displayName: 'Plain' }), 201)
    const path = `/v1.0/applications/${app.id}/logo`
    expect((await sendBytes('PUT', path, Buffer.from('hello'))).status).toBe(400)
    expect((await sendBytes('PUT', path, Buffer.concat([PIXEL, Buffer.alloc(200_000)]))).status).toBe(400)
    expectStatus(await at.graph('PUT', `/applications/${app.id}/logo`, {}), 400)
    expectStatus(await at.graph('GET', `/applications/${app.id}/logo`), 404)
  })
})

async function sendBytes(method: string, path: string, body?: Buffer) {
  const token = await at.token()
  return new Promise<{ status: number; type: string | undefined; body: Buffer }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'image/png' }) }
    const { port, caPem: ca } = at.tenant
    const outgoing = request(
      { host: 'localhost', port, ca, method, path, agent: false, headers },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'],
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
