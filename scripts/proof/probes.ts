import { Client, GraphError } from '@microsoft/microsoft-graph-client'
import type { Check } from './claims.ts'
import type { Endpoints } from './endpoints.ts'

/** A Graph client that uses one given token, for one cloud. */
export function graphClient(token: string, endpoints: Endpoints): Client {
  return Client.init({
    authProvider: (done) => done(null, token),
    baseUrl: endpoints.graphUrl,
    customHosts: new Set([new URL(endpoints.graphUrl).hostname]),
  })
}

/**
 * Runs a declared probe.
 *
 * @param probe a read such as `GET /users?$top=1`
 */
export async function runProbe(client: Client, probe: string): Promise<Check> {
  try {
    return { name: probe, ok: true, detail: summarise(await client.api(probe.replace(/^GET /, '')).get()) }
  } catch (error) {
    return { name: probe, ok: false, detail: describeFailure(error) }
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof GraphError) return `${error.statusCode} ${error.code ?? ''}: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}

/** A few words about an answer: the names of a list's first entries, or the name of one object. */
function summarise(answer: unknown): string {
  if (!isRecord(answer)) return 'answered'
  const { value } = answer
  if (!Array.isArray(value)) return label(answer)
  const names = value.slice(0, 4).map((entry) => (isRecord(entry) ? label(entry) : String(entry)))
  const more = value.length > names.length ? ', …' : ''
  return `${value.length} found: ${names.join(', ')}${more}`
}

function label(entry: Record<string, unknown>): string {
  const name = entry['name'] ?? entry['displayName'] ?? entry['id'] ?? 'answered'
  return isRecord(entry['folder']) ? `${name}/` : String(name)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
