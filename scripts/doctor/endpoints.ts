import { loginFailure, networkFailure } from '../proof/catalogue/failure.ts'
import { explain } from '../proof/catalogue/index.ts'
import { checkOfFinding, failed, passed } from '../proof/checks/check.ts'
import { judgeClock } from '../proof/checks/clock.ts'
import { judgeCloud } from '../proof/checks/token-contract.ts'
import type { Endpoints } from '../proof/connection/endpoints.ts'
import type { Check } from '../proof/model/report.ts'

const TIMEOUT_MS = 15_000

/** Tries the token endpoint's discovery document and Graph: reachable, trusted, of one cloud, of one time. */
export async function checkEndpoints(
  { loginUrl, graphUrl }: Endpoints,
  tenantId: string,
  { fetch = globalThis.fetch, now = () => new Date() } = {},
): Promise<Check[]> {
  const discovery = `${loginUrl}/${tenantId}/v2.0/.well-known/openid-configuration`
  const [login, graph] = await Promise.all([
    ask('token endpoint', discovery, fetch, now),
    ask('Microsoft Graph', `${graphUrl}/v1.0/organization`, fetch, now),
  ])
  return [
    ...judgeLogin(login, graphUrl, now()),
    // Without a token Graph answers 401: that it answers at all, under a trusted certificate, is the point.
    graph.answered ? passed(graph.name, `${new URL(graphUrl).host} answers`) : graph.check,
    ...judgeClock([login, graph].flatMap((answer) => (answer.answered ? (answer.aheadMs ?? []) : []))),
  ]
}

type Asked =
  | {
      readonly answered: true
      readonly name: string
      readonly url: string
      readonly response: Response
      readonly body: string
      readonly aheadMs?: number
    }
  | { readonly answered: false; readonly name: string; readonly check: Check }

async function ask(
  name: string,
  url: string,
  fetch: typeof globalThis.fetch,
  now: () => Date,
): Promise<Asked> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    const date = Date.parse(response.headers.get('date') ?? '')
    const ahead = Number.isNaN(date) ? {} : { aheadMs: date - now().getTime() }
    return { answered: true, name, url, response, body: await response.text(), ...ahead }
  } catch (error) {
    return { answered: false, name, check: failed(name, explain(networkFailure(error, url))) }
  }
}

function judgeLogin(login: Asked, graphUrl: string, now: Date): Check[] {
  if (!login.answered) return [login.check]
  const { name, url, response, body } = login
  if (!response.ok) {
    const header = (key: string) => response.headers.get(key) ?? undefined
    return [failed(name, explain(loginFailure({ status: response.status, header, body }, now)))]
  }
  const { msgraph_host: graphHost } = JSON.parse(body) as { msgraph_host?: string }
  return [
    passed(name, `${new URL(url).host} answers and knows the tenant`),
    ...judgeCloud(graphHost, graphUrl).map(checkOfFinding),
  ]
}
