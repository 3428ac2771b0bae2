import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sodium from 'libsodium-wrappers'

/** Tokens of who may write secrets, and of who may read about them. */
export const WRITER = 'ghp_writer'
export const READER = 'ghp_reader'

/** A double of GitHub's REST API, as much as delivery uses: public keys and Actions secrets of repositories and environments. */
export interface GithubEndpoint {
  readonly url: string
  /** Secrets by path, opened with the private key that never left this endpoint. */
  readonly opened: Map<string, string>
  /** Every body it was sent, to look for values that should not be there. */
  readonly bodies: string[]
  close(): Promise<void>
}

export async function openGithub(): Promise<GithubEndpoint> {
  await sodium.ready
  const pair = sodium.crypto_box_keypair()
  const opened = new Map<string, string>()
  const updated = new Map<string, number>()
  const bodies: string[] = []
  let clock = Date.parse('2026-03-01T00:00:00Z')

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    const token = request.headers.authorization?.replace('token ', '')
    if (token !== WRITER && token !== READER) return send(response, 401, 'Bad credentials')
    const { pathname } = new URL(request.url ?? '/', url)
    const match = /^\/repos\/octo\/app\/(actions|environments\/[^/]+)\/secrets\/([^/]+)$/.exec(pathname)
    if (!match) return send(response, 404, 'Not Found')
    if (match[2] === 'public-key') {
      return json(response, 200, { key_id: 'key-1', key: base64(pair.publicKey) })
    }
    if (request.method === 'PUT') {
      if (token === READER) return send(response, 403, 'Resource not accessible by personal access token')
      return write(response, pathname, JSON.parse(body))
    }
    const at = updated.get(pathname)
    if (at === undefined) return send(response, 404, 'Not Found')
    return json(response, 200, { name: match[2], updated_at: new Date(at).toISOString() })
  }

  function write(response: ServerResponse, path: string, body: { key_id: string; encrypted_value: string }) {
    if (body.key_id !== 'key-1') return send(response, 422, 'key_id does not match')
    const box = sodium.from_base64(body.encrypted_value, sodium.base64_variants.ORIGINAL)
    const value = sodium.crypto_box_seal_open(box, pair.publicKey, pair.privateKey)
    const isNew = !opened.has(path)
    opened.set(path, sodium.to_string(value))
    clock += 1000
    updated.set(path, clock)
    response.writeHead(isNew ? 201 : 204).end(isNew ? '{}' : undefined)
  }

  return {
    url,
    opened,
    bodies,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function base64(bytes: Uint8Array): string {
  return sodium.to_base64(bytes, sodium.base64_variants.ORIGINAL)
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function send(response: ServerResponse, status: number, message: string): void {
  json(response, status, { message })
}
