import { type Properties, UNKNOWN, type Value } from '../protocol/wire.ts'
import { normalize } from './normal.ts'
import { type Fields, isAbsent, type Property } from './property.ts'

/** What the engine can show as the outputs of a resource before it is created: what the directory sets is unknown. */
export function plannedCreation(fields: Fields, inputs: Properties): Properties {
  return mapFields(fields, (name, field) => {
    const value = inputs[name]
    if (field.computed === 'always') return UNKNOWN
    if (!isAbsent(value)) return normalize(field, value)
    return field.computed === 'optional' ? UNKNOWN : null
  })
}

/**
 * What the engine can show as the outputs of a resource before it is updated: the state, with the new inputs in it.
 *
 * @param recomputed properties that the directory will set anew because of this change
 */
export function plannedUpdate(
  fields: Fields,
  state: Properties,
  inputs: Properties,
  recomputed: ReadonlySet<string>,
): Properties {
  return mapFields(fields, (name, field) => {
    if (recomputed.has(name)) return UNKNOWN
    const kept = field.computed === 'always' || (field.computed === 'optional' && isAbsent(inputs[name]))
    return kept ? (state[name] ?? null) : normalize(field, inputs[name])
  })
}

function mapFields(fields: Fields, value: (name: string, field: Property) => Value): Properties {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, value(name, field)]))
}
