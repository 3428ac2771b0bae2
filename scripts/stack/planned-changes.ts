import { isDeepStrictEqual } from 'node:util'
import { type EngineEvent, resourceOf } from './engine-events.ts'

type Step = NonNullable<EngineEvent['resOutputsEvent']>['metadata']

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
   * its name, or the outputs of the stack. True as well for events that do not tell.
   *
   * Pulumi's own summary counts objects alone, so it calls a deployment that only lifts a protection unchanged.
   */
  readonly changes: boolean
  readonly creates: readonly PlannedCreate[]
  /** Object ids of the service principals that the stack has, or grants to. */
  readonly servicePrincipals: ReadonlySet<string>
}

/** @param events what the engine said in a preview; undefined stands for what could not be read */
export function readPlan(events: readonly (EngineEvent | undefined)[]): Plan {
  const last = new Map<string, Step>()
  let finished = false
  for (const { resOutputsEvent: step, summaryEvent: summary } of events.filter(isRead)) {
    finished ||= summary !== undefined && (summary.result ?? 'succeeded') === 'succeeded'
    // A component is told twice: when it is registered, and with its outputs.
    if (step) last.set(step.metadata.urn, step.metadata)
  }
  const steps = [...last.values()]
  return {
    changes:
      !events.every(isRead) ||
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
  return op === 'create' && isKnown ? [{ ...resourceOf(urn), inputs: inputs as PlannedCreate['inputs'] }] : []
}

function servicePrincipalIn({ urn, new: planned }: Step): string[] {
  if (!/:(ServicePrincipal|Identity)$/.test(resourceOf(urn).type)) return []
  const { objectId } = (planned?.outputs ?? {}) as Readonly<Record<string, unknown>>
  return typeof objectId === 'string' && objectId !== UNKNOWN ? [objectId] : []
}

function isRead(event: EngineEvent | undefined): event is EngineEvent {
  return event !== undefined
}
