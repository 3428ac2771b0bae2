import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const DOMAIN = 'contoso.onmicrosoft.com'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'Directory.Read.All',
      'Directory.ReadWrite.All',
      'User.ReadWrite.All',
      'Group.ReadWrite.All',
    ],
  })
})
afterAll(() => at.close())

const get = async (path: string): Promise<Answer> => expectStatus(await at.graph('GET', path), 200)

const ref = (id: string): object => ({ '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${id}` })

function userBody(alias: string, more: object = {}): object {
  return {
    accountEnabled: true,
    displayName: `User ${alias}`,
    mailNickname: alias,
    userPrincipalName: `${alias}@${DOMAIN}`,
    passwordProfile: { password: 'Pa55word!', forceChangePasswordNextSignIn: false },
    ...more,
  }
}

async function newUser(alias: string, more: object = {}): Promise<Answer> {
  return expectStatus(await at.graph('POST', '/users', userBody(alias, more)), 201)
}

async function newGroup(mailNickname: string, more: object = {}): Promise<Answer> {
  const body = { displayName: mailNickname, mailNickname, mailEnabled: false, securityEnabled: true, ...more }
  return expectStatus(await at.graph('POST', '/groups', body), 201)
}

const ids = (answer: Answer): string[] => answer.value.map((each: Answer) => each.id)

describe('a user', () => {
  it('is made, found by id and name, changed and removed', async () => {
    const made = await newUser('mary', { department: 'Optics', businessPhones: ['2', '1'] })
    expect(made).toMatchObject({ userPrincipalName: `mary@${DOMAIN}`, businessPhones: ['2', '1'] })
    expect(made).not.toHaveProperty('passwordProfile')
    const select = '?$select=department,accountEnabled,passwordProfile,employeeOrgData'
    expect(await get(`/users/mary@${DOMAIN}${select}`)).toMatchObject({
      department: 'Optics',
      accountEnabled: true,
      passwordProfile: null,
      employeeOrgData: null,
    })
    expectStatus(await at.graph('PATCH', `/beta/users/${made.id}`, { showInAddressList: true }), 204)
    expectStatus(await at.graph('PATCH', `/users/${made.id}`, { city: 'Delft', department: null }), 204)
    expect(await get(`/users/${made.id}?$select=city,department,showInAddressList`)).toMatchObject({
      city: 'Delft',
      department: null,
      showInAddressList: true,
    })
    expectStatus(await at.graph('DELETE', `/users/${made.id}`), 204)
    expectStatus(await at.graph('GET', `/users/${made.id}`), 404)
  })

  it.each([
    ['without a password', { passwordProfile: null }, 'passwordProfile'],
    ['with a weak password', { passwordProfile: { password: 'password' } }, 'complexity'],
    ['in a domain of somebody else', { userPrincipalName: 'x@example.com' }, 'verified domain'],
    ['without a name', { displayName: '' }, 'displayName'],
    ['without saying whether it is enabled', { accountEnabled: undefined }, 'accountEnabled'],
    ['with a property that nobody knows', { shoeSize: 42 }, 'shoeSize'],
    ['with too long an employee number', { employeeId: '12345678901234567' }, 'employeeId'],
  ])('is refused %s', async (_what, more, said) => {
    const { error } = expectStatus(await at.graph('POST', '/users', userBody('wrong', more)), 400)
    expect(JSON.stringify(error)).toContain(said)
  })

  it('has a name of its own', async () => {
    await newUser('unique')
    const { error } = expectStatus(await at.graph('POST', '/users', userBody('UNIQUE')), 400)
    expect(error.details[0].code).toBe('ObjectConflict')
  })

  it('has a manager, or 404', async () => {
    const [boss, worker] = [await newUser('boss'), await newUser('worker')]
    const path = `/users/${worker.id}/manager`
    expectStatus(await at.graph('GET', path), 404)
    expectStatus(await at.graph('DELETE', `${path}/$ref`), 404)
    expectStatus(await at.graph('PUT', `${path}/$ref`, ref(boss.id)), 204)
    expect(await get(path)).toMatchObject({ '@odata.type': '#microsoft.graph.user', id: boss.id })
    expect((await get(`/users/${worker.id}?$expand=manager($select=id)`)).manager.id).toBe(boss.id)
    expectStatus(await at.graph('DELETE', `${path}/$ref`), 204)
    expect((await get(`/users/${worker.id}?$expand=manager`)).manager).toBeNull()
    expectStatus(await at.graph('PUT', `${path}/$ref`, ref(boss.id)), 204)
    expectStatus(await at.graph('DELETE', `/users/${boss.id}`), 204)
    expectStatus(await at.graph('GET', path), 404)
    expect((await get(`/users/${worker.id}?$expand=manager`)).manager).toBeNull()
    expectStatus(await at.graph('DELETE', `${path}/$ref`), 204)
    expectStatus(await at.graph('DELETE', `${path}/$ref`), 404)
  })

  it('keeps a complex property as an object once it was set', async () => {
    const { id } = await newUser('organised')
    const path = `/users/${id}?$select=employeeOrgData`
    expect((await get(path)).employeeOrgData).toBeNull()
    for (const employeeOrgData of [
      { costCenter: '1000', division: 'Sales' },
      { costCenter: null, division: null },
    ]) {
      expectStatus(await at.graph('PATCH', `/users/${id}`, { employeeOrgData }), 204)
      expect((await get(path)).employeeOrgData).toEqual(employeeOrgData)
    }
  })
})

describe('a group', () => {
  it('shows what the provider reads, nulls included', async () => {
    const { id } = await newGroup('plain')
    const group = await get(`/beta/groups/${id}`)
    expect(group).toMatchObject({
      membershipRule: null,
      groupTypes: [],
      isAssignableToRole: null,
      proxyAddresses: [],
      writebackConfiguration: { isEnabled: null, onPremisesGroupType: null },
      mail: null,
    })
    expect(group).not.toHaveProperty('allowExternalSenders')
    const select =
      '?$select=allowExternalSenders,autoSubscribeNewMembers,hideFromAddressLists,hideFromOutlookClients'
    expect(await get(`/beta/groups/${id}${select}`)).toMatchObject({ hideFromAddressLists: false })
    expect(group.securityIdentifier).toMatch(/^S-1-12-1(-\d+){4}$/)
  })

  it('takes owners and members at once, and one by one', async () => {
    const [owner, member] = [await newUser('owner'), await newUser('member')]
    const group = await newGroup('bound', {
      'owners@odata.bind': [`${at.tenant.url}/beta/directoryObjects/${owner.id}`],
      'members@odata.bind': [`${at.tenant.url}/beta/directoryObjects/${member.id}`],
    })
    const members = `/groups/${group.id}/members`
    expect(ids(await get(`/groups/${group.id}/owners`))).toEqual([owner.id])
    expect(ids(await get(members))).toEqual([member.id])
    expectStatus(await at.graph('POST', `${members}/$ref`, ref(owner.id)), 204)
    const { error } = expectStatus(await at.graph('POST', `${members}/$ref`, ref(owner.id)), 400)
    expect(error.message).toContain("'members'")
    expect(ids(await get(`/beta${members}?$filter=id eq '${owner.id}'`.replaceAll(' ', '%20')))).toEqual([
      owner.id,
    ])
    expectStatus(await at.graph('DELETE', `${members}/${owner.id}/$ref`), 204)
    expectStatus(await at.graph('DELETE', `${members}/${owner.id}/$ref`), 404)
    expectStatus(await at.graph('POST', `${members}/$ref`, ref(at.tenant.deployer.objectId)), 204)
    expectStatus(await at.graph('DELETE', `/users/${member.id}`), 204)
    expect(ids(await get(members))).toEqual([at.tenant.deployer.objectId])
  })

  it('holds groups, and tells who is in it through them', async () => {
    const [user, inner, outer] = [await newUser('deep'), await newGroup('inner'), await newGroup('outer')]
    for (const [group, member] of [
      [inner, user],
      [outer, inner],
      [inner, outer],
    ]) {
      expectStatus(await at.graph('POST', `/groups/${group.id}/members/$ref`, ref(member.id)), 204)
    }
    expect(ids(await get(`/groups/${outer.id}/members`))).toEqual([inner.id])
    expect(ids(await get(`/groups/${outer.id}/transitiveMembers`)).sort()).toEqual([user.id, inner.id].sort())
    expect(ids(await get(`/users/${user.id}/memberOf`))).toEqual([inner.id])
    expect(ids(await get(`/users/${user.id}/transitiveMemberOf`)).sort()).toEqual([inner.id, outer.id].sort())
    const ask = async (path: string, body: object) =>
      expectStatus(await at.graph('POST', path, body), 200).value
    const all = await ask(`/users/${user.id}/getMemberGroups`, { securityEnabledOnly: true })
    expect(all.sort()).toEqual([inner.id, outer.id].sort())
    const groupIds = [outer.id, '00000000-0000-4000-8000-000000000000']
    expect(await ask(`/directoryObjects/${user.id}/checkMemberGroups`, { groupIds })).toEqual([outer.id])
  })

  it.each([
    ['mail-enabled without being Unified', { mailEnabled: true }, 'mail-enabled'],
    ['neither mail- nor security-enabled', { securityEnabled: false }, 'mail-enabled'],
    ['dynamic without a rule', { groupTypes: ['DynamicMembership'] }, 'membershipRule'],
    ['with a rule that is not dynamic', { membershipRule: 'true' }, 'membershipRule'],
    ['with a space in its nickname', { mailNickname: 'a b' }, 'mailNickname'],
    ['of a type that nobody knows', { groupTypes: ['Secret'] }, 'groupTypes'],
  ])('is refused %s', async (_what, more, said) => {
    const body = { displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true, ...more }
    const { error } = expectStatus(await at.graph('POST', '/groups', body), 400)
    expect(JSON.stringify(error)).toContain(said)
  })

  it('of Microsoft 365 gets a mailbox, and a description from Exchange', async () => {
    const group = await newGroup('m365', { groupTypes: ['Unified'], mailEnabled: true })
    expect(group).toMatchObject({ mail: `m365@${DOMAIN}`, visibility: 'Public', description: 'm365' })
  })

  it('holds app roles', async () => {
    const role = {
      id: '5c6f4a4e-6c7f-4b39-9d55-8a7ad5a2a0f1',
      allowedMemberTypes: ['User'],
      displayName: 'Reader',
      description: 'Reads',
      value: 'reader',
      isEnabled: true,
    }
    const app = expectStatus(
      await at.graph('POST', '/applications', { displayName: 'api', appRoles: [role] }),
      201,
    )
    const sp = expectStatus(await at.graph('POST', '/servicePrincipals', { appId: app.appId }), 201)
    const { id } = await newGroup('readers')
    const body = { principalId: id, resourceId: sp.id, appRoleId: role.id }
    const made = expectStatus(
      await at.graph('POST', `/servicePrincipals/${sp.id}/appRoleAssignedTo`, body),
      201,
    )
    expect(made).toMatchObject({ principalType: 'Group', principalDisplayName: 'readers' })
    expect(ids(await get(`/groups/${id}/appRoleAssignments`))).toEqual([made.id])
  })
})

describe('directory objects', () => {
  it('are found by id, many at once, with their types', async () => {
    const [user, group] = [await newUser('listed'), await newGroup('listed-group')]
    expect((await get(`/directoryObjects/${group.id}`))['@odata.type']).toBe('#microsoft.graph.group')
    const body = { ids: [group.id, user.id, 'nobody', at.tenant.tenantId], types: ['user', 'group'] }
    const found = expectStatus(await at.graph('POST', '/directoryObjects/getByIds', body), 200)
    expect(found.value.map((each: Answer) => [each.id, each['@odata.type']])).toEqual([
      [group.id, '#microsoft.graph.group'],
      [user.id, '#microsoft.graph.user'],
    ])
    expectStatus(await at.graph('POST', '/directoryObjects/getByIds', { ids: 'x' }), 400)
  })

  it('are owned by somebody', async () => {
    const user = await newUser('proprietor')
    const app = expectStatus(await at.graph('POST', '/applications', { displayName: 'owned' }), 201)
    expectStatus(await at.graph('POST', `/applications/${app.id}/owners/$ref`, ref(user.id)), 204)
    expect(ids(await get(`/users/${user.id}/ownedObjects`))).toEqual([app.id])
  })
})
