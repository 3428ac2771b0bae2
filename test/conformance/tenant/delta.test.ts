import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type Response, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant({
    deployerRoles: [
      'Application.ReadWrite.All',
      'Directory.ReadWrite.All',
      'User.ReadWrite.All',
      'Group.ReadWrite.All',
    ],
  })
})
afterAll(() => at.close())

/** An address of an answer, as `graph` takes it. */
function below(link: string): string {
  const { pathname, search } = new URL(link)
  return `${pathname}${search}`.replace(/^\/v1\.0/, '')
}

/** Follows a delta query to its end. */
async function round(path: string): Promise<{ value: Answer[]; next: string; pages: number }> {
  const value: Answer[] = []
  for (let pages = 1; ; pages += 1) {
    const body = expectStatus(await at.graph('GET', path), 200)
    value.push(...body.value)
    if (body['@odata.deltaLink'] !== undefined) return { value, next: below(body['@odata.deltaLink']), pages }
    path = below(body['@odata.nextLink'])
  }
}

const create = async (path: string, body: object): Promise<Answer> =>
  expectStatus(await at.graph('POST', path, body), 201)

const application = (displayName: string) => create('/applications', { displayName })

const group = (displayName: string, more: object = {}) =>
  create('/groups', {
    displayName,
    mailEnabled: false,
    mailNickname: displayName,
    securityEnabled: true,
    ...more,
  })

const code = (answer: Response, status: number): string => expectStatus(answer, status).error.code

describe.each(['applications', 'servicePrincipals', 'users', 'groups'])('/%s/delta', (set) => {
  it.each(['delta', 'delta()', 'microsoft.graph.delta()', 'graph.delta'])(
    'tells all, called %s',
    async (name) => {
      const { value, next } = await round(`/${set}/${name}`)
      const all = expectStatus(await at.graph('GET', `/${set}?$top=999`), 200).value
      expect(value.map(({ id }) => id).sort()).toEqual(all.map(({ id }: Answer) => id).sort())
      expect((await round(next)).value).toEqual([])
    },
  )
})

describe('a delta query', () => {
  it('tells what is new, changed and gone since the last round, by pages', async () => {
    const [kept, changed, deleted] = [
      await application('kept'),
      await application('changed'),
      await application('gone'),
    ]
    const first = await round('/applications/delta?$top=2')
    expect(first.pages).toBe(Math.ceil(first.value.length / 2))
    expect(first.value).toContainEqual(expect.objectContaining({ id: kept.id, displayName: 'kept' }))

    const added = await application('added')
    expectStatus(await at.graph('PATCH', `/applications/${changed.id}`, { notes: 'n' }), 204)
    expectStatus(await at.graph('DELETE', `/applications/${deleted.id}`), 204)
    const second = await round(first.next)
    expect(second.value.toSorted((a, b) => String(a.notes).localeCompare(String(b.notes)))).toMatchObject([
      { id: changed.id, notes: 'n' },
      { id: added.id, displayName: 'added' },
      { id: deleted.id, '@removed': { reason: 'changed' } },
    ])
    expect((await round(second.next)).value).toEqual([])
    expect((await round(first.next)).value).toHaveLength(3)

    expectStatus(await at.graph('DELETE', `/directory/deletedItems/${deleted.id}`), 204)
    expect((await round(first.next)).value.find(({ id }) => id === deleted.id)).toEqual({
      id: deleted.id,
      '@removed': { reason: 'deleted' },
    })
  })

  it('is about the properties of $select alone, in later rounds too', async () => {
    const { id } = await application('selected')
    const { value, next } = await round('/applications/delta?$select=displayName')
    expect(value).toContainEqual({ id, displayName: 'selected' })
    expectStatus(await at.graph('PATCH', `/applications/${id}`, { notes: 'unseen' }), 204)
    expect((await round(next)).value).toEqual([])
    expectStatus(await at.graph('PATCH', `/applications/${id}`, { displayName: 'renamed' }), 204)
    expect((await round(next)).value).toEqual([{ id, displayName: 'renamed' }])
  })

  it('begins now with $deltatoken=latest', async () => {
    const now = await round('/applications/delta?$deltatoken=latest')
    expect(now.value).toEqual([])
    const { id } = await application('later')
    expect((await round(now.next)).value).toMatchObject([{ id }])
  })

  it('tells the changes of who is in a group', async () => {
    const member = await group('member')
    const { id } = await group('watched')
    const path = `/groups/${id}/members`
    const reference = { '@odata.id': `${at.tenant.url}/v1.0/directoryObjects/${member.id}` }
    const first = await round('/groups/delta')
    expectStatus(await at.graph('POST', `${path}/$ref`, reference), 204)
    const second = await round(first.next)
    expect(second.value).toMatchObject([
      { id, 'members@delta': [{ '@odata.type': '#microsoft.graph.group', id: member.id }] },
    ])
    expectStatus(await at.graph('DELETE', `${path}/${member.id}/$ref`), 204)
    expect((await round(second.next)).value).toMatchObject([
      { id, 'members@delta': [{ id: member.id, '@removed': { reason: 'deleted' } }] },
    ])
    const withoutMembers = await round('/groups/delta?$select=displayName')
    expect(withoutMembers.value[0]).not.toHaveProperty('members@delta')
  })

  it('survives a lag of its lists', async () => {
    at.tenant.control.setLag('5m')
    const { next } = await round('/applications/delta?$top=1')
    expect((await round(next)).value).toEqual([])
    at.tenant.control.setLag({})
  })

  it('refuses tokens that it did not give, has forgotten, or gave for something else', async () => {
    const { next } = await round('/users/delta')
    expect(code(await at.graph('GET', next.replace('/users/', '/groups/')), 400)).toBe('Request_BadRequest')
    expect(code(await at.graph('GET', `/beta${next}`), 400)).toBe('Request_BadRequest')
    expect(code(await at.graph('GET', '/users/delta?$deltatoken=other'), 410)).toBe('syncStateNotFound')
    expect(code(await at.graph('GET', '/users/delta?$skiptoken=other'), 400)).toBe('Request_BadRequest')
    expect(code(await at.graph('GET', '/users?$deltatoken=latest'), 400)).toBe('BadRequest')
    expect(code(await at.graph('GET', '/users/delta?$filter=id%20eq%20%27x%27'), 501)).toBe('NotImplemented')
    for (let n = 0; n < 20; n += 1) await at.graph('GET', '/users/delta?$deltatoken=latest')
    expect(code(await at.graph('GET', next), 410)).toBe('syncStateNotFound')
  })
})
