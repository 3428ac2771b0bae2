import { Names } from './names.ts'
import type { Recording } from './recording.ts'
import { type Replayed, replay, type Stage } from './replay.ts'
import { type Shape, shapeOf, typeOf } from './shape.ts'

/** Something that two tenants answer otherwise, to the same kind of request. */
export interface Difference {
  /** `POST /v1.0/applications/{id}/addPassword`. */
  readonly operation: string
  /** `status`, `error code`, or the member: `web.redirectUris[]`. */
  readonly where: string
  readonly recorded: string
  readonly local: string
  /** How many requests show it. */
  readonly times: number
}

/** What a comparison found. */
export interface Comparison {
  readonly requests: number
  readonly differences: readonly Difference[]
}

/** Members whose presence depends on the data or the moment, and not on the service. */
const IGNORED = /(^|\.)(@odata\.nextLink|error\.innerError|innerError)(\.|$)/

/** Plays a recording again on a local tenant, and compares status, error codes, members and types. */
export async function compare(recording: Recording, stage: Stage): Promise<Comparison> {
  const replayed = await replay(recording, stage)
  const found = new Map<string, Difference>()
  for (const each of replayed) {
    const operation = `${each.exchange.method} ${operationOf(each.exchange.path)}`
    for (const [where, recorded, local] of differencesOf(each)) {
      const key = JSON.stringify([operation, where, recorded, local])
      found.set(key, { operation, where, recorded, local, times: (found.get(key)?.times ?? 0) + 1 })
    }
  }
  return { requests: replayed.length, differences: [...found.values()] }
}

type Found = readonly [where: string, recorded: string, local: string]

function differencesOf({ exchange, status, error, answer }: Replayed): Found[] {
  if (exchange.status !== status || exchange.error !== error) {
    const codes = [exchange.error ?? 'none', error ?? 'none'] as const
    return [
      ...(exchange.status === status ? [] : [['status', String(exchange.status), String(status)] as const]),
      ...(codes[0] === codes[1] ? [] : [['error code', ...codes] as const]),
    ]
  }
  const local = answer === undefined ? undefined : shapeOf(answer, new Names())
  return differ(exchange.answer, local, '').filter(([where]) => !IGNORED.test(where))
}

function differ(recorded: Shape | undefined, local: Shape | undefined, where: string): Found[] {
  if (recorded === undefined && local === undefined) return []
  const types = [recorded, local].map((shape) => (shape === undefined ? 'absent' : typeOf(shape)))
  const [there = '', here = ''] = types
  if (there !== here) return canDiffer(there, here) ? [] : [[where || 'body', there, here]]
  if (there === 'object') {
    const [one, other] = [recorded, local] as Record<string, Shape>[]
    const members = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])
    return [...members].flatMap((member) =>
      differ(one?.[member], other?.[member], where ? `${where}.${member}` : member),
    )
  }
  if (there !== 'list') return []
  const [one = [], other = []] = [recorded, local] as (readonly Shape[])[]
  // Which items there are depends on the tenant's data: their members do not, as far as all of them have one.
  return one.length === 0 || other.length === 0 ? [] : differ(merged(one), merged(other), `${where}[]`)
}

/** A value that can be null is null in one tenant and a text in the other; an object is there, or is not. */
function canDiffer(there: string, here: string): boolean {
  const types = [there, here]
  if (types.includes('null')) return !types.some((type) => ['object', 'list', 'absent'].includes(type))
  // A secret or an id is a text, and whether a text is read as one depends on its form.
  return (
    types.every((type) => ['string', 'id', 'secret', 'token', 'date'].includes(type)) &&
    !types.includes('date')
  )
}

/** One item that has every member of the items. */
function merged(items: readonly Shape[]): Shape {
  const objects = items.filter((each) => typeOf(each) === 'object') as Record<string, Shape>[]
  if (objects.length === 0) return items[0] ?? 'null'
  const members: Record<string, Shape> = {}
  for (const [member, shape] of objects.flatMap((each) => Object.entries(each))) {
    const known = members[member]
    if (known === undefined || known === 'null') members[member] = shape
  }
  return members
}

/** The address without names, values and query. */
function operationOf(path: string): string {
  return (path.split('?')[0] ?? '').replace(
    /\{(id|tenant|deployer)[\w-]*\}|[0-9a-f]{8}-[0-9a-f-]{27}/g,
    '{id}',
  )
}

/** The report, in Markdown, to be attached to an issue. */
export function renderComparison({ requests, differences }: Comparison): string {
  if (differences.length === 0) return `${requests} requests, no differences.`
  return [
    `${requests} requests, ${differences.length} differences:`,
    '',
    '| operation | where | this tenant | the local tenant | requests |',
    '|---|---|---|---|---:|',
    ...differences.map(
      ({ operation, where, recorded, local, times }) =>
        `| \`${operation}\` | ${where} | ${recorded} | ${local} | ${times} |`,
    ),
  ].join('\n')
}
