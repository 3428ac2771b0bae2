import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { payloadTooLarge, unreadablePayload, unsupportedEncoding } from '../errors/graph-error.ts'
import { isGraphUrl } from '../graph/register.ts'

/** Graph takes bodies of up to 4 MB; a compressed one counts as what it holds. */
export const BODY_LIMIT_BYTES = 4 * 1024 * 1024

/** Reads the bodies of requests: JSON, forms and images, for Graph also compressed with gzip, as its SDK for Go sends them. */
export function acceptBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  // Clients send a JSON content type with no body on DELETE and GET.
  server.addContentTypeParser(/^application\/json/, { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined)
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(unreadablePayload())
    }
  })
  server.addContentTypeParser(
    /^application\/x-www-form-urlencoded/,
    { parseAs: 'string' },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
  server.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined))
  server.addHook('preParsing', async ({ headers, url }, _reply, payload) => {
    const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
    if (encoding === 'identity' || !hasBody || !isGraphUrl(url)) return payload
    if (encoding !== 'gzip') throw unsupportedEncoding(encoding)
    return decompressed(payload)
  })
}

/** Holds no more than twice the limit, whatever a small body would grow to. */
async function decompressed(payload: Readable): Promise<Readable & { receivedEncodedLength: number }> {
  const received = await readAll(payload)
  const plain = await promisify(gunzip)(received, { maxOutputLength: BODY_LIMIT_BYTES }).catch(
    ({ code }: NodeJS.ErrnoException) => {
      throw code === 'ERR_BUFFER_TOO_LARGE' ? payloadTooLarge() : unreadablePayload()
    },
  )
  // Fastify compares it with the header Content-Length.
  return Object.assign(Readable.from(plain), { receivedEncodedLength: received.length })
}

async function readAll(payload: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_LIMIT_BYTES) throw payloadTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
