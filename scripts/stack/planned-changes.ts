import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

/** A resource before or after a step, secret values masked; what else there is of it follows from these. */
const resource = z.object({
  urn: z.string(),
  provider: z.string().optional(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: z.unknown(),
  outputs: z.unknown(),
})

/** The part of an engine's event that is read (Pulumi's `apitype.EngineEvent`). */
const event = z.object({
  resOutputsEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        old: resource.nullish(),
        new: resource.nullish(),
      }),
    })
    .optional(),
  summaryEvent: z.object({ result: z.string().optional() }).optional(),
})

/**
 * Whether a deployment would change anything: an object in the tenant, or what the state records of it, such as its
 * protection, its name, or the outputs of the stack.
 *
 * Pulumi's own summary counts objects alone, so it calls a deployment that only lifts a protection unchanged.
 *
 * @param log the event log of a preview: one JSON object a line
 * @returns true as well for a log that does not tell
 */
export function plansChanges(log: string): boolean {
  const last = new Map<string, boolean>()
  let finished = false
  for (const line of log.split('\n')) {
    if (line === '') continue
    const read = event.safeParse(parse(line))
    if (!read.success) return true
    const { resOutputsEvent: step, summaryEvent: summary } = read.data
    finished ||= summary !== undefined && (summary.result ?? 'succeeded') === 'succeeded'
    if (!step) continue
    // A component is told twice: when it is registered, and with its outputs.
    const { op, urn, old, new: planned } = step.metadata
    last.set(urn, op !== 'same' || !isDeepStrictEqual(old, planned))
  }
  return !finished || last.size === 0 || [...last.values()].includes(true)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
