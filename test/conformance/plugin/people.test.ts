import { beforeAll, describe, expect, it } from 'vitest'
import type { Properties } from '../../../plugin/protocol/wire.ts'
import { deployerGraph } from '../../support/rehearsal.ts'
import { Bench } from './bench.ts'

const bench = new Bench('User.ReadWrite.All', 'Group.ReadWrite.All')
const invoke = bench.invoke.bind(bench)

/** The users of a fresh tenant, and a group with one of them and, in a group within it, another. */
let users: Properties[]
let group: string
let nested: string

const idOf = (index: number) => String(users[index]!['objectId'])

beforeAll(async () => {
  const graph = await deployerGraph(bench.tenant)
  users = (await invoke('getUsers', { returnAll: true })).result['users'] as Properties[]
  const reference = (id: string) => `${bench.tenant.graphUrl}/v1.0/directoryObjects/${id}`
  const make = async (displayName: string, owner: string, member: string, more: Properties = {}) => {
    const made = await graph('POST', '/groups', {
      displayName,
      mailEnabled: false,
      mailNickname: displayName.toLowerCase(),
      securityEnabled: true,
      'owners@odata.bind': [reference(owner)],
      'members@odata.bind': [reference(member)],
      ...more,
    })
    return String(made['id'])
  }
  nested = await make('Nested', idOf(0), idOf(1))
  group = await make('Engineers', idOf(0), idOf(2), { description: 'Build things' })
  await graph('POST', `/groups/${group}/members/$ref`, { '@odata.id': reference(nested) })
  const mail = { mailEnabled: true, securityEnabled: false, groupTypes: ['Unified'] }
  await make('Engineers', idOf(0), idOf(1), { ...mail, mailNickname: 'mailing' })
  await graph('PATCH', `/users/${idOf(0)}`, {
    employeeId: 'E-1',
    employeeOrgData: { costCenter: 'C-1', division: 'Research' },
  })
  await graph('PUT', `/users/${idOf(0)}/manager/$ref`, { '@odata.id': reference(idOf(1)) })
})

describe('getUser', () => {
  it('finds the same user by each of its names', async () => {
    const { userPrincipalName, mail, mailNickname } = users[0]!
    const { result } = await invoke('getUser', { objectId: idOf(0) })
    expect(result).toMatchObject({
      id: `/users/${idOf(0)}`,
      objectId: idOf(0),
      userPrincipalName,
      managerId: idOf(1),
      accountEnabled: true,
      costCenter: 'C-1',
      division: 'Research',
      onpremisesSyncEnabled: false,
      otherMails: [],
      city: '',
      userType: 'Member',
    })
    for (const args of [{ userPrincipalName }, { mail }, { mailNickname }, { employeeId: 'E-1' }]) {
      expect((await invoke('getUser', args as Properties)).result).toEqual(result)
    }
  })

  it('leaves out what the official plugin leaves out: organisation data that a user has not', async () => {
    const { result } = await invoke('getUser', { objectId: idOf(2) })
    expect(result).toMatchObject({ managerId: '' })
    expect(result).not.toHaveProperty('costCenter')
  })

  it('says who is not found', async () => {
    await expect(invoke('getUser', { userPrincipalName: "o'nobody@example.com" })).rejects.toThrow(
      'No user in this tenant has the userPrincipalName "o\'nobody@example.com".',
    )
    const { failures } = await invoke('getUser', { objectId: group, mail: 'a@b' })
    expect(failures).toHaveLength(1)
  })
})

describe('getUsers', () => {
  const names = (count: number) => users.slice(0, count).map((user) => String(user['userPrincipalName']))

  it('finds all, with an id that names them', async () => {
    const { result } = await invoke('getUsers', { returnAll: true })
    expect(result).toMatchObject({ returnAll: true, ignoreMissing: false })
    expect(result['objectIds']).toEqual(users.map((user) => user['objectId']))
    expect(result['id']).toMatch(/^users#[\w-]{27}=$/)
  })

  it('keeps the order that it is asked in', async () => {
    const wanted = names(2).toReversed()
    const { result } = await invoke('getUsers', { userPrincipalNames: wanted })
    expect(result['userPrincipalNames']).toEqual(wanted)
    const byId = await invoke('getUsers', { objectIds: [idOf(1), idOf(0)] })
    expect(byId.result['users']).toEqual(result['users'])
    expect(byId.result['id']).toBe(result['id'])
  })

  it('fails for one who is missing, unless that is fine', async () => {
    const wanted = ['nobody@example.com', ...names(1)]
    await expect(invoke('getUsers', { userPrincipalNames: wanted })).rejects.toThrow(
      'No user in this tenant has the userPrincipalName "nobody@example.com".',
    )
    const { result } = await invoke('getUsers', { userPrincipalNames: wanted, ignoreMissing: true })
    expect(result['userPrincipalNames']).toEqual(names(1))
    await expect(invoke('getUsers', { objectIds: [group] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('of an empty list are none, and of no list a mistake', async () => {
    expect((await invoke('getUsers', { mails: [] })).result['users']).toEqual([])
    const mistakes: Properties[] = [
      {},
      { mails: ['a@b'], employeeIds: ['1'] },
      { returnAll: true, ignoreMissing: true },
      { objectIds: ['x'] },
    ]
    for (const args of mistakes) expect((await invoke('getUsers', args)).failures).toHaveLength(1)
  })
})

describe('getGroup', () => {
  it('finds the one that flags single out, with direct members and owners', async () => {
    const { result } = await invoke('getGroup', { displayName: 'Engineers', securityEnabled: true })
    expect(result).toMatchObject({
      id: `/groups/${group}`,
      objectId: group,
      description: 'Build things',
      mailEnabled: false,
      securityEnabled: true,
      types: [],
      includeTransitiveMembers: false,
      owners: [idOf(0)],
      hideFromAddressLists: false,
    })
    expect(new Set(result['members'] as string[])).toEqual(new Set([idOf(2), nested]))
    expect((await invoke('getGroup', { mailNickname: 'engineers' })).result).toEqual(result)
    expect((await invoke('getGroup', { objectId: group })).result).toEqual(result)
  })

  it('finds those within it, too', async () => {
    const { result } = await invoke('getGroup', { objectId: group, includeTransitiveMembers: true })
    expect(new Set(result['members'] as string[])).toEqual(new Set([idOf(2), nested, idOf(1)]))
  })

  it('reads the mailbox of a Microsoft 365 group', async () => {
    const { result } = await invoke('getGroup', { displayName: 'Engineers', mailEnabled: true })
    expect(result).toMatchObject({
      mailNickname: 'mailing',
      types: ['Unified'],
      autoSubscribeNewMembers: false,
      externalSendersAllowed: false,
    })
  })

  it('says which is ambiguous, missing or of another kind', async () => {
    await expect(invoke('getGroup', { displayName: 'Engineers' })).rejects.toMatchObject({
      code: 'AMBIGUOUS',
    })
    await expect(invoke('getGroup', { displayName: 'Nested', securityEnabled: false })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    )
    await expect(invoke('getGroup', { objectId: nested, mailEnabled: true })).rejects.toThrow(
      `The group ${nested} has mailEnabled false, and true is asked for.`,
    )
    expect((await invoke('getGroup', { displayName: 'a', objectId: group })).failures).toHaveLength(1)
  })
})
