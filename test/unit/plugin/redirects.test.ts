import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../../plugin/client/configuration.ts'
import { Graph } from '../../../plugin/client/graph.ts'
import { Session } from '../../../plugin/client/session.ts'
import { ENV } from './directory.ts'

const servers: Server[] = []

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A host that nobody may be sent to: what reached it. */
async function elsewhere() {
  const reached: string[] = []
  const host = await listen((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  return { host, reached }
}

/** A tenant that redirects every request below `path`. Plain HTTP, which the plugin is told to be HTTPS. */
async function openAt(path: string, to: string, status: number) {
  const host = await listen((request, response) => {
    const url = request.url ?? ''
    if (url.includes(path)) return response.writeHead(status, { location: `http://${to}/taken` }).end()
    if (url.startsWith('/metadata')) {
      const base = `https://${request.headers.host}`
      return response.end(
        JSON.stringify({ microsoftGraphResourceId: base, authentication: { loginEndpoint: base } }),
      )
    }
    const claims = Buffer.from(JSON.stringify({ oid: 'me' })).toString('base64url')
    return response.end(JSON.stringify({ access_token: `e30.${claims}.e30`, expires_in: 3600 }))
  })
  const options = {
    fetch: ((url: string, init: RequestInit) =>
      fetch(url.replace('https:', 'http:'), init)) as typeof globalThis.fetch,
    sleep: async () => {},
  }
  const session = await Session.open(readConfiguration({}, { ...ENV, ARM_METADATA_HOSTNAME: host })!, options)
  return new Graph(session, options)
}

describe.each([301, 302, 307, 308])('a redirect (%i)', (status) => {
  it('does not take the client secret with it', async () => {
    const { host, reached } = await elsewhere()
    await expect(openAt('/oauth2/v2.0/token', host, status)).rejects.toMatchObject({ code: 'REDIRECTED' })
    expect(reached).toEqual([])
  })

  it('does not take a request of Graph with it', async () => {
    const { host, reached } = await elsewhere()
    const graph = await openAt('/v1.0/', host, status)
    await expect(graph.get('/applications')).rejects.toMatchObject({ code: 'REDIRECTED' })
    await expect(graph.post('/applications', {})).rejects.toMatchObject({ code: 'REDIRECTED' })
    expect(reached).toEqual([])
  })
})
