import { z } from 'zod'

/** A resource before or after a step, secret values masked; what else there is of it follows from these. */
const resource = z.object({
  urn: z.string(),
  /** False or left out for a component, such as an application with all that belongs to it, and for the stack. */
  custom: z.boolean().optional(),
  provider: z.string().optional(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: z.unknown(),
  outputs: z.unknown(),
})

const step = z.object({
  metadata: z.object({
    op: z.string(),
    urn: z.string(),
    old: resource.nullish(),
    new: resource.nullish(),
  }),
})

/** The part of an engine's event that is read (Pulumi's `apitype.EngineEvent`). */
const engineEvent = z.object({
  /** The engine begins with a resource. */
  resourcePreEvent: step.optional(),
  /** It is done with a resource, or, of a component, with everything below it. */
  resOutputsEvent: step.optional(),
  resOpFailedEvent: step.optional(),
  /** What the engine, a provider or the program says of a resource, or of the whole deployment. */
  diagnosticEvent: z
    .object({ urn: z.string().optional(), message: z.string(), severity: z.string() })
    .optional(),
  summaryEvent: z.object({ result: z.string().optional() }).optional(),
})

export type EngineEvent = z.infer<typeof engineEvent>

/**
 * Reads a line of the engine's event log.
 *
 * @returns undefined for a line that is no event
 */
export function readEngineEvent(line: string): EngineEvent | undefined {
  try {
    return engineEvent.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

/** Of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` ("Resource names"). */
export function resourceOf(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = '', ...name] = urn.split('::')
  return { type: types.split('$').at(-1) ?? '', name: name.join('::') }
}
