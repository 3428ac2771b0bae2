import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../plugin/client/configuration.ts'
import { filterBy, Graph, notYetVisible } from '../../../plugin/client/graph.ts'
import { Session } from '../../../plugin/client/session.ts'
import { type Answer, ENV, HOST, refused, ScriptedDirectory } from './directory.ts'

async function connect(...answers: Answer[]): Promise<{ graph: Graph; directory: ScriptedDirectory }> {
  const directory = new ScriptedDirectory(...answers)
  const session = await Session.open(readConfiguration({}, ENV)!, directory.options)
  return { graph: new Graph(session, directory.options), directory }
}

describe('Graph requests', () => {
  it('wait as long as Retry-After says, else ever longer', async () => {
    const { graph, directory } = await connect(
      { ...refused(429, 'TooManyRequests'), headers: { 'retry-after': '7' } },
      refused(503, 'ServiceUnavailable'),
      refused(500, 'InternalServerError'),
      { json: { id: 'x' } },
    )
    await expect(graph.get('/users/x')).resolves.toEqual({ id: 'x' })
    expect(directory.waits).toEqual([7000, 2000, 4000])
  })

  it('give up with the last refusal, its code and request id', async () => {
    const { graph, directory } = await connect(
      ...Array<Answer>(8).fill(refused(504, 'GatewayTimeout', 'Slow.')),
    )
    await expect(graph.post('/users', {})).rejects.toMatchObject({
      code: 'GRAPH_REFUSED',
      status: 504,
      graphCode: 'GatewayTimeout',
      message: 'POST /v1.0/users: 504 GatewayTimeout: Slow. (request-id r-1)',
    })
    expect(directory.waits).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 61000])
    expect(directory.left).toBe(0)
  })

  it.each([400, 403, 404, 409, 501])('do not repeat a %i', async (status) => {
    const { graph, directory } = await connect(refused(status, 'Nope'))
    await expect(graph.get('/users/x')).rejects.toMatchObject({ status })
    expect(directory.requests).toHaveLength(1)
  })

  it('repeat a 404 where the caller just made the object', async () => {
    const { graph, directory } = await connect(refused(404, 'Request_ResourceNotFound'), {
      json: { id: 'x' },
    })
    await expect(graph.get('/users/x', { retryWhen: notYetVisible })).resolves.toEqual({ id: 'x' })
    expect(directory.waits).toEqual([1000])
  })

  it('repeat a GET whose connection broke, but no write, which may have happened', async () => {
    const read = await connect({ lost: true }, { json: { id: 'x' } })
    await expect(read.graph.get('/users/x')).resolves.toEqual({ id: 'x' })
    const write = await connect({ lost: true })
    await expect(write.graph.post('/users', {})).rejects.toMatchObject({ code: 'TENANT_UNREACHABLE' })
    expect(write.directory.requests).toEqual(['POST /v1.0/users'])
  })

  it('renew a refused token once', async () => {
    const refusal = refused(401, 'InvalidAuthenticationToken')
    const { graph, directory } = await connect(refusal, { json: { id: 'x' } })
    await expect(graph.get('/users/x')).resolves.toEqual({ id: 'x' })
    expect(directory.tokens).toBe(2)
    const twice = await connect(refusal, refusal)
    await expect(twice.graph.get('/users/x')).rejects.toMatchObject({ status: 401 })
  })

  it('follow pages on the same host only', async () => {
    const next = `https://${HOST}/v1.0/users?$skiptoken=2`
    const { graph, directory } = await connect(
      { json: { value: [{ id: 'a' }], '@odata.nextLink': next } },
      { json: { value: [{ id: 'b' }] } },
    )
    await expect(graph.list('/users')).resolves.toEqual([{ id: 'a' }, { id: 'b' }])
    expect(directory.requests).toEqual(['GET /v1.0/users', 'GET /v1.0/users?$skiptoken=2'])
    const away = await connect({
      json: { value: [], '@odata.nextLink': 'https://graph.microsoft.com/v1.0/users' },
    })
    await expect(away.graph.list('/users')).rejects.toMatchObject({ code: 'NOT_LOOPBACK' })
  })

  it('find nothing where there is nothing, but do not hide a refusal', async () => {
    const gone = await connect(refused(404, 'Request_ResourceNotFound'))
    await expect(gone.graph.find('/users/x')).resolves.toBeUndefined()
    const denied = await connect(refused(403, 'Authorization_RequestDenied'))
    await expect(denied.graph.find('/users/x')).rejects.toThrow(/lacks a Graph permission/)
  })

  it('say what did not show after a write', async () => {
    const { graph } = await connect()
    await expect(graph.until('Password x', async () => false)).rejects.toMatchObject({
      code: 'NOT_REPLICATED',
      message: expect.stringContaining('Password x does not show in Graph'),
    })
  })

  it('end when cancelled, but let a write under way finish', async () => {
    const directory = new ScriptedDirectory({ json: { id: 'x' } })
    const session = await Session.open(readConfiguration({}, ENV)!, directory.options)
    const abort = new AbortController()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      abort.abort()
      return directory.options.fetch(input, init)
    }
    const graph = new Graph(session, { fetch, signal: abort.signal })
    await expect(graph.post('/users', {})).resolves.toEqual({ id: 'x' })
    await expect(graph.get('/users/x')).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(directory.requests).toEqual(['POST /v1.0/users'])
  })

  it('double quotes in filters', () => {
    expect(decodeURIComponent(filterBy('displayName', "Pat's app"))).toBe(
      "$filter=displayName eq 'Pat''s app'",
    )
  })
})
