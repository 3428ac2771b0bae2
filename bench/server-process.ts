/**
 * A server in a process of its own, so that its memory and its share of the processor are not the clients': the local
 * tenant, or Fastify with a fixed answer to compare it with. Tells its parent where it is, and its memory when asked.
 */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { startTenant } from '../tenant/index.ts'
import { certificateAuthority, serverCertificate } from '../tenant/lib/certificates.ts'

/** What a server says when it listens. */
export interface Ready {
  readonly url: string
  readonly caPem: string
  readonly tenantId: string
  readonly clientId: string
  readonly secret: string
}

const [kind = '', dataDir = ''] = process.argv.slice(2)
const started = performance.now()
const ready = kind === 'tenant' ? await tenant() : await bare()
process.send?.({ ready, startMs: performance.now() - started })
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }))
process.on('disconnect', () => process.exit())

async function tenant(): Promise<Ready> {
  const { url, caPem, tenantId, deployer } = await startTenant({ dataDir })
  const secret = readFileSync(deployer.secretFile, 'utf8').trim()
  return { url, caPem, tenantId, clientId: deployer.clientId, secret }
}

/** The least that HTTPS and JSON cost with the same certificate and a body of the size of one application. */
async function bare(): Promise<Ready> {
  const authority = await certificateAuthority(dataDir)
  const { keyPem, certificatePem } = await serverCertificate(authority)
  const server = Fastify({ https: { key: keyPem, cert: certificatePem, minVersion: 'TLSv1.2' } })
  const body = JSON.stringify({ value: [{ filler: 'x'.repeat(1900) }] })
  server.get('*', async (_request, reply) => reply.type('application/json').send(body))
  await server.listen({ host: '127.0.0.1', port: 0 })
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `https://localhost:${port}`, caPem: authority.pem, tenantId: '', clientId: '', secret: '' }
}
