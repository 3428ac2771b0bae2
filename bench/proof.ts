import { MICROSOFT_GRAPH_APP_ID } from '../microsoft/apis.ts'
import { type AppTarget, openPorts, prove } from '../scripts/proof/index.ts'
import { type Rehearsal, rehearse } from '../test/support/rehearsal.ts'
import { type Figure, seconds } from './figure.ts'

const APPS = 100
/** A round trip within a continent, and some work at its end. */
const LATENCY_MS = 60
const ROLES = ['User.Read.All', 'Files.Read.All']
const PROBES = [
  'GET /users?$top=1',
  'GET /users/ada@contoso.onmicrosoft.com/drive',
  'GET /users/ada@contoso.onmicrosoft.com',
]

/**
 * The proof of 100 applications with two secrets and three probes each, beside what people do by hand: one token and one
 * call after another.
 */
export async function* benchProof(): AsyncGenerator<Figure> {
  const stage = await rehearse()
  try {
    const apps = await registered(stage)
    const credentials = apps.flatMap((app) => app.credentials.map(({ target }) => target))
    const what = `${APPS} apps, ${credentials.length} secrets, ${PROBES.length} probes each`

    yield* compared(stage, apps, credentials.length, `${what}, no latency`)
    // Loopback answers at once; Entra and Graph do not, and that is where asking together pays.
    stage.tenant.control.addFault({ effect: 'delay', by: LATENCY_MS })
    yield* compared(stage, apps, credentials.length, `${what}, ${LATENCY_MS} ms an answer`)
  } finally {
    await stage.close()
  }
}

async function* compared(
  stage: Rehearsal,
  apps: readonly AppTarget[],
  count: number,
  what: string,
): AsyncGenerator<Figure> {
  const { url, graphUrl } = stage.tenant
  let sent = 0
  const ports = openPorts({ loginUrl: url, graphUrl, wellKnown: false }, { onRequest: () => sent++ })
  const start = performance.now()
  const report = await prove(apps, ports)
  const ms = performance.now() - start
  if (report.verdict !== 'proved') throw new Error(`the proof came out ${report.verdict}`)
  const byHand = await oneAfterAnother(stage, apps)
  yield { name: `proof: ${what}`, value: seconds(ms) }
  yield { name: 'proof by hand, one after another: the same', value: seconds(byHand.ms) }
  yield { name: 'proof: requests per secret', value: (sent / count).toFixed(2) }
  yield { name: 'proof by hand: requests per secret', value: (byHand.requests / count).toFixed(2) }
}

async function registered(stage: Rehearsal): Promise<AppTarget[]> {
  const apps: AppTarget[] = []
  for (let i = 0; i < APPS; i++) {
    const { clientId, objectId, secret } = await stage.app({ roles: ROLES, displayName: `bench-${i}` })
    const secrets = [secret, await stage.secret(objectId)]
    const { tenantId } = stage.tenant
    const expected = {
      apis: [{ name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles: ROLES }],
      probes: PROBES,
    }
    const credentials = secrets.map(({ value }, n) => ({
      target: {
        label: `g${n + 1}`,
        tenantId,
        clientId,
        credential: { kind: 'secret' as const, value },
        expected,
      },
    }))
    apps.push({ app: `bench-${i}`, displayName: `bench-${i}`, tenantId, clientId, credentials })
  }
  return apps
}

/** The curl way: a token, then each call, then the next secret. */
async function oneAfterAnother({ tenant }: Rehearsal, apps: readonly AppTarget[]) {
  let requests = 0
  const send = async (url: string, init: RequestInit) => {
    requests++
    const response = await fetch(url, init)
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
    return (await response.json()) as Record<string, unknown>
  }
  const start = performance.now()
  for (const { target } of apps.flatMap(({ credentials }) => credentials)) {
    if (target.credential.kind !== 'secret') continue
    const form = {
      grant_type: 'client_credentials',
      client_id: target.clientId,
      client_secret: target.credential.value,
      scope: `${tenant.graphUrl}/.default`,
    }
    const token = await send(`${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    const headers = { authorization: `Bearer ${String(token['access_token'])}` }
    for (const probe of PROBES) await send(`${tenant.graphUrl}/v1.0${probe.replace('GET ', '')}`, { headers })
  }
  return { requests, ms: performance.now() - start }
}
