import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../../tenant/graph/routes.ts'
import { applications } from '../../../tenant/model/applications.ts'
import type { EntitySet } from '../../../tenant/model/entity-set.ts'
import { groups } from '../../../tenant/model/groups.ts'
import { setAt } from '../../../tenant/model/index.ts'
import { users } from '../../../tenant/model/people.ts'
import { bodyFor, misfit } from '../../support/model-arbitraries.ts'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

const TIMEOUT_MS = 120_000

let at: TestTenant
let serial = 0

beforeAll(async () => {
  const permissions = routes.flatMap(({ allowed }) => allowed.flatMap(({ allOf }) => allOf))
  const delegatedOnly = new Set(['User.Read', 'User.ReadWrite', 'Files.Read', 'Files.ReadWrite'])
  at = await openTenant({
    deployerRoles: [...new Set(permissions)].filter((each) => !delegatedOnly.has(each)),
  })
})
afterAll(() => at.close())

const next = (): string => {
  serial += 1
  return `n${serial}`
}

/** What rules beyond the property table decide on; tests of their own are about these. */
const FIXED: readonly (readonly [EntitySet, () => Record<string, unknown>])[] = [
  [
    applications,
    () => ({
      displayName: 'random',
      // Of this version, since the random audience may be one with personal accounts.
      api: { requestedAccessTokenVersion: 2 },
      appRoles: [],
      identifierUris: [],
      keyCredentials: [],
      passwordCredentials: [],
      publicClient: {},
      spa: {},
      uniqueName: next(),
      web: {},
    }),
  ],
  [
    groups,
    () => ({
      displayName: 'random',
      groupTypes: [],
      mailEnabled: false,
      mailNickname: next(),
      membershipRule: null,
      securityEnabled: true,
      uniqueName: next(),
    }),
  ],
  [
    users,
    () => {
      const mailNickname = next()
      return {
        displayName: 'random',
        mailNickname,
        passwordProfile: { password: 'Pa55word!' },
        userPrincipalName: `${mailNickname}@contoso.onmicrosoft.com`,
        accountEnabled: true,
      }
    },
  ],
]

describe('random valid objects', () => {
  it.each(FIXED.map(([set, fixed]) => ({ name: set.name, set, fixed })))(
    'among $name are taken, and answered in the shape of the model',
    async ({ name, set, fixed }) => {
      await fc.assert(
        fc.asyncProperty(bodyFor(set, {}), async (random) => {
          const body = { ...random, ...fixed() }
          const made = expectStatus(await at.graph('POST', `/${name}`, body), 201)
          expect(misfit(set.properties, made)).toBeUndefined()
          const all = Object.keys(set.properties).filter((each) => isReadable(set, each))
          const path = `/${name}/${made.id}?$select=${all.join(',')}`
          const read = expectStatus(await at.graph('GET', path), 200)
          expect(misfit(set.properties, read)).toBeUndefined()
          // What was sent comes back, null where it was left out; dates in UTC without a fraction of zero.
          for (const [member, value] of Object.entries(random)) {
            if (Object.hasOwn(fixed(), member) || typeof value === 'object') continue
            const sent = typeof value === 'string' ? value.replace('.000Z', 'Z') : value
            expect(read[member], member).toEqual(
              set.properties[member]?.emptyIsNull && sent === '' ? null : sent,
            )
          }
        }),
        { numRuns: 40 },
      )
    },
    TIMEOUT_MS,
  )
})

describe('every list', () => {
  const lists = routes.filter(
    ({ operation, path }) => operation === 'list' && !path.includes('{') && !path.startsWith('/me'),
  )

  it('holds what the model says, in both versions', async () => {
    for (const { path, betaOnly } of lists.filter((each) => !each.path.includes('microsoft.graph.'))) {
      for (const version of betaOnly ? ['/beta'] : ['', '/beta']) {
        const answer = expectStatus(await at.graph('GET', `${version}${path}`), 200)
        const { set } = setAt(path.split('/').slice(1))
        for (const each of answer.value as Answer[]) {
          expect(misfit(set.properties, each), `${version}${path}`).toBeUndefined()
        }
      }
    }
  })

  it(
    'stands random queries: an answer or a refusal, never a failure',
    async () => {
      const word = fc.constantFrom(
        ...[
          'displayName',
          'id',
          'appId',
          'owners',
          'members',
          'manager',
          'tags',
          'web',
          'ownerIds',
          'createdDateTime',
        ],
        ...['eq', 'ne', 'and', 'or', 'not', 'in', 'any', 'startsWith', 'asc', 'desc', '$select=', '$top='],
        ...[
          '(',
          ')',
          ',',
          ';',
          ':',
          '/',
          "'",
          "'a'",
          '5',
          '-1',
          'true',
          'null',
          '*',
          '%',
          '\u0000',
          'é',
          '\\',
        ],
      )
      const option = fc.constantFrom(
        ...[
          '$filter',
          '$select',
          '$expand',
          '$orderby',
          '$top',
          '$skiptoken',
          '$count',
          '$search',
          'filter',
          '$x',
        ],
      )
      const query = fc.array(fc.tuple(option, fc.array(word, { maxLength: 10 })), { maxLength: 4 })
      const headers = { authorization: `Bearer ${await at.token()}`, consistencylevel: 'eventual' }
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...lists), fc.boolean(), query, async (route, counts, options) => {
          const text = new URLSearchParams(
            options.map(([name, words]): [string, string] => [name, words.join(' ')]),
          )
          const version = route.betaOnly ? 'beta' : 'v1.0'
          const path = `/${version}${route.path}${counts ? '/$count' : ''}?${text}`
          const answer = await at.send('GET', path, { headers })
          expect([200, 400, 404, 501], `${path} → ${answer.status} ${answer.text.slice(0, 300)}`).toContain(
            answer.status,
          )
        }),
        { numRuns: 600 },
      )
    },
    TIMEOUT_MS,
  )

  it(
    'stands random keys and batches too',
    async () => {
      const key = fc.oneof(
        fc.string(),
        fc.constantFrom(
          "appId='",
          "appId='x'",
          "(appId='x')",
          "('')",
          "(uniqueName='a''b')",
          "(x='y')",
          '()',
          "('%27')",
        ),
      )
      const method = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'get', '')
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('applications', 'users', 'groups'),
          key,
          method,
          async (set, text, verb) => {
            const path = `/${set}${text.startsWith('(') ? '' : '/'}${encodeURI(text)}`
            const single = await at.graph('PATCH', path, { displayName: 'x' })
            const body = { requests: [{ id: '1', method: verb, url: path }] }
            const batch = await at.graph('POST', '/$batch', body)
            const statuses = [
              single.status,
              batch.status,
              ...(batch.json.responses ?? []).map((each: Answer) => each.status),
            ]
            for (const status of statuses) expect([200, 201, 204, 400, 403, 404, 501], path).toContain(status)
          },
        ),
        { numRuns: 200 },
      )
    },
    TIMEOUT_MS,
  )
})

function isReadable(set: EntitySet, name: string): boolean {
  const property = set.properties[name]
  return property !== undefined && property.access !== 'hidden' && !property.betaOnly
}
