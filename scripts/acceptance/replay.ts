import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import { mapTexts } from './names.ts'
import type { Exchange, Recording } from './recording.ts'
import { errorOf } from './recording.ts'
import { type Shape, typeOf } from './shape.ts'

/** Where a recording is played again. */
export interface Stage {
  /** `https://localhost:PORT`. */
  readonly url: string
  readonly tenantId: string
  readonly deployer: { readonly clientId: string; readonly objectId: string; readonly secret: string }
  readonly fetch?: typeof globalThis.fetch
}

/** A request of the recording with what it was answered there and here. */
export interface Replayed {
  readonly exchange: Exchange
  readonly status: number
  readonly error: string | undefined
  readonly answer: unknown
}

const NAME = /\{(?:(?:id|secret|token)-\d+|tenant|deployer|deployer-object|deployer-secret)\}/g

/**
 * Sends the requests of a recording to another tenant, in order. Names get the values that this tenant answers in the same
 * places. Requests that the first tenant refused and then, sent again, granted were early, and are left out.
 */
export async function replay(recording: Recording, stage: Stage): Promise<Replayed[]> {
  const { fetch = globalThis.fetch } = stage
  const values = new Map([
    ['{tenant}', stage.tenantId],
    ['{deployer}', stage.deployer.clientId],
    ['{deployer-object}', stage.deployer.objectId],
    ['{deployer-secret}', stage.deployer.secret],
  ])
  // A name that no answer has shown is one that the client chose, such as the id of an app role.
  const valueFor = (name: string) => {
    const value = values.get(name) ?? (name.startsWith('{id') ? crypto.randomUUID() : name)
    values.set(name, value)
    return value
  }
  const fill = (text: string) => text.replace(NAME, valueFor).replaceAll('{graph}', stage.url)
  const replayed: Replayed[] = []
  for (const exchange of settled(recording.exchanges)) {
    const { api, method, path, token, consistencyLevel, body, status } = exchange
    const response = await fetch(`${stage.url}${fill(path)}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${valueFor(token)}` }),
        ...(consistencyLevel !== undefined && { consistencylevel: consistencyLevel }),
        ...(body !== undefined && api === 'graph' && { 'content-type': 'application/json' }),
      },
      redirect: 'manual',
      ...(body !== undefined && {
        body: api === 'graph' ? JSON.stringify(mapTexts(body, fill)) : form(body, fill),
      }),
    })
    const text = await response.text()
    const answer = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined
    if (status < 400 && response.ok && exchange.answer !== undefined) learn(exchange.answer, answer, values)
    replayed.push({ exchange, status: response.status, error: errorOf(answer), answer })
  }
  return replayed
}

/** Without the links to further pages, which mean something to one tenant only, and without what was too early. */
function settled(exchanges: readonly Exchange[]): Exchange[] {
  const keyOf = ({ method, path, body }: Exchange) => JSON.stringify([method, path, body])
  const granted = new Map(
    exchanges.flatMap((each, index) => (each.status < 400 ? [[keyOf(each), index] as const] : [])),
  )
  return exchanges.filter((each, index) => {
    if (/skiptoken|deltatoken/i.test(each.path)) return false
    const isLate = each.status === 429 || each.status >= 500
    return each.status < 400 || !(isLate || (granted.get(keyOf(each)) ?? -1) > index)
  })
}

/** A form; the deployer logs in with its secret here, whatever it used there. */
function form(body: unknown, fill: (text: string) => string): URLSearchParams {
  const members = new URLSearchParams(body as Record<string, string>)
  if (members.get('client_id') === '{deployer}') {
    members.delete('client_assertion')
    members.delete('client_assertion_type')
    members.set('client_secret', '{deployer-secret}')
  }
  for (const [member, value] of [...members]) members.set(member, fill(value))
  for (const member of ['scope', 'resource']) {
    const value = members.get(member)
    const here = value?.replaceAll(fill('{graph}'), MICROSOFT_GRAPH_APP_ID)
    if (here !== undefined) members.set(member, here)
  }
  return members
}

/** Takes the values of names from an answer, where the recorded one has the names. */
function learn(shape: Shape, answer: unknown, values: Map<string, string>): void {
  if (typeof shape === 'string') {
    if (/^\{/.test(shape) && typeof answer === 'string' && !values.has(shape)) values.set(shape, answer)
    return
  }
  if (typeof answer !== 'object' || answer === null) return
  if (Array.isArray(shape)) {
    const rest = Array.isArray(answer) ? [...answer] : []
    for (const item of shape) {
      const [match] = rest.splice(nearest(item, rest, values), 1)
      learn(item, match, values)
    }
    return
  }
  for (const [member, part] of Object.entries(shape))
    learn(part, (answer as Record<string, unknown>)[member], values)
}

/** Index of the item that has the most ids in common with the recorded one; the first of those. */
function nearest(shape: Shape, items: readonly unknown[], values: ReadonlyMap<string, string>): number {
  const scores = items.map((item) =>
    typeof shape === 'string'
      ? Number((values.get(shape) ?? shape) === item)
      : Object.entries(shape).filter(([member, part]) => {
          const value = (item as Record<string, unknown> | null)?.[member]
          return typeof part === 'string' && typeOf(part) === 'id' && value === (values.get(part) ?? part)
        }).length,
  )
  return scores.indexOf(Math.max(...scores))
}
