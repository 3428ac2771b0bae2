import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant
let app: Answer

beforeAll(async () => {
  at = await openTenant()
  for (const displayName of ['banana', 'Apple', 'cherry', 'apple pie']) {
    app = expectStatus(
      await at.graph('POST', '/applications', { displayName, tags: [displayName.slice(0, 1)] }),
      201,
    )
  }
})
afterAll(() => at.close())

const EVENTUAL = { consistencylevel: 'eventual' }

async function send(path: string, headers: Record<string, string> = {}) {
  return at.send('GET', `/v1.0${path}`, {
    headers: { authorization: `Bearer ${await at.token()}`, ...headers },
  })
}

const names = (answer: Answer): string[] => answer.value.map((each: Answer) => each.displayName)

describe('$orderby', () => {
  it('sorts without regard to case, up or down, over pages', async () => {
    const sorted = ['Apple', 'apple pie', 'banana', 'cherry', 'Deployer']
    expect(names(expectStatus(await send('/applications?$orderby=displayName'), 200))).toEqual(sorted)
    const down = expectStatus(await send('/applications?$orderby=displayName%20desc&$top=2'), 200)
    expect(names(down)).toEqual(['Deployer', 'cherry'])
    const next = new URL(down['@odata.nextLink'])
    const second = expectStatus(await send(`${next.pathname}${next.search}`.replace('/v1.0', '')), 200)
    expect(names(second)).toEqual(['banana', 'apple pie'])
    expect(second).toHaveProperty('@odata.nextLink')
  })

  it('refuses what has no order', async () => {
    for (const order of ['colour', 'web', 'tags', 'displayName up', 'ownerIds']) {
      expectStatus(await send(`/applications?$orderby=${encodeURIComponent(order)}`), 400)
    }
  })
})

describe('an advanced query', () => {
  it.each([
    ["$filter=displayName ne 'cherry'", "Operator 'ne' is not supported"],
    ["$filter=not startsWith(displayName,'a')", "Operator 'not' is not supported"],
    ["$filter=startsWith(displayName,'a')&$orderby=displayName", 'Sorting not supported for current query.'],
  ])('%s needs $count and ConsistencyLevel', async (text, said) => {
    const query = text.replaceAll(' ', '%20')
    for (const answer of [
      await send(`/applications?${query}`),
      await send(`/applications?${query}&$count=true`),
    ]) {
      const { error } = expectStatus(answer, 400)
      expect(error.code).toBe('Request_UnsupportedQuery')
      expect(error.message).toContain(said)
    }
    expectStatus(await send(`/applications?${query}&$count=true`, EVENTUAL), 200)
  })
})

describe('$count', () => {
  it('tells how many there are on all pages, to clients that ask for it properly', async () => {
    const asked = expectStatus(await send('/applications?$count=true&$top=1', EVENTUAL), 200)
    expect(asked['@odata.count']).toBe(5)
    const filter = "$filter=startsWith(displayName,'apple')"
    expect(
      expectStatus(await send(`/applications?$count=true&${filter}`, EVENTUAL), 200)['@odata.count'],
    ).toBe(2)
    expect(expectStatus(await send('/applications?$count=true'), 200)).not.toHaveProperty('@odata.count')
    expect(expectStatus(await send('/applications?$count=false', EVENTUAL), 200)).not.toHaveProperty(
      '@odata.count',
    )
    expectStatus(await send('/applications?$count=perhaps', EVENTUAL), 400)
  })

  it('is plain text as an address of its own', async () => {
    const answer = await send('/applications/$count', EVENTUAL)
    expect([answer.status, answer.text]).toEqual([200, '5'])
    expect(answer.headers['content-type']).toMatch(/^text\/plain/)
    const filtered = await send("/applications/$count?$filter=displayName%20eq%20'cherry'", EVENTUAL)
    expect(filtered.text).toBe('1')
    expect(expectStatus(await send('/applications/$count'), 400).error.code).toBe('Request_UnsupportedQuery')
    expectStatus(await send('/applications/$count?$top=1', EVENTUAL), 400)
  })
})

describe('$expand', () => {
  it('brings along what an object leads to', async () => {
    const one = expectStatus(await send(`/applications/${app.id}?$expand=owners&$select=id`), 200)
    expect(one['@odata.context']).toMatch(/#applications\(id,owners\(\)\)\/\$entity$/)
    expect(one.owners).toMatchObject([
      { '@odata.type': '#microsoft.graph.servicePrincipal', id: at.tenant.deployer.objectId },
    ])
    const path = `/applications?$expand=owners($select=id),federatedIdentityCredentials`
    const [first] = expectStatus(await send(path), 200).value
    expect(first).toMatchObject({ owners: [], federatedIdentityCredentials: [] })
    const all = expectStatus(await send(path), 200).value
    expect(all.at(-1).owners).toEqual([
      { '@odata.type': '#microsoft.graph.servicePrincipal', id: at.tenant.deployer.objectId },
    ])
  })

  it('refuses what leads nowhere, and says what it does not do', async () => {
    expectStatus(await send('/applications?$expand=colour'), 400)
    expectStatus(await send('/applications?$expand=owners($select=id'), 400)
    expectStatus(await send('/applications?$expand=owners($top=1)'), 501)
  })
})
