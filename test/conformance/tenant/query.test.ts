import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const COUNT = 230

/** Many requests, one connection each: on a busy machine they take their time. */
const TIMEOUT_MS = 120_000

let at: TestTenant
beforeAll(async () => {
  at = await openTenant()
  for (let n = 0; n < COUNT; n += 1) {
    const body = {
      displayName: `app ${n}`,
      tags: n % 2 === 0 ? ['even'] : [],
      identifierUris: n === 7 ? ['api://seven'] : [],
      isFallbackPublicClient: n === 3,
      ...(n === 5 ? { displayName: "it's five" } : {}),
    }
    expectStatus(await at.graph('POST', '/applications', body), 201)
  }
}, TIMEOUT_MS)
afterAll(() => at.close())

/** Sends options as form encoding writes them: a plus for a space. */
const list = (path: string, options: Record<string, string> = {}) =>
  at.graph('GET', `${path}?${new URLSearchParams(options)}`)
const names = async (filter: string): Promise<string[]> => {
  const query = new URLSearchParams({ $filter: filter, $top: '999', $count: 'true' })
  const headers = { authorization: `Bearer ${await at.token()}`, consistencylevel: 'eventual' }
  const answer = await at.send('GET', `/v1.0/applications?${query}`, { headers })
  return expectStatus(answer, 200).value.map((each: Answer) => each.displayName)
}

describe('paging', () => {
  it('gives a hundred at a time, each one once, and keeps the other options', async () => {
    const seen: string[] = []
    const sizes: number[] = []
    let path: string | undefined =
      `/applications?$select=displayName&$filter=${encodeURIComponent("startsWith(displayName,'app')")}`
    while (path !== undefined) {
      const page: Answer = expectStatus(await at.graph('GET', path), 200)
      sizes.push(page.value.length)
      for (const each of page.value) {
        expect(Object.keys(each)).toEqual(['displayName'])
        seen.push(each.displayName)
      }
      const next: string | undefined = page['@odata.nextLink']
      if (next !== undefined) expect(next.startsWith(`${at.tenant.url}/v1.0/applications?`)).toBe(true)
      path = next?.slice(`${at.tenant.url}/v1.0`.length)
    }
    expect(sizes).toEqual([100, 100, COUNT - 1 - 200])
    expect(new Set(seen).size).toBe(COUNT - 1)
  })

  it('neither repeats nor loses an entry when others come and go between pages', async () => {
    const made: Answer[] = []
    for (let n = 0; n < 4; n += 1) {
      made.push(
        expectStatus(await at.graph('POST', '/applications', { displayName: 'moving', notes: `${n}` }), 201),
      )
    }
    const first = expectStatus(
      await list('/applications', { $filter: "displayName eq 'moving'", $top: '2' }),
      200,
    )
    expectStatus(await at.graph('DELETE', `/applications/${made[0].id}`), 204)
    expectStatus(await at.graph('DELETE', `/applications/${made[1].id}`), 204)
    const next = new URL(first['@odata.nextLink'])
    const second = expectStatus(
      await at.send('GET', next.pathname + next.search, {
        headers: { authorization: `Bearer ${await at.token()}` },
      }),
      200,
    )
    expect(second.value.map((each: Answer) => each.notes)).toEqual(['2', '3'])
    expect(second).not.toHaveProperty('@odata.nextLink')
  })

  it.each([['0'], ['1000'], ['-1'], ['many'], ['']])('refuses $top=%s', async (top) => {
    expect(expectStatus(await list('/applications', { $top: top }), 400).error.message).toContain(
      'Invalid page size specified',
    )
  })
})

describe('$filter', () => {
  it.each([
    ["displayName eq 'APP 12'", ['app 12']],
    ["DisplayName EQ 'app 12'", ['app 12']],
    ["displayName eq 'it''s five'", ["it's five"]],
    ["identifierUris/any(uri:uri eq 'api://seven')", ['app 7']],
    [
      "startsWith(displayName,'app 22')",
      [
        'app 22',
        'app 220',
        'app 221',
        'app 222',
        'app 223',
        'app 224',
        'app 225',
        'app 226',
        'app 227',
        'app 228',
        'app 229',
      ],
    ],
    ["displayName in ('app 1','app 2')", ['app 1', 'app 2']],
    ["displayName eq 'app 1' or displayName eq 'app 2' and tags/any(t:t eq 'odd')", ['app 1']],
    ["(displayName eq 'app 1' or displayName eq 'app 2') and tags/any(t:t eq 'even')", ['app 2']],
    [
      "not startsWith(displayName,'app') and startsWith(displayName,'it') and displayName ne 'x'",
      ["it's five"],
    ],
    ['isFallbackPublicClient eq true', ['app 3']],
    ["displayName eq 'nothing'", []],
    ["passwordCredentials/any(p:p/displayName eq 'deployer-secret')", ['Deployer']],
  ])('%s', async (filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  it.each([
    ["displayName eq 'it's five'", 'BadRequest', 'Invalid filter clause:'],
    ['displayName eq', 'BadRequest', 'Syntax error at position'],
    ["displayName eq 'open", 'BadRequest', 'unterminated string literal'],
    [
      "colour eq 'red'",
      'BadRequest',
      "Could not find a property named 'colour' on type 'microsoft.graph.application'.",
    ],
    ["ownerIds/any(o:o eq 'x')", 'BadRequest', "Could not find a property named 'ownerIds'"],
    [
      'displayName eq 5',
      'BadRequest',
      "Found operand types 'Edm.String' and 'Edm.Int32' for operator kind 'Equal'.",
    ],
    ['displayName gt 5', 'Request_UnsupportedQuery', "The operator 'gt' is not supported"],
    ["contains(displayName,'x')", 'Request_UnsupportedQuery', "The function 'contains' is not supported"],
    [
      "web eq 'x'",
      'Request_UnsupportedQuery',
      "clause specified for property 'web' of resource 'Application'.",
    ],
    [`${'('.repeat(60)}displayName eq 'x'${')'.repeat(60)}`, 'BadRequest', 'nested too deeply'],
  ])('refuses %s', async (filter, code, message) => {
    const { error } = expectStatus(await list('/applications', { $filter: filter }), 400)
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })
})

describe('the other options', () => {
  it('$select gives what it names, in any case, and * everything', async () => {
    const one = expectStatus(await list('/applications', { $select: 'APPID, displayName', $top: '1' }), 200)
    expect(one['@odata.context']).toBe(`${at.tenant.url}/v1.0/$metadata#applications(appId,displayName)`)
    expect(Object.keys(one.value[0]).sort()).toEqual(['appId', 'displayName'])
    expect(
      expectStatus(await list('/applications', { $select: '*', $top: '1' }), 200).value[0],
    ).toHaveProperty('web')
    const { error } = expectStatus(await list('/applications', { $select: 'colour' }), 400)
    expect(error.message).toBe(
      "Parsing OData Select and Expand failed: Could not find a property named 'colour' on type 'microsoft.graph.application'.",
    )
  })

  it('work without the dollar sign', async () => {
    expect(expectStatus(await list('/applications', { top: '3' }), 200).value).toHaveLength(3)
  })

  describe('$search', () => {
    const search = async (path: string, text: string, more: Record<string, string> = {}) => {
      const query = new URLSearchParams({ $search: text, $select: 'displayName', ...more })
      const headers = { authorization: `Bearer ${await at.token()}`, consistencylevel: 'eventual' }
      return at.send('GET', `/v1.0${path}?${query}`, { headers })
    }
    const found = async (text: string, more?: Record<string, string>) => {
      const { value } = expectStatus(await search('/applications', text, more), 200)
      return value.map((each: Answer) => each.displayName)
    }

    it('needs the header ConsistencyLevel: eventual', async () => {
      const { error } = expectStatus(await list('/applications', { $search: '"displayName:app"' }), 400)
      expect(error.code).toBe('Request_UnsupportedQuery')
      expect(error.message).toContain("'ConsistencyLevel: eventual'")
    })

    it('finds words in any place and order, and beginnings of them, without regard to case', async () => {
      expect(await found('"displayName:229"')).toEqual(['app 229'])
      expect(await found('"displayName:229 APP"')).toEqual(['app 229'])
      expect(await found('"displayName:22"')).toContain('app 220')
      expect(await found('"displayName:FIV"')).toEqual(["it's five"])
      expect(await found('"displayName:pp 229"')).toEqual([])
    })

    it('joins clauses by AND, OR and parentheses, and goes with $filter, $orderby and $count', async () => {
      expect(await found('"displayName:226" OR "displayName:227"')).toEqual(['app 226', 'app 227'])
      expect(await found('"displayName:226" AND "displayName:227"')).toEqual([])
      expect(await found('("displayName:226" OR "displayName:227") AND "displayName:app"')).toHaveLength(2)
      const either = '"displayName:226" OR "displayName:227"'
      expect(await found(either, { $filter: "displayName eq 'app 227'" })).toEqual(['app 227'])
      expect(await found(either, { $orderby: 'displayName desc', $count: 'true' })).toEqual([
        'app 227',
        'app 226',
      ])
      const counted = await search('/applications', either, { $count: 'true', $top: '1' })
      expect(expectStatus(counted, 200)['@odata.count']).toBe(2)
    })

    it('is about words of display names and beginnings of other texts', async () => {
      const principals = await search('/servicePrincipals', '"displayName:graph"')
      expect(expectStatus(principals, 200).value).toContainEqual({ displayName: 'Microsoft Graph' })
      expect(await found('"signInAudience:AzureAD"', { $top: '1' })).toHaveLength(1)
      expect(await found('"signInAudience:MyOrg"')).toEqual([])
    })

    it.each([
      'displayName:app',
      '"app"',
      '"nothing:app"',
      '"tags:even"',
      '("displayName:a"',
      '('.repeat(3000),
      '"displayName:a" "displayName:b"',
    ])('refuses %s', async (text) => {
      const { error } = expectStatus(await search('/applications', text), 400)
      expect(error.message).toContain('Invalid $search')
    })
  })

  it('on a single object are limited to $select and $expand', async () => {
    const [{ id }] = expectStatus(await list('/applications', { $top: '1' }), 200).value
    expect((await list(`/applications/${id}`, { $filter: "displayName eq 'x'" })).status).toBe(400)
    expect(expectStatus(await list(`/applications/${id}`, { $select: 'id' }), 200)).toEqual({
      '@odata.context': `${at.tenant.url}/v1.0/$metadata#applications(id)/$entity`,
      id,
    })
  })
})

describe('anything at all', () => {
  const fragment = fc.constantFrom(
    'displayName',
    'tags',
    'web',
    'api/oauth2PermissionScopes',
    'x',
    'eq',
    'ne',
    'in',
    'and',
    'or',
    'not',
    'any',
    'startsWith',
    '(',
    ')',
    ',',
    ':',
    '/',
    "'",
    "'a'",
    '5',
    'true',
    'null',
    ' ',
    '$',
    '%',
    'é',
    '2026-01-01T00:00:00Z',
  )
  const option = fc.constantFrom(
    '$filter',
    '$select',
    '$top',
    '$skiptoken',
    '$count',
    '$expand',
    '$odd',
    'odd',
  )

  it(
    'in a query never gives a 500',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(
            '/applications',
            '/servicePrincipals',
            '/oauth2PermissionGrants',
            `/applications/${'a'.repeat(8)}/owners`,
          ),
          fc.array(fc.tuple(option, fc.array(fragment, { maxLength: 12 })), { maxLength: 3 }),
          async (path, options) => {
            const query = new URLSearchParams(
              options.map(([name, words]): [string, string] => [name, words.join(' ')]),
            )
            const answer = await at.graph('GET', `${path}?${query}`)
            expect([200, 400, 403, 404, 501], `${path}?${query} → ${answer.text}`).toContain(answer.status)
          },
        ),
        { numRuns: 300 },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'in a body or a path never gives a 500',
    async () => {
      const members = [
        'displayName',
        'web',
        'api',
        'appRoles',
        'tags',
        'optionalClaims',
        'passwordCredentials',
        'owners@odata.bind',
        '__proto__',
        'id',
      ]
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(
          fc.constantFrom('redirectUris', 'accessToken', 'oauth2PermissionScopes'),
          fc.jsonValue({ maxDepth: 2 }),
        ),
      )
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('/applications', '/servicePrincipals', '/oauth2PermissionGrants'),
          fc.dictionary(fc.constantFrom(...members), value),
          fc.webPath({ size: 'small' }),
          async (path, body, more) => {
            for (const answer of [
              await at.graph('POST', path, body),
              await at.graph('PATCH', `${path}${more}`, body),
            ]) {
              expect([201, 400, 403, 404, 501], `${path} ${JSON.stringify(body)} → ${answer.text}`).toContain(
                answer.status,
              )
            }
          },
        ),
        { numRuns: 150 },
      )
    },
    TIMEOUT_MS,
  )

  it('malformed in an address is refused in the shape of Graph', async () => {
    const answer = await at.graph('GET', '/applications/%zz')
    expect(expectStatus(answer, 400).error.code).toBe('BadRequest')
  })
})
