import { z } from 'zod'
import { type Failure, graphFailure, type HttpAnswer, objectIn } from '../catalogue/failure.ts'
import type { GraphAnswer, GraphRequest, ProofPorts } from '../model/ports.ts'

/** Most requests that one batch may hold ("Combine multiple HTTP requests using JSON batching"). */
const BATCH_SIZE = 20

/** One request of several that are asked for together. */
export type BatchItem = Pick<GraphRequest, 'method' | 'path' | 'body' | 'eventual'>

/**
 * Sends requests together, twenty at a time, and returns their answers in the same order. A single one goes out
 * plainly.
 *
 * Where a batch as such is not taken (a gateway that lets only GET through), the requests go out one by one: a batch
 * saves requests, and its absence proves nothing about the credential.
 */
export async function askTogether(
  { askGraph, now }: Pick<ProofPorts, 'askGraph' | 'now'>,
  items: readonly BatchItem[],
  common: Omit<GraphRequest, 'method' | 'path' | 'body'>,
): Promise<GraphAnswer[]> {
  const alone = (item: BatchItem) => askGraph({ ...common, ...item })
  if (items.length < 2) return Promise.all(items.map(alone))
  const chunks = chunk(items, BATCH_SIZE).map(async (part) => {
    const sent = await askGraph({ ...common, method: 'POST', path: '/$batch', body: batchBody(part) })
    if (!sent.ok) return part.map(() => sent)
    const { status } = sent.answer
    if (status === 200) return readBatch(sent.answer, part.length, now())
    if (status === 401 || status === 429 || (status >= 500 && status !== 501)) return part.map(() => sent)
    return Promise.all(part.map(alone))
  })
  return (await Promise.all(chunks)).flat()
}

/** The body of `POST /$batch`. */
export function batchBody(items: readonly BatchItem[]): { requests: readonly object[] } {
  return {
    requests: items.map(({ method, path, body, eventual }, i) => {
      const headers = {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(eventual && { ConsistencyLevel: 'eventual' }),
      }
      return {
        id: String(i),
        method,
        url: path,
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(body !== undefined && { body }),
      }
    }),
  }
}

/** One answer of a batch; a service in trouble, or a proxy, may send anything in its place. */
const batchResponse = z.object({
  id: z.string(),
  status: z.number().int(),
  headers: z.record(z.string(), z.string()).optional().catch(undefined),
  body: z.unknown().optional(),
})

type BatchResponse = z.infer<typeof batchResponse>

/** Takes a batch's answer apart; the responses come in any order. */
export function readBatch(answer: HttpAnswer, count: number, now: Date): GraphAnswer[] {
  const responses = responsesIn(answer.body)
  return Array.from({ length: count }, (_, i): GraphAnswer => {
    const found = responses.find(({ id }) => id === String(i))
    if (found) return { ok: true, answer: answerOf(found) }
    return { ok: false, failure: incomplete(answer, now) }
  })
}

function responsesIn(body: string): readonly BatchResponse[] {
  const { responses } = objectIn(body) ?? {}
  if (!Array.isArray(responses)) return []
  return responses.flatMap((each) => batchResponse.safeParse(each).data ?? [])
}

function answerOf({ status, headers = {}, body }: BatchResponse): HttpAnswer {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { status, header: (name) => lower.get(name), body: body === undefined ? '' : JSON.stringify(body) }
}

/** A batch that leaves a request out is trouble on the service's side, and worth another attempt. */
function incomplete(answer: HttpAnswer, now: Date): Failure {
  const failure = graphFailure({ ...answer, status: 502 }, now)
  return { ...failure, code: 'HTTP 502', message: 'the batch came back without an answer to this request' }
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}
