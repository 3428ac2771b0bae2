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
      'Policy.ReadWrite.ConditionalAccess',
      'AdministrativeUnit.ReadWrite.All',
      'RoleManagement.ReadWrite.Directory',
      'User.Invite.All',
      'User.ReadWrite.All',
      'Group.ReadWrite.All',
    ],
  })
  stranger = await at.token(await at.client(['User.Read.All']))
})
afterAll(() => at.close())

const definition = ['{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true"}}']

const policy = {
  displayName: 'MFA for all',
  state: 'enabledForReportingButNotEnforced',
  conditions: {
    clientAppTypes: ['all'],
    applications: { includeApplications: ['All'] },
    users: { includeUsers: ['All'], excludeUsers: ['GuestsOrExternalUsers'] },
    locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] },
  },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
  sessionControls: { signInFrequency: { value: 2, type: 'days', isEnabled: true } },
}

const rolePermissions = [{ allowedResourceActions: ['microsoft.directory/applications/basic/update'] }]

const ranges = [{ '@odata.type': '#microsoft.graph.iPv4CidrRange', cidrAddress: '6.5.4.0/24' }]
const ofIp = { '@odata.type': '#microsoft.graph.ipNamedLocation', displayName: 'Office', ipRanges: ranges }
const ofCountry = {
  '@odata.type': '#microsoft.graph.countryNamedLocation',
  displayName: 'Benelux',
  countriesAndRegions: ['NL', 'BE', 'LU'],
}

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
  ['/identity/conditionalAccess/policies', policy, { state: 'disabled' }],
  ['/identity/conditionalAccess/namedLocations', ofIp, { ...ofIp, isTrusted: true }],
  ['/identity/conditionalAccess/namedLocations', ofCountry, { displayName: 'Low countries' }],
  [
    '/policies/authenticationStrengthPolicies',
    { displayName: 'keys', allowedCombinations: ['fido2'] },
    { description: 'Keys only' },
  ],
  ['/directory/administrativeUnits', { displayName: 'North', visibility: 'Public' }, { description: 'text' }],
  [
    '/roleManagement/directory/roleDefinitions',
    { displayName: 'Updaters', isEnabled: true, rolePermissions, version: '1' },
    { isEnabled: false },
  ],
]

describe.each(SETS)('%s', (address, body, change) => {
  it('is made, read, listed, changed and deleted', async () => {
    const made = expectStatus(await at.graph('POST', address, body), 201)
    expect(made).toMatchObject(body)
    const one = `${address}/${made.id}`
    const { '@odata.context': _context, ...read } = expectStatus(await at.graph('GET', one), 200)
    expect(made).toMatchObject(read)
    const { value } = expectStatus(await at.graph('GET', `${address}?$top=999`), 200)
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

describe('a named location', () => {
  const path = '/identity/conditionalAccess/namedLocations'

  it('is of a kind, has its properties only, and stays of it', async () => {
    const made = expectStatus(await at.graph('POST', path, ofCountry), 201)
    expect(made).toMatchObject({ ...ofCountry, countryLookupMethod: 'clientIpAddress' })
    expect(made).not.toHaveProperty('ipRanges')
    expectStatus(await at.graph('POST', path, { displayName: 'none' }), 400)
    expectStatus(await at.graph('POST', path, { ...ofCountry, ipRanges: ranges }), 400)
    expectStatus(await at.graph('PATCH', `${path}/${made.id}`, { isTrusted: true }), 400)
    expectStatus(await at.graph('PATCH', `${path}/${made.id}`, { '@odata.type': ofIp['@odata.type'] }), 400)
  })
})

describe('an authentication strength', () => {
  it('gets other combinations by an action alone', async () => {
    const path = '/policies/authenticationStrengthPolicies'
    const body = { displayName: 'two', allowedCombinations: ['fido2'] }
    const made = expectStatus(await at.graph('POST', path, body), 201)
    const one = `${path}/${made.id}`
    const change = { allowedCombinations: ['fido2', 'x509CertificateMultiFactor'] }
    expectStatus(await at.graph('PATCH', one, change), 400)
    const answer = expectStatus(await at.graph('POST', `${one}/updateAllowedCombinations`, change), 200)
    expect(answer).toMatchObject({
      previousCombinations: ['fido2'],
      currentCombinations: change.allowedCombinations,
    })
    expect((await at.graph('GET', one)).json).toMatchObject(change)
  })
})

describe('an administrative unit', () => {
  const unit = async (displayName: string) =>
    expectStatus(await at.graph('POST', '/directory/administrativeUnits', { displayName }), 201)

  it('has members, which know it, and makes groups within it', async () => {
    const { id } = await unit('South')
    const [user] = (await at.graph('GET', '/users')).json.value
    const members = `/directory/administrativeUnits/${id}/members`
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${user.id}` }
    expectStatus(await at.graph('POST', `${members}/$ref`, reference), 204)
    expect((await at.graph('GET', `/users/${user.id}/memberOf`)).json.value).toContainEqual(
      expect.objectContaining({ '@odata.type': '#microsoft.graph.administrativeUnit', id }),
    )
    const body = { displayName: 'within', mailEnabled: false, mailNickname: 'within', securityEnabled: true }
    const typed = { '@odata.type': '#microsoft.graph.group', ...body }
    const group = expectStatus(await at.graph('POST', members, typed), 201)
    expect((await at.graph('GET', `/groups/${group.id}`)).json).toMatchObject(body)
    const ids = (await at.graph('GET', members)).json.value.map((each: { id: string }) => each.id)
    expect(ids.sort()).toEqual([user.id, group.id].sort())
    const { json } = await at.graph('POST', `/groups/${group.id}/getMemberGroups`, {
      securityEnabledOnly: false,
    })
    expect(json.value).toEqual([])
    expectStatus(await at.graph('DELETE', `${members}/${user.id}/$ref`), 204)
    expect((await at.graph('GET', members)).json.value).toMatchObject([{ id: group.id }])
  })

  it('gives a directory role over itself, and takes that with it', async () => {
    const { id } = await unit('West')
    const [user] = (await at.graph('GET', '/users')).json.value
    const [role] = (await at.graph('GET', '/directoryRoles')).json.value
    const scoped = `/directory/administrativeUnits/${id}/scopedRoleMembers`
    const body = { roleId: role.id, roleMemberInfo: { id: user.id } }
    const made = expectStatus(await at.graph('POST', scoped, { ...body, administrativeUnitId: id }), 201)
    expect(made).toMatchObject({
      ...body,
      administrativeUnitId: id,
      roleMemberInfo: { displayName: user.displayName },
    })
    expectStatus(await at.graph('POST', scoped, body), 400)
    expect((await at.graph('GET', `${scoped}/${made.id}`)).json).toMatchObject(body)
    expectStatus(await at.graph('DELETE', `${scoped}/${made.id}`), 204)
    expectStatus(await at.graph('POST', scoped, body), 201)
    expectStatus(await at.graph('DELETE', `/beta/administrativeUnits/${id}`), 204)
    expectStatus(await at.graph('GET', scoped), 404)
  })
})

describe('custom directory roles', () => {
  it('have their own ids for templates when none is named', async () => {
    const path = '/roleManagement/directory/roleDefinitions'
    const body = { displayName: 'one', isEnabled: true, rolePermissions, templateId: '' }
    const first = expectStatus(await at.graph('POST', path, body), 201)
    const second = expectStatus(await at.graph('POST', path, { ...body, displayName: 'two' }), 201)
    expect([first.templateId, second.templateId]).toEqual([first.id, second.id])
    expectStatus(await at.graph('POST', path, { ...body, templateId: first.id }), 400)
  })
})

describe('an invitation', () => {
  const body = {
    invitedUserEmailAddress: 'ada@fabrikam.example',
    inviteRedirectUrl: 'https://files.example.com',
  }

  it('makes a guest, once per address', async () => {
    const made = expectStatus(
      await at.graph('POST', '/invitations', { ...body, invitedUserDisplayName: 'Ada' }),
      201,
    )
    expect(made).toMatchObject({ ...body, status: 'PendingAcceptance', invitedUserType: 'Guest' })
    expect(URL.canParse(made.inviteRedeemUrl)).toBe(true)
    const select = '$select=displayName,mail,userType,creationType,externalUserState,userPrincipalName'
    expect((await at.graph('GET', `/users/${made.invitedUser.id}?${select}`)).json).toMatchObject({
      displayName: 'Ada',
      mail: body.invitedUserEmailAddress,
      userType: 'Guest',
      creationType: 'Invitation',
      externalUserState: 'PendingAcceptance',
      userPrincipalName: expect.stringContaining('ada_fabrikam.example#EXT#@'),
    })
    const again = expectStatus(await at.graph('POST', '/invitations', body), 201)
    expect(again.invitedUser.id).toBe(made.invitedUser.id)
    expectStatus(await at.graph('DELETE', `/users/${made.invitedUser.id}`), 204)
  })

  it.each([
    { ...body, invitedUserEmailAddress: 'ada' },
    { ...body, inviteRedirectUrl: '/back' },
    { inviteRedirectUrl: body.inviteRedirectUrl },
  ])('is refused for %j', async (wrong) => {
    expectStatus(await at.graph('POST', '/invitations', wrong), 400)
  })
})
