import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

const JSON_HEADERS = { 'Content-Type': 'application/json' }

async function batch(requests: readonly object[], version = ''): Promise<Map<string, Answer>> {
  const answer = expectStatus(await at.graph('POST', `${version}/$batch`, { requests }), 200)
  return new Map(answer.responses.map((each: Answer) => [each.id, each]))
}

describe('a batch', () => {
  it.each(['', '/beta'])('answers each of its requests, under %s/$batch', async (version) => {
    const answers = await batch(
      [
        { id: '1', method: 'GET', url: '/applications?$top=1&$select=id' },
        { id: '2', method: 'get', url: 'organization' },
        { id: '3', method: 'GET', url: '/applications/00000000-0000-4000-8000-000000000000' },
        { id: '4', method: 'GET', url: '/users' },
        { id: '5', method: 'GET', url: '/planner/tasks' },
      ],
      version,
    )
    expect([...answers].map(([id, { status }]) => [id, status])).toEqual([
      ['1', 200],
      ['2', 403],
      ['3', 404],
      ['4', 403],
      ['5', 501],
    ])
    expect(answers.get('1').body.value).toHaveLength(1)
    expect(answers.get('3').body.error.code).toBe('Request_ResourceNotFound')
    expect(answers.get('1').headers['content-type']).toMatch(/^application\/json/)
  })

  it('writes, in the order of dependsOn, and leaves out what waits for a failure', async () => {
    const answers = await batch([
      {
        id: 'late',
        method: 'GET',
        url: "/applications?$filter=displayName eq 'By batch'",
        dependsOn: ['make'],
      },
      {
        id: 'make',
        method: 'POST',
        url: '/applications',
        headers: JSON_HEADERS,
        body: { displayName: 'By batch' },
      },
      { id: 'bad', method: 'POST', url: '/applications', headers: JSON_HEADERS, body: {} },
      { id: 'never', method: 'GET', url: '/applications', dependsOn: ['bad'] },
    ])
    expect(answers.get('make').status).toBe(201)
    expect(answers.get('make').headers.location).toContain('Microsoft.DirectoryServices.Application')
    expect(answers.get('late').body.value).toHaveLength(1)
    expect(answers.get('bad').status).toBe(400)
    expect(answers.get('never').status).toBe(424)
    const removed = await batch([
      { id: '1', method: 'DELETE', url: `/applications/${answers.get('make').body.id}` },
    ])
    expect(removed.get('1')).toMatchObject({ status: 204 })
    expect(removed.get('1')).not.toHaveProperty('body')
  })

  it('refuses what is not a batch', async () => {
    const get = (id: string) => ({ id, method: 'GET', url: '/applications' })
    const bad: readonly object[] = [
      {},
      { requests: [] },
      { requests: Array.from({ length: 21 }, (_, i) => get(String(i))) },
      { requests: [get('1'), get('1')] },
      { requests: [{ method: 'GET', url: '/applications' }] },
      { requests: [{ id: '1', method: 'BREW', url: '/applications' }] },
      { requests: [{ id: '1', method: 'POST', url: '/applications', body: {} }] },
      { requests: [{ ...get('1'), dependsOn: ['2'] }] },
      ...['/$batch', '$BATCH/', '/%24batch', '/x/../$batch'].map((url) => ({
        requests: [{ id: '1', method: 'POST', url, headers: JSON_HEADERS, body: { requests: [get('2')] } }],
      })),
      ...[
        '/../beta/applications',
        '..',
        '/%2e%2E/metadata/endpoints',
        'x/../../_control/faults',
        '\\..\\..\\beta',
      ].map((url) => ({ requests: [get('1'), { id: '2', method: 'GET', url }] })),
      {
        requests: [
          { ...get('1'), dependsOn: ['2'] },
          { ...get('2'), dependsOn: ['1'] },
        ],
      },
    ]
    for (const body of bad) {
      const { error } = expectStatus(await at.graph('POST', '/$batch', body), 400)
      expect(error.code, JSON.stringify(body)).toBe('BadRequest')
    }
    const answer = await at.send('POST', '/v1.0/$batch', { body: { requests: [get('1')] } })
    expectStatus(answer, 401)
  })

  it('has its requests throttled and cut one by one', async () => {
    at.tenant.control.addFault({ effect: 'throttle', on: { path: '/organization' }, retryAfter: '7s' })
    at.tenant.control.addFault({ effect: 'drop-before', on: { path: '/domains' } })
    const answers = await batch([
      { id: '1', method: 'GET', url: '/organization' },
      { id: '2', method: 'GET', url: '/domains' },
      { id: '3', method: 'GET', url: '/applications' },
    ])
    at.tenant.control.clearFaults()
    expect(answers.get('1')).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
    expect(answers.get('2').status).toBe(504)
    expect(answers.get('3').status).toBe(200)
  })

  it('puts off the reads that make its answer too large, and no write', { timeout: 60_000 }, async () => {
    const redirectUris = Array.from({ length: 250 }, (_, i) => `https://h${i}.example/${'p'.repeat(200)}`)
    for (let i = 0; i < 20; i++)
      expectStatus(
        await at.graph('POST', '/applications', { displayName: `L${i}`, web: { redirectUris } }),
        201,
      )
    const answers = await batch([
      ...Array.from({ length: 19 }, (_, i) => ({
        id: `read ${i}`,
        method: 'GET',
        url: '/applications?$top=999',
      })),
      {
        id: 'write',
        method: 'POST',
        url: '/applications',
        headers: JSON_HEADERS,
        body: { displayName: 'W' },
      },
    ])
    expect(answers.get('read 0').status).toBe(200)
    expect(answers.get('read 18')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
    expect(answers.get('write').status).toBe(201)
  })
})
