import { type Properties, Secret, withoutInternals } from './protocol/wire.ts'
import type { ResourceType } from './resources/type.ts'
import { isAbsent } from './schema/property.ts'

// The key under which Terraform's plugin SDK, and so the official plugin, keeps the operations' time limits.
const TIMEOUTS = 'e2bfb730-ecaa-11e6-8f88-34363bc7c4c0'
const NANOSECONDS_PER_MINUTE = 60_000_000_000

/**
 * The outputs as they stand in the engine's state: with the id, with secrets marked, and with the `__meta` that tells
 * the official plugin which form the state has. Without it that plugin would take the state for an old one and upgrade it.
 */
export function stateOf(type: ResourceType, id: string, outputs: Properties): Properties {
  const limits = Object.entries(type.timeouts).map(([operation, minutes]) => [
    operation,
    minutes * NANOSECONDS_PER_MINUTE,
  ])
  const meta = {
    [TIMEOUTS]: Object.fromEntries(limits),
    ...(type.schemaVersion !== undefined && { schema_version: String(type.schemaVersion) }),
  }
  return { __meta: JSON.stringify(meta), id, ...marked(type, outputs) }
}

/** Outputs of a preview: never stored, so without `__meta`. */
export function previewOf(type: ResourceType, outputs: Properties): Properties {
  return marked(type, outputs)
}

/** The outputs in a state, whichever of the two plugins wrote it. */
export function outputsIn(state: Properties): Properties {
  const { id, ...outputs } = withoutInternals(state)
  return outputs
}

function marked(type: ResourceType, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      type.fields[name]?.secret && !isAbsent(value) ? new Secret(value) : value,
    ]),
  )
}
