import { describe, expect, it } from 'vitest'
import { askTogether, batchBody } from '../../../../scripts/proof/connection/batch.ts'
import type { GraphRequest } from '../../../../scripts/proof/model/ports.ts'
import { answer, fakePorts } from './fake-ports.ts'

const items = (count: number) => Array.from({ length: count }, (_, i) => ({ method: 'GET', path: `/x/${i}` }))
const requestsIn = ({ body }: GraphRequest) =>
  (body as ReturnType<typeof batchBody>).requests as { id: string; url: string }[]

/** Answers a batch in reverse order, each request with its own path. */
const echo = (request: GraphRequest) => {
  const responses = requestsIn(request).map(({ id, url }) => ({
    id,
    status: 200,
    headers: {},
    body: { url },
  }))
  return { ok: true as const, answer: answer(200, { responses: responses.reverse() }) }
}
const statuses = (answers: Awaited<ReturnType<typeof askTogether>>) =>
  answers.map((each) => (each.ok ? each.answer.status : each.failure.code))

describe('askTogether', () => {
  it('sends nothing for nothing, and a single request plainly', async () => {
    const ports = fakePorts({ graph: () => ({ ok: true, answer: answer(200) }) })
    expect(await askTogether(ports, [], { token: 't' })).toEqual([])
    await askTogether(ports, items(1), { token: 't' })
    expect(ports.graphRequests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /x/0'])
  })

  it('sends twenty at a time and returns the answers in order', async () => {
    const ports = fakePorts({ graph: echo })
    const answers = await askTogether(ports, items(45), { token: 't', version: 'beta' })
    expect(ports.graphRequests.map((request) => requestsIn(request).length)).toEqual([20, 20, 5])
    expect(ports.graphRequests.map(({ version, path }) => `${version} ${path}`)).toEqual(
      Array(3).fill('beta /$batch'),
    )
    expect(answers.map((each) => (each.ok ? JSON.parse(each.answer.body).url : ''))).toEqual(
      items(45).map(({ path }) => path),
    )
  })

  it('keeps status and headers of each answer', async () => {
    const responses = [
      { id: '1', status: 429, headers: { 'Retry-After': '7' }, body: { error: { code: 'TooManyRequests' } } },
      { id: '0', status: 200, body: {} },
    ]
    const ports = fakePorts({ graph: () => ({ ok: true, answer: answer(200, { responses }) }) })
    const [first, second] = await askTogether(ports, items(2), { token: 't' })
    expect(first).toMatchObject({ ok: true, answer: { status: 200 } })
    expect(second?.ok && second.answer.header('retry-after')).toBe('7')
  })

  it('makes a request that was left out worth another attempt', async () => {
    const ports = fakePorts({
      graph: () => ({ ok: true, answer: answer(200, { responses: [{ id: '0', status: 200 }] }) }),
    })
    expect(statuses(await askTogether(ports, items(2), { token: 't' }))).toEqual([200, 'HTTP 502'])
  })

  it.each([401, 429, 503])('passes %d on the batch as such on to all', async (status) => {
    const ports = fakePorts({ graph: () => ({ ok: true, answer: answer(status) }) })
    expect(statuses(await askTogether(ports, items(3), { token: 't' }))).toEqual([status, status, status])
    expect(ports.graphRequests).toHaveLength(1)
  })

  it.each([403, 404, 405, 501])(
    'goes one by one where %d says that batches are not taken',
    async (status) => {
      const ports = fakePorts({
        graph: ({ path }) => ({ ok: true, answer: answer(path === '/$batch' ? status : 200) }),
      })
      expect(statuses(await askTogether(ports, items(3), { token: 't' }))).toEqual([200, 200, 200])
      expect(ports.graphRequests).toHaveLength(4)
    },
  )

  it('carries bodies', () => {
    expect(batchBody([{ method: 'POST', path: '/a', body: { b: 1 } }])).toEqual({
      requests: [
        {
          id: '0',
          method: 'POST',
          url: '/a',
          headers: { 'Content-Type': 'application/json' },
          body: { b: 1 },
        },
      ],
    })
  })
})
