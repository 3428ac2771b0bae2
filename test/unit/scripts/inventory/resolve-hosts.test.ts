import { Resolver } from 'node:dns/promises'
import { afterEach, expect, it } from 'vitest'
import { resolveHosts } from '../../../../scripts/inventory/resolve-hosts.ts'
import { type DnsAnswer, type DnsServer, openDnsServer } from '../../../support/dns-server.ts'
import { plainEntry } from '../../../support/inventory-entry.ts'

let server: DnsServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function resolve(
  uris: readonly string[],
  answers: Record<string, DnsAnswer>,
  signal = new AbortController().signal,
) {
  server = await openDnsServer(answers)
  const resolver = new Resolver({ timeout: 60_000, tries: 1 })
  resolver.setServers([server.address])
  const entry = plainEntry({ redirectUris: uris.map((uri) => ({ platform: 'web', uri })) })
  const counts: number[] = []
  const found = await resolveHosts([entry, entry], resolver, signal, (done) => counts.push(done))
  return { dangling: [...found.dangling], unanswered: found.unanswered, asked: new Set(server.asked), counts }
}

it('finds the hosts whose names do not exist, and says of which nobody could tell', async () => {
  const found = await resolve(
    ['https://lives.test/cb', 'https://GONE.test/cb', 'https://mail.test', 'https://broken.test:8443/cb'],
    { 'lives.test': 'address', 'gone.test': 'no-name', 'mail.test': 'no-data', 'broken.test': 'failure' },
  )
  expect(found).toMatchObject({ dangling: ['gone.test'], unanswered: ['broken.test'], counts: [1, 2, 3, 4] })
})

it('asks for names alone, and for none that this computer or nobody has', async () => {
  const uris = ['http://localhost:3000', 'https://127.0.0.1/cb', 'https://[2001:db8::1]/cb', 'myapp://auth']
  expect(await resolve([...uris, 'https://*.wild.test/cb'], {})).toEqual({
    dangling: [],
    unanswered: [],
    asked: new Set(),
    counts: [],
  })
})

it('stops when the run ends', async () => {
  const stop = new AbortController()
  const running = resolve(['https://slow.test'], { 'slow.test': 'silence' }, stop.signal)
  await expect.poll(() => server?.asked).toEqual(['slow.test'])
  stop.abort()
  await expect(running).rejects.toThrow(/aborted/)
})
