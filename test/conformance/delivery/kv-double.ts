import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** Token that the double takes. */
export const KV_TOKEN = 'hvs.of-the-double'

/**
 * A double of the KV secrets engine, version 2: as much of its protocol as delivery uses, for every test run. The nightly
 * run judges the same by OpenBao.
 */
export async function openKvDouble(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const secrets = new Map<string, object[]>()
  const server = createServer(async (request, response) => {
    const send = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    const body = request.method === 'GET' ? undefined : ((await json(request)) as Written)
    if (request.headers.authorization !== `Bearer ${KV_TOKEN}`) {
      return send(403, { errors: ['permission denied'] })
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const versions = secrets.get(pathname) ?? []
    if (!body) {
      const version = Number(searchParams.get('version') ?? versions.length)
      const data = versions[version - 1]
      return data ? send(200, { data: { data, metadata: { version } } }) : send(404, { errors: [] })
    }
    const isPatch = request.method === 'PATCH'
    if (isPatch && versions.length === 0) return send(404, { errors: [] })
    if (isPatch && request.headers['content-type'] !== 'application/merge-patch+json') {
      return send(415, { errors: ['wrong content type'] })
    }
    if (body.options.cas !== versions.length) {
      return send(400, { errors: ['check-and-set parameter did not match the current version'] })
    }
    secrets.set(pathname, [...versions, { ...(isPatch && versions.at(-1)), ...body.data }])
    return send(200, { data: { version: versions.length + 1 } })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Written {
  readonly options: { readonly cas: number }
  readonly data: object
}
