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

type Step = NonNullable<z.infer<typeof event>['resOutputsEvent']>['metadata']

/** What a preview writes in place of a value that only the deployment will know (`plugin.UnknownStringValue`). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

/** An object that a deployment would create, with arguments that are all known before it. */
export interface PlannedCreate {
  /** Type token. */
  readonly type: string
  readonly name: string
  readonly inputs: Readonly<Record<string, unknown>>
}

/** What a deployment would do, as far as others judge it. */
export interface Plan {
  /**
   * Whether it would change anything: an object in the tenant, or what the state records of it, such as its protection,
   * its name, or the outputs of the stack. True as well for a log that does not tell.
   *
   * Pulumi's own summary counts objects alone, so it calls a deployment that only lifts a protection unchanged.
   */
  readonly changes: boolean
  readonly creates: readonly PlannedCreate[]
  /** Object ids of the service principals that the stack has. */
  readonly servicePrincipals: ReadonlySet<string>
}

/** @param log the event log of a preview: one JSON object a line */
export function readPlan(log: string): Plan {
  const last = new Map<string, Step>()
  let finished = false
  let readable = true
  for (const line of log.split('\n')) {
    if (line === '') continue
    const read = event.safeParse(parse(line))
    readable &&= read.success
    const { resOutputsEvent: step, summaryEvent: summary } = read.data ?? {}
    finished ||= summary !== undefined && (summary.result ?? 'succeeded') === 'succeeded'
    // A component is told twice: when it is registered, and with its outputs.
    if (step) last.set(step.metadata.urn, step.metadata)
  }
  const steps = [...last.values()]
  return {
    changes:
      !readable ||
      !finished ||
      steps.length === 0 ||
      steps.some(({ op, old, new: planned }) => op !== 'same' || !isDeepStrictEqual(old, planned)),
    creates: steps.flatMap(createIn),
    servicePrincipals: new Set(steps.flatMap(servicePrincipalIn)),
  }
}

function createIn({ op, urn, new: planned }: Step): PlannedCreate[] {
  const inputs = planned?.inputs
  const isKnown = typeof inputs === 'object' && inputs !== null && !JSON.stringify(inputs).includes(UNKNOWN)
  return op === 'create' && isKnown ? [{ ...nameIn(urn), inputs: inputs as PlannedCreate['inputs'] }] : []
}

function servicePrincipalIn({ urn, new: planned }: Step): string[] {
  if (!nameIn(urn).type.endsWith(':ServicePrincipal')) return []
  const { objectId } = (planned?.outputs ?? {}) as Readonly<Record<string, unknown>>
  return typeof objectId === 'string' && objectId !== UNKNOWN ? [objectId] : []
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` ("Resource names"). */
function nameIn(urn: string): Pick<PlannedCreate, 'type' | 'name'> {
  const [, , types = '', ...name] = urn.split('::')
  return { type: types.split('$').at(-1) ?? '', name: name.join('::') }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
