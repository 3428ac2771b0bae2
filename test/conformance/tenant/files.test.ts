import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'User.Read.All',
      'Files.Read.All',
      'Directory.Read.All',
      'Organization.Read.All',
      'Domain.Read.All',
    ],
  })
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

describe('users', () => {
  it('are three, with the members that Graph returns by default', async () => {
    const { value } = await get('/users')
    expect(value.map((each: Answer) => each.userPrincipalName)).toEqual(
      ['ada', 'grace', 'linus'].map((alias) => `${alias}@contoso.onmicrosoft.com`),
    )
    expect(Object.keys(value[0]).sort()).toEqual([
      'businessPhones',
      'displayName',
      'givenName',
      'id',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ])
    expect((await get('/users?$top=1')).value).toHaveLength(1)
  })

  it('are found by id, by name, and by filter', async () => {
    const byName = await get('/users/Ada@Contoso.onmicrosoft.com?$select=id,department')
    expect(byName.department).toBe('Research')
    expect((await get(`/users/${byName.id}`)).displayName).toBe('Ada Lovelace')
    const filter = encodeURIComponent("userPrincipalName eq 'grace@contoso.onmicrosoft.com'")
    expect((await get(`/users?$filter=${filter}`)).value[0].givenName).toBe('Grace')
    expect((await at.graph('GET', '/users/nobody@contoso.onmicrosoft.com')).status).toBe(404)
  })
})

describe('drives', () => {
  it('lead from the user to the files, by both addresses', async () => {
    const user = '/users/ada@contoso.onmicrosoft.com'
    const drive = await get(`${user}/drive`)
    expect(drive).toMatchObject({
      driveType: 'business',
      name: 'OneDrive',
      quota: { state: 'normal' },
      owner: { user: { displayName: 'Ada Lovelace' } },
    })
    expect((await get(`${user}/drives`)).value.map((each: Answer) => each.id)).toEqual([drive.id])
    expect((await get(`/drives/${drive.id}`)).id).toBe(drive.id)
    for (const base of [`${user}/drive`, `/drives/${drive.id}`]) {
      const root = await get(`${base}/root`)
      expect(root).toMatchObject({ name: 'root', root: {}, folder: { childCount: 3 } })
      expect(root).not.toHaveProperty('file')
      const children = (await get(`${base}/root/children`)).value
      expect(children.map((each: Answer) => each.name)).toEqual(['Documents', 'Pictures', 'Budget.xlsx'])
      const [documents, , budget] = children
      expect(budget.file.mimeType).toContain('spreadsheetml')
      expect(budget).not.toHaveProperty('folder')
      const files = (await get(`${base}/items/${documents.id}/children`)).value
      expect(files.map((each: Answer) => each.name)).toEqual([
        'Analytical Engine.docx',
        'Notes on Bernoulli numbers.pdf',
      ])
      expect(documents.size).toBe(files.reduce((sum: number, each: Answer) => sum + each.size, 0))
      expect(files[0].parentReference).toMatchObject({
        driveId: drive.id,
        id: documents.id,
        path: `/drives/${drive.id}/root:/Documents`,
      })
      expect((await get(`${base}/items/${files[0].id}`)).name).toBe('Analytical Engine.docx')
      expect((await get(`${base}/items/${files[0].id}/children`)).value).toEqual([])
    }
  })

  it('do not show the items of another', async () => {
    const grace = await get('/users/grace@contoso.onmicrosoft.com/drive/root/children')
    const path = `/users/ada@contoso.onmicrosoft.com/drive/items/${grace.value[0].id}`
    expect((await at.graph('GET', path)).status).toBe(404)
  })
})

describe('the directory around them', () => {
  it('knows the organisation and its domain', async () => {
    expect((await get('/organization')).value).toEqual([
      expect.objectContaining({
        id: at.tenant.tenantId,
        displayName: 'Contoso',
        verifiedDomains: [expect.objectContaining({ name: 'contoso.onmicrosoft.com', isDefault: true })],
      }),
    ])
    expect((await get(`/organization/${at.tenant.tenantId}`)).id).toBe(at.tenant.tenantId)
    expect((await get('/domains')).value).toEqual([
      expect.objectContaining({
        id: 'contoso.onmicrosoft.com',
        isDefault: true,
        isInitial: true,
        isVerified: true,
        authenticationType: 'Managed',
      }),
    ])
    expect((await get('/domains/contoso.onmicrosoft.com')).isRoot).toBe(true)
  })

  it('names the kind of an object of which only the id is known', async () => {
    const { id } = await get('/users/linus@contoso.onmicrosoft.com')
    expect((await get(`/directoryObjects/${id}`))['@odata.type']).toBe('#microsoft.graph.user')
    const deployer = await get(`/directoryObjects/${at.tenant.deployer.objectId}`)
    expect(deployer).toMatchObject({
      '@odata.type': '#microsoft.graph.servicePrincipal',
      displayName: 'Deployer',
    })
    expect((await at.graph('GET', '/directoryObjects/ffffffff-0000-4000-8000-000000000000')).status).toBe(404)
  })

  it('refuses to be written to where only reading is served', async () => {
    expect((await at.graph('PATCH', '/organization/x', { displayName: 'x' })).status).toBe(501)
  })
})
