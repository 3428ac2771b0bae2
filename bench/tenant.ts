import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { type Figure, seconds } from './figure.ts'
import type { Ready } from './server-process.ts'

/** Milliseconds each rate is measured for. */
const PERIOD = 3000
const CLIENTS = 16
const APPLICATIONS = 10_000

/** Start of the tenant, what it answers per second over HTTPS, and its memory with many applications. */
export async function* benchTenant(dataDir: string): AsyncGenerator<Figure> {
  mkdirSync(dataDir, { recursive: true })
  const bare = await start('bare', join(dataDir, 'bare'))
  const floor = await measure(() => bare.get('/'))
  yield { name: `bare Fastify: fixed JSON, ${CLIENTS} clients`, value: floor.text }
  yield { name: 'bare Fastify: memory', value: await bare.memory() }
  await bare.stop()

  const first = await start('tenant', join(dataDir, 'tenant'))
  yield { name: 'tenant: first start (keys, CA, seed)', value: seconds(first.startMs) }
  await first.stop()
  const tenant = await start('tenant', join(dataDir, 'tenant'))
  yield { name: 'tenant: start on existing data', value: seconds(tenant.startMs) }
  try {
    yield* benchRequests(tenant, floor.perSecond)
  } finally {
    await tenant.stop()
  }
  const again = await start('tenant', join(dataDir, 'tenant'))
  yield { name: `tenant: start with ${APPLICATIONS} applications`, value: seconds(again.startMs) }
  await again.stop()
}

async function* benchRequests(tenant: Server, floor: number): AsyncGenerator<Figure> {
  yield { name: 'tenant: memory, freshly seeded', value: await tenant.memory() }
  const tokens = await measure(() => tenant.token())
  yield { name: `tenant: tokens, ${CLIENTS} clients`, value: tokens.text }
  const token = await tenant.token()
  let made = 0
  const create = async () => {
    made += 1
    return tenant.post('/v1.0/applications', token, { displayName: `app ${made}` })
  }
  const writes = await measure(create)
  yield { name: `tenant: writes (POST application, on disk), ${CLIENTS} clients`, value: writes.text }
  const fresh = await measure(() => tenant.get('/v1.0/applications?$top=1', token))
  yield {
    name: `tenant: reads, ${CLIENTS} clients`,
    value: `${fresh.text}, ${share(fresh.perSecond, floor)}`,
  }
  await together(APPLICATIONS - made, create)
  yield { name: `tenant: memory with ${APPLICATIONS} applications`, value: await tenant.memory() }
  const path = `/v1.0/applications?$filter=${encodeURIComponent("displayName eq 'app 5000'")}`
  const found = await measure(() => tenant.get(path, token))
  yield {
    name: `tenant: reads by name among ${APPLICATIONS}, ${CLIENTS} clients`,
    value: `${found.text}, ${share(found.perSecond, floor)}`,
  }
  const late = await measure(create)
  yield { name: `tenant: writes among ${APPLICATIONS}, ${CLIENTS} clients`, value: late.text }
}

function share(perSecond: number, floor: number): string {
  return `${Math.round((100 * perSecond) / floor)} % of bare Fastify`
}

interface Rate {
  readonly perSecond: number
  /** Per second, median and 99th percentile. */
  readonly text: string
}

async function measure(once: () => Promise<unknown>): Promise<Rate> {
  const times: number[] = []
  const begin = performance.now()
  const client = async () => {
    while (performance.now() < begin + PERIOD) {
      const at = performance.now()
      await once()
      times.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const perSecond = (times.length / (performance.now() - begin)) * 1000
  times.sort((a, b) => a - b)
  const quantile = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(1)
  return {
    perSecond,
    text: `${Math.round(perSecond)} per second, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms`,
  }
}

async function together(count: number, once: () => Promise<unknown>): Promise<void> {
  let left = count
  const client = async () => {
    while (left > 0) {
      left -= 1
      await once()
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

interface Server {
  readonly startMs: number
  get(path: string, token?: string): Promise<string>
  post(path: string, token: string, body: object): Promise<string>
  token(): Promise<string>
  /** Resident memory, in words. */
  memory(): Promise<string>
  stop(): Promise<void>
}

async function start(kind: 'tenant' | 'bare', dataDir: string): Promise<Server> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const child = fork(new URL('server-process.ts', import.meta.url), [kind, dataDir])
  const [{ ready, startMs }] = (await once(child, 'message')) as [{ ready: Ready; startMs: number }]
  const agent = new Agent({ ca: ready.caPem, keepAlive: true, maxSockets: CLIENTS })
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    ask(new URL(path, ready.url), agent, { method, headers, ...(body === undefined ? {} : { body }) })
  const authorized = (token: string) => ({ authorization: `Bearer ${token}` })
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: ready.clientId,
    client_secret: ready.secret,
    scope: `${ready.url}/.default`,
  }).toString()
  return {
    startMs,
    get: (path, token) => send('GET', path, token === undefined ? {} : authorized(token)),
    post: (path, token, body) =>
      send('POST', path, { ...authorized(token), 'content-type': 'application/json' }, JSON.stringify(body)),
    token: async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await send('POST', `/${ready.tenantId}/oauth2/v2.0/token`, headers, form)
      return (JSON.parse(answer) as { access_token: string }).access_token
    },
    memory: () => memoryOf(child),
    stop: async () => {
      agent.destroy()
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

async function memoryOf(child: ChildProcess): Promise<string> {
  const answered = once(child, 'message')
  child.send('memory')
  const [{ rss }] = (await answered) as [{ rss: number }]
  return `${Math.round(rss / 1024 / 1024)} MB`
}

function ask(
  url: URL,
  agent: Agent,
  { body, ...options }: { method: string; headers: Record<string, string>; body?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, ...options }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        if ((incoming.statusCode ?? 0) < 300) resolve(text)
        else reject(new Error(`${options.method} ${url.pathname}: ${incoming.statusCode} ${text}`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
