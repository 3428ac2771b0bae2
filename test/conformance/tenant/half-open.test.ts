import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTenant, type TestTenant } from './client.ts'

let at: TestTenant

beforeAll(async () => {
  at = await openTenant()
})
afterAll(() => at.close())

/** Milliseconds until the tenant closes a connection. */
async function closedAfter(connection: NodeJS.EventEmitter): Promise<number> {
  const started = performance.now()
  connection.on('error', () => {})
  await once(connection, 'close')
  return performance.now() - started
}

it('closes connections that are opened and left alone', { timeout: 90_000 }, async () => {
  const port = Number(new URL(at.tenant.url).port)
  const silent = Array.from({ length: 400 }, () => connect(port, '127.0.0.1').resume())
  const secure = Array.from({ length: 20 }, () => {
    const socket = connectTls({ port, host: 'localhost', rejectUnauthorized: false }, () =>
      socket.write('GET /v1.0/users HTTP/1.1\r\nHost: localhost\r\n'),
    )
    return socket.resume()
  })
  const times = await Promise.all([...silent, ...secure].map(closedAfter))
  expect(Math.max(...times)).toBeLessThan(60_000)
})
