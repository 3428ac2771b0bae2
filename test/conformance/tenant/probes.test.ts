import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_PROBES } from '../../../scripts/proof/checks/default-probes.ts'
import { expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

describe('the read that tries out a permission', () => {
  it.each(Object.entries(DEFAULT_PROBES))('%s works with it alone', async (permission, { path }) => {
    const token = await at.token(await at.client([permission]))
    const answer = expectStatus(await at.graph('GET', path, undefined, token), 200)
    expect(answer['@odata.context']).toContain('$metadata#')
  })

  it('is refused without it', async () => {
    const token = await at.token(await at.client([]))
    for (const { path } of Object.values(DEFAULT_PROBES)) {
      expectStatus(await at.graph('GET', path, undefined, token), 403)
    }
  })
})

describe('the root site', () => {
  it('has a document library with a drive like any other', async () => {
    const token = await at.token(await at.client(['Sites.Read.All']))
    const get = async (path: string) => expectStatus(await at.graph('GET', path, undefined, token), 200)
    const site = await get('/sites/root')
    expect(site).toMatchObject({
      id: expect.stringMatching(/^contoso\.sharepoint\.com,[0-9a-f-]{36},[0-9a-f-]{36}$/),
      siteCollection: { hostname: 'contoso.sharepoint.com' },
      root: {},
    })
    expect(await get(`/sites/${site.id}`)).toEqual(site)
    const drive = await get('/sites/root/drive')
    expect(drive).toMatchObject({ driveType: 'documentLibrary', name: 'Documents' })
    expect((await get('/sites/root/drive/root/children')).value).toMatchObject([{ name: 'Handbook.docx' }])
    expect((await get(`/drives/${drive.id}/root`)).parentReference.driveType).toBe('documentLibrary')
  })
})
