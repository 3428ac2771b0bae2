import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAST_PRIVILEGE_DEPLOYER_ROLES } from '../../../tenant/index.ts'
import { expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
/** Of a caller that may do nothing with these sets. */
let stranger: string

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      ...LEAST_PRIVILEGE_DEPLOYER_ROLES,
      'Application.ReadWrite.All',
      'Policy.Read.All',
      'Policy.ReadWrite.ApplicationConfiguration',
    ],
  })
  stranger = await at.token(await at.client(['User.Read.All']))
})
afterAll(() => at.close())

const definition = ['{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true"}}']

/** Sets that are read and written as their table says: where, what is sent, what a PATCH changes. */
const SETS: readonly (readonly [address: string, body: object, change: object])[] = [
  ['/policies/claimsMappingPolicies', { displayName: 'one', definition }, { displayName: 'two' }],
  [
    '/policies/homeRealmDiscoveryPolicies',
    { displayName: 'one', definition },
    { isOrganizationDefault: true },
  ],
  ['/policies/tokenIssuancePolicies', { displayName: 'one', definition }, { description: 'text' }],
  ['/policies/tokenLifetimePolicies', { displayName: 'one', definition }, { definition: ['{}'] }],
]

describe.each(SETS)('%s', (address, body, change) => {
  it('is made, read, listed, changed and deleted', async () => {
    const made = expectStatus(await at.graph('POST', address, body), 201)
    expect(made).toMatchObject(body)
    const one = `${address}/${made.id}`
    const { '@odata.context': _context, ...read } = expectStatus(await at.graph('GET', one), 200)
    expect(made).toMatchObject(read)
    const { value } = expectStatus(await at.graph('GET', address), 200)
    expect(value.map(({ id }: { id: string }) => id)).toContain(made.id)
    expectStatus(await at.graph('PATCH', one, change), 204)
    expect((await at.graph('GET', one)).json).toMatchObject({ ...body, ...change })
    expectStatus(await at.graph('DELETE', one), 204)
    expectStatus(await at.graph('GET', one), 404)
  })

  it('refuses a property that it does not have, and a caller without a permission for it', async () => {
    expectStatus(await at.graph('POST', address, { ...body, colour: 'red' }), 400)
    expectStatus(await at.graph('GET', address, undefined, stranger), 403)
    expectStatus(await at.graph('POST', address, body, stranger), 403)
  })
})

describe('policies for tokens', () => {
  it('are assigned to service principals, and leave them when they are deleted', async () => {
    const policy = expectStatus(
      await at.graph('POST', '/policies/claimsMappingPolicies', { displayName: 'mapping', definition }),
      201,
    )
    const { servicePrincipal } = await at.client([])
    const assigned = `/servicePrincipals/${servicePrincipal.id}/claimsMappingPolicies`
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${policy.id}` }
    expectStatus(await at.graph('POST', `${assigned}/$ref`, reference), 204)
    expectStatus(await at.graph('POST', `${assigned}/$ref`, reference), 400)
    expect((await at.graph('GET', assigned)).json.value).toMatchObject([{ id: policy.id, definition }])
    const appliesTo = `/policies/claimsMappingPolicies/${policy.id}/appliesTo`
    expect((await at.graph('GET', appliesTo)).json.value).toMatchObject([{ id: servicePrincipal.id }])
    expectStatus(await at.graph('DELETE', `${assigned}/${policy.id}/$ref`), 204)
    expect((await at.graph('GET', assigned)).json.value).toEqual([])
    expectStatus(await at.graph('POST', `${assigned}/$ref`, reference), 204)
    expectStatus(await at.graph('DELETE', `/policies/claimsMappingPolicies/${policy.id}`), 204)
    expect((await at.graph('GET', assigned)).json.value).toEqual([])
  })
})
