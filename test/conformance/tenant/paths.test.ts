import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../../tenant/graph/routes.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
let user: Answer
let group: Answer
let application: Answer

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'Directory.ReadWrite.All',
      'User.ReadWrite.All',
      'Group.ReadWrite.All',
    ],
  })
  const body = { displayName: 'Crew', mailEnabled: false, mailNickname: 'crew', securityEnabled: true }
  group = expectStatus(await at.graph('POST', '/groups', body), 201)
  application = expectStatus(await at.graph('POST', '/applications', { displayName: 'Cast' }), 201)
  user = (await get('/users')).value[0]
  for (const id of [user.id, at.tenant.deployer.objectId]) {
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${id}` }
    expectStatus(await at.graph('POST', `/groups/${group.id}/members/$ref`, reference), 204)
  }
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

const ids = ({ value }: Answer): string[] => value.map(({ id }: Answer) => id)

describe('other paths that clients ask', () => {
  it('has one property of an object: CLI for Microsoft 365 reads roles and scopes so', async () => {
    const appRole = {
      id: '0b5a4f3e-5c2c-4a0a-9d6e-2d6d1f6f2a11',
      allowedMemberTypes: ['Application'],
      description: 'Reads files',
      displayName: 'Reader',
      isEnabled: true,
      value: 'Files.Read',
    }
    expectStatus(await at.graph('PATCH', `/applications/${application.id}`, { appRoles: [appRole] }), 204)
    const { value, ...rest } = await get(`/applications/${application.id}/appRoles`)
    expect(value).toMatchObject([appRole])
    const context = `${at.tenant.url}/v1.0/$metadata#applications('${application.id}')/appRoles`
    expect(rest).toEqual({ '@odata.context': context })
    const graph = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')"
    const { appRoles, oauth2PermissionScopes } = await get(graph)
    expect((await get(`${graph}/appRoles`)).value).toEqual(appRoles)
    expect((await get(`${graph}/oauth2PermissionScopes`)).value).toEqual(oauth2PermissionScopes)
    expectStatus(await at.graph('GET', `/servicePrincipals/${user.id}/appRoles`), 404)
  })

  it('may be named with the own tenant before it', async () => {
    expect(await get(`/myorganization/applications/${application.id}`)).toMatchObject({ displayName: 'Cast' })
    expect((await at.graph('GET', '/beta/myorganization/users')).status).toBe(200)
  })
})

describe('a type in a path', () => {
  it.each(['microsoft.graph.', 'graph.', 'Microsoft.Graph.'])(
    'narrows objects of any kind: %s',
    async (prefix) => {
      const members = `/groups/${group.id}/members`
      expect(ids(await get(`${members}/${prefix}user`))).toEqual([user.id])
      expect(ids(await get(`${members}/${prefix}servicePrincipal`))).toEqual([at.tenant.deployer.objectId])
      expect(ids(await get(`${members}/${prefix}device`))).toEqual([])
      const context = (await get(`${members}/${prefix}user`))['@odata.context']
      expect(context).toBe(`${at.tenant.url}/v1.0/$metadata#users`)
      expect(ids(await get(`/users/${user.id}/transitiveMemberOf/${prefix}group`))).toEqual([group.id])
      expect(ids(await get(`/users/${user.id}/memberOf/${prefix}directoryRole`))).toEqual([])
      expect(ids(await get(`/applications/${application.id}/owners/${prefix}user`))).toEqual([])
      expect(ids(await get(`/directory/deletedItems/${prefix}application`))).toEqual([])
    },
  )

  it('takes the query options of its kind, and is counted', async () => {
    const path = `/groups/${group.id}/members/microsoft.graph.user`
    const selected = await get(`${path}?$select=displayName&$filter=id%20eq%20%27${user.id}%27`)
    expect(selected.value).toEqual([{ displayName: user.displayName }])
    const headers = { authorization: `Bearer ${await at.token()}`, consistencylevel: 'eventual' }
    expect((await at.send('GET', `/v1.0${path}/$count`, { headers })).text).toBe('1')
  })
})

/** What may stand in the place of a key without being one. */
const notKeys = fc.oneof(
  fc.constantFrom(
    'delta',
    'DELTA()',
    '$value',
    '$links',
    'microsoft.graph.getManagedDevices',
    'microsoft.graph.device',
    'graph.contract',
  ),
  fc.stringMatching(/^[a-zA-Z]{1,12}\((x=[a-z0-9]{1,5})?\)$/),
  fc.stringMatching(/^(microsoft\.)?graph\.[a-zA-Z]{1,12}$/),
)

describe('whatever is not served', () => {
  it('says so and is noted as a gap, where a key could stand too', async () => {
    const token = await at.token()
    const templates = routes.filter(({ path }) => path.includes('{'))
    const keys = { user: user.id, group: group.id, application: application.id }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...templates), notKeys, fc.nat(), async (route, other, place) => {
        const slots = [...route.path.matchAll(/\/\{\w+\}/g)]
        const slot = slots[place % slots.length]?.[0] ?? ''
        const filled = route.path
          .replace(slot, `/${other}`)
          .replaceAll(/\{\w+\}/g, keys[route.path.startsWith('/groups') ? 'group' : 'application'])
        // A type behind members is served: it narrows their list.
        fc.pre(!(route.method === 'GET' && /\/members\/(microsoft\.)?graph\.\w+$/i.test(filled)))
        const answer = await at.graph(route.method, filled, route.method === 'GET' ? undefined : {}, token)
        const latest = at.tenant.control.requests({ limit: 1 })[0]
        const said = `${route.method} ${filled}: ${answer.status} ${answer.text.slice(0, 200)}`
        if (answer.status === 200) expect(filled, said).toMatch(/\/delta(\(\))?$/i)
        else {
          expect(answer.status, said).toBe(501)
          expect(latest?.gap, said).toContain('does not implement')
        }
      }),
      { numRuns: 150 },
    )
  }, 120_000)
})
