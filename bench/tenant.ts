import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type RunningTenant, startTenant } from '../tenant/index.ts'
import { type Figure, seconds } from './figure.ts'

/** Milliseconds each rate is measured for. */
const PERIOD = 3000
const CLIENTS = 16

/** Start of the tenant, and what it answers per second over HTTPS to clients in the same process. */
export async function* benchTenant(dataDir: string): AsyncGenerator<Figure> {
  const first = await timed(() => startTenant({ dataDir }))
  yield { name: 'tenant: first start (keys, CA, seed)', value: seconds(first.ms) }
  await first.result.close()

  const { result: tenant, ms } = await timed(() => startTenant({ dataDir }))
  yield { name: 'tenant: start on existing data', value: seconds(ms) }
  try {
    setDefaultCACertificates([...getCACertificates('default'), tenant.caPem])
    yield {
      name: `tenant: tokens per second, ${CLIENTS} clients`,
      value: await rate(() => requestToken(tenant)),
    }
    const token = await requestToken(tenant)
    const read = () => get(`${tenant.graphUrl}/v1.0/applications?$top=1`, token)
    yield { name: `tenant: Graph reads per second, ${CLIENTS} clients`, value: await rate(read) }
  } finally {
    await tenant.close()
  }
}

async function requestToken(tenant: RunningTenant): Promise<string> {
  const response = await fetch(`${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: tenant.deployer.clientId,
      client_secret: readFileSync(tenant.deployer.secretFile, 'utf8').trim(),
      scope: `${tenant.graphUrl}/.default`,
    }),
  })
  if (!response.ok) throw new Error(`token: ${response.status} ${await response.text()}`)
  return ((await response.json()) as { access_token: string }).access_token
}

async function get(url: string, token: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

async function rate(once: () => Promise<unknown>): Promise<string> {
  const end = performance.now() + PERIOD
  let count = 0
  const client = async () => {
    while (performance.now() < end) {
      await once()
      count++
    }
  }
  const { ms } = await timed(() => Promise.all(Array.from({ length: CLIENTS }, client)))
  return Math.round((count / ms) * 1000).toString()
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now()
  return { result: await work(), ms: performance.now() - start }
}
