import { isProperties, type Properties, type Value } from '../protocol/wire.ts'
import { type Fields, isAbsent, type Property } from './property.ts'

/**
 * What a create or update leaves in the state: null for a collection of values that the program does not give and that the
 * directory has empty. Terraform's plugin SDK, and so the official plugin, lets it stand as it was planned. What a refresh
 * reads is stored as it is, empty collections too.
 *
 * @param given the inputs that were applied
 */
export function withoutUnset(fields: Fields, given: Properties, outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const field = fields[name]
      if (field === undefined || value === undefined) return [name, value]
      return [name, isUnset(field, given[name], value) ? null : within(field, given[name], value)]
    }),
  )
}

/** Collections of blocks are never without a value. */
function isUnset(field: Property, given: Value | undefined, value: Value): boolean {
  const isOfValues = (field.type === 'list' || field.type === 'set') && field.element.type !== 'block'
  return isOfValues && !field.computed && isAbsent(given) && Array.isArray(value) && value.length === 0
}

function within(field: Property, given: Value | undefined, value: Value): Value {
  if (field.type === 'block' && isProperties(given) && isProperties(value)) {
    return withoutUnset(field.fields, given, value)
  }
  if (field.type !== 'list' || !Array.isArray(given) || !Array.isArray(value)) return value
  return given.length === value.length
    ? value.map((item, index) => within(field.element, given[index], item))
    : value
}
