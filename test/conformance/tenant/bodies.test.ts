import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, expectStatus, openTenant, type Response, type TestTenant } from './client.ts'

let at: TestTenant
let authorization: string

const MEGABYTE = 1024 * 1024

beforeAll(async () => {
  at = await openTenant({ deployerRoles: ['Application.ReadWrite.All'] })
  authorization = `Bearer ${await at.token()}`
})
afterAll(() => at.close())

const post = (body: Buffer, headers: Record<string, string>): Promise<Response> =>
  at.send('POST', '/v1.0/applications', { body, headers: { authorization, ...headers } })

const error = (answer: Response, status: number): Answer => {
  const { error } = expectStatus(answer, status)
  expect(error.innerError['request-id']).toBe(answer.headers['request-id'])
  return error
}

const application = (displayName: string, notes = ''): Buffer =>
  Buffer.from(JSON.stringify({ displayName, notes }))

/** As kiota's middleware for Go sends every body. */
const GZIP = { 'content-encoding': 'gzip' }

describe('a compressed body', () => {
  it.each(['gzip', 'GZIP', 'identity'])('is read: %s', async (encoding) => {
    const name = `from ${encoding} ü`
    const body = encoding === 'identity' ? application(name) : gzipSync(application(name))
    const created = expectStatus(await post(body, { 'content-encoding': encoding }), 201)
    expect(created.displayName).toBe(name)
  })

  it('may come in chunks, in a batch, and be a PATCH', async () => {
    const chunked = { ...GZIP, 'transfer-encoding': 'chunked' }
    const { id } = expectStatus(await post(gzipSync(application('in chunks')), chunked), 201)
    const body = gzipSync(JSON.stringify({ notes: 'compressed' }))
    const headers = { authorization, ...GZIP }
    expectStatus(await at.send('PATCH', `/v1.0/applications/${id}`, { body, headers }), 204)
    const requests = [{ id: '1', method: 'GET', url: `/applications/${id}?$select=notes` }]
    const batch = { body: gzipSync(JSON.stringify({ requests })), headers }
    const { responses } = expectStatus(await at.send('POST', '/v1.0/$batch', batch), 200)
    expect(responses[0].body.notes).toBe('compressed')
  })

  it('is not looked for where there is none', async () => {
    const headers = { authorization, 'content-encoding': 'br' }
    expectStatus(await at.send('GET', '/v1.0/applications', { headers }), 200)
  })

  it.each(['br', 'deflate', 'gzip, gzip', 'nonsense'])(
    'in another encoding is 415, after which SDKs send it as it is: %s',
    async (encoding) => {
      const answer = await post(brotliCompressSync(application('other')), { 'content-encoding': encoding })
      const { code, message } = error(answer, 415)
      expect(code).toBe('UnsupportedMediaType')
      expect(message).toContain(`'${encoding}'`)
    },
  )

  it.each([
    ['not compressed', application('plain')],
    ['cut off', gzipSync(application('cut off')).subarray(0, -6)],
    [
      'changed on the way',
      Buffer.concat([gzipSync(application('changed')).subarray(0, 20), Buffer.alloc(20)]),
    ],
    ['no JSON inside', gzipSync('{"displayName":')],
  ])('that is broken is 400: %s', async (_, body) => {
    const { code, message } = error(await post(body, GZIP), 400)
    expect(code).toBe('BadRequest')
    expect(message).toContain('Unable to read JSON request payload')
  })

  it('counts as what it holds: 413 above 4 MB', async () => {
    const most = application('large', '').length
    const fits = gzipSync(application('large', ' '.repeat(4 * MEGABYTE - most)))
    expect(error(await post(fits, GZIP), 400).code).toBe('Request_BadRequest')
    const larger = gzipSync(application('large', ' '.repeat(4 * MEGABYTE - most + 1)))
    expect(error(await post(larger, GZIP), 413).code).toBe('RequestEntityTooLarge')
    expect(error(await post(Buffer.alloc(4 * MEGABYTE + 1, ' '), {}), 413).code).toBe('RequestEntityTooLarge')
    const chunked = { ...GZIP, 'transfer-encoding': 'chunked' }
    expect(error(await post(Buffer.alloc(4 * MEGABYTE + 1), chunked), 413).code).toBe('RequestEntityTooLarge')
  })

  it('takes no memory for what a small one would grow to', async () => {
    const gigabyte = Buffer.concat(Array<Buffer>(256).fill(gzipSync(Buffer.alloc(4 * MEGABYTE))))
    expect(gigabyte.length).toBeLessThan(2 * MEGABYTE)
    const before = process.memoryUsage().external
    let most = 0
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().external - before)
    }, 1)
    expect(error(await post(gigabyte, GZIP), 413).code).toBe('RequestEntityTooLarge')
    clearInterval(timer)
    expect(most).toBeLessThan(64 * MEGABYTE)
    expectStatus(await post(gzipSync(application('after')), GZIP), 201)
  })

  it('of a form is not for the login endpoint', async () => {
    const body = gzipSync('grant_type=client_credentials')
    const headers = { ...GZIP, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await at.send('POST', `/${at.tenant.tenantId}/oauth2/v2.0/token`, { body, headers })
    expect(expectStatus(answer, 400).error_description).toContain('AADSTS')
  })
})
