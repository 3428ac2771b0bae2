import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { type Answer, expectStatus, openTenant, type TestClient, type TestTenant } from './client.ts'

const HOST = 'contoso.sharepoint.com'

let at: TestTenant
let finance: Answer
let projects: Answer

beforeAll(async () => {
  at = await openTenant({ deployerRoles: [...LEAST_PRIVILEGE_DEPLOYER_ROLES, 'Sites.FullControl.All'] })
  finance = expectStatus(await at.graph('GET', `/sites/${HOST}:/sites/finance`), 200)
  projects = expectStatus(await at.graph('GET', `/sites/${HOST}:/sites/projects:/`), 200)
})
afterAll(() => at.close())

const grant = (site: Answer, client: TestClient, roles: readonly string[]) =>
  at.graph('POST', `/sites/${site.id}/permissions`, {
    roles,
    grantedToIdentities: [{ application: { id: client.clientId, displayName: 'files' } }],
  })

describe('a site', () => {
  it('is found by id, by path, and the root by its host name', async () => {
    expect(finance).toMatchObject({ displayName: 'Finance', webUrl: `https://${HOST}/sites/finance` })
    expect(finance.id).toMatch(new RegExp(`^${HOST},[0-9a-f-]{36},[0-9a-f-]{36}$`))
    expect(await at.graph('GET', `/sites/${finance.id}`)).toMatchObject({ json: { id: finance.id } })
    const { json: root } = await at.graph('GET', '/sites/root')
    expect((await at.graph('GET', `/sites/${HOST}`)).json).toMatchObject({ id: root.id })
    expect((await at.graph('GET', `/sites/${HOST}:/sites/finance:/drive`)).json).toMatchObject({
      driveType: 'documentLibrary',
      webUrl: expect.stringContaining('/sites/finance/'),
    })
    expectStatus(await at.graph('GET', `/sites/${HOST}:/sites/nowhere`), 404)
    expect((await at.graph('GET', '/sites')).json.value).toHaveLength(3)
  })
})

describe('a permission on a site', () => {
  it('is made, listed without its roles, read with them, changed and deleted', async () => {
    const client = await at.client([])
    const made = expectStatus(await grant(finance, client, ['read']), 201)
    const granted = {
      grantedToIdentitiesV2: [{ application: { id: client.clientId, displayName: 'files' } }],
    }
    expect(made).toMatchObject({ ...granted, roles: ['read'] })
    const permissions = `/sites/${finance.id}/permissions`
    const { value } = expectStatus(await at.graph('GET', `/sites/${HOST}:/sites/finance:/permissions`), 200)
    const [listed] = value.filter(({ id }: Answer) => id === made.id)
    expect(listed).toMatchObject(granted)
    expect(listed).not.toHaveProperty('roles')
    const one = `${permissions}/${made.id}`
    expect((await at.graph('GET', one)).json.roles).toEqual(['read'])
    expect(expectStatus(await at.graph('PATCH', one, { roles: ['write'] }), 200)).toMatchObject({
      roles: ['write'],
    })
    expect((await at.graph('GET', one)).json.roles).toEqual(['write'])
    expectStatus(await at.graph('GET', `/sites/${projects.id}/permissions/${made.id}`), 404)
    expect(expectStatus(await grant(finance, client, ['fullcontrol']), 201).id).toBe(made.id)
    expectStatus(await at.graph('DELETE', one), 204)
    expectStatus(await at.graph('GET', one), 404)
  })

  it('is refused without roles, for other roles, and for anything but one application', async () => {
    const client = await at.client([])
    expectStatus(await grant(finance, client, []), 400)
    expectStatus(await grant(finance, client, ['owner']), 400)
    expectStatus(await at.graph('POST', `/sites/${finance.id}/permissions`, { roles: ['read'] }), 400)
    const token = await at.token(await at.client(['Sites.ReadWrite.All']))
    expectStatus(await at.graph('GET', `/sites/${finance.id}/permissions`, undefined, token), 403)
  })
})

describe('Sites.Selected', () => {
  it('opens the sites that grant it, for as long as they do, and no other', async () => {
    const client = await at.client(['Sites.Selected'])
    const token = await at.token(client)
    const status = async (path: string) => (await at.graph('GET', path, undefined, token)).status
    const paths = async (site: Answer) => {
      const { json: drive } = await at.graph('GET', `/sites/${site.id}/drive`)
      return [
        `/sites/${site.id}`,
        `/sites/${HOST}:/sites/${site.name}`,
        `/sites/${site.id}/drive/root/children`,
        `/drives/${drive.id}/root/children`,
      ]
    }
    const all = async (site: Answer) => Promise.all((await paths(site)).map(status))
    expect(await all(finance)).toEqual([403, 403, 403, 403])
    const made = expectStatus(await grant(finance, client, ['read']), 201)
    expect(await all(finance)).toEqual([200, 200, 200, 200])
    expect(await all(projects)).toEqual([403, 403, 403, 403])
    expect(await status('/sites')).toBe(403)
    expect(await status(`/sites/${HOST}:/sites/nowhere`)).toBe(404)
    expect(await status('/users/ada@contoso.onmicrosoft.com/drive')).toBe(403)
    expectStatus(await at.graph('DELETE', `/sites/${finance.id}/permissions/${made.id}`), 204)
    expect(await all(finance)).toEqual([403, 403, 403, 403])
  })

  it('is not had by the grant of a site alone', async () => {
    const client = await at.client([])
    expectStatus(await grant(finance, client, ['read']), 201)
    const token = await at.token(client)
    expectStatus(await at.graph('GET', `/sites/${finance.id}`, undefined, token), 403)
  })
})
