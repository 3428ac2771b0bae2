import { isProperties, type Properties, type Value } from '../protocol/wire.ts'
import { equal, members, sameMeaning } from './normal.ts'
import { type Fields, isAbsent, type Property } from './property.ts'

/**
 * Inputs that would have made an imported object: every settable property whose value is not its default. Each object
 * says with `__defaults: []` that nothing in it was defaulted, as the official plugin does.
 */
export function inputsOfImport(fields: Fields, outputs: Properties): Properties {
  const inputs: Properties = { __defaults: [] }
  for (const [name, field] of Object.entries(fields)) {
    if (field.computed === 'always' || field.restated) continue
    const value = importedValue(field, outputs[name])
    if (value !== undefined) inputs[name] = value
  }
  return inputs
}

/**
 * The inputs of the last deployment brought up to what the directory holds now: only properties that the program gave,
 * in the program's own spelling where nothing changed.
 */
export function inputsAfterRefresh(fields: Fields, inputs: Properties, outputs: Properties): Properties {
  const refreshed: Properties = {}
  for (const [name, value] of Object.entries(inputs)) {
    const field = fields[name]
    if (field === undefined || isAbsent(value)) continue
    const live = refreshedValue(field, value, outputs[name])
    if (!isAbsent(live)) refreshed[name] = live
  }
  const defaulted = members(inputs['__defaults'])
  const still = defaulted.filter((name) => equal(refreshed[String(name)], inputs[String(name)]))
  if (inputs['__defaults'] !== undefined) refreshed['__defaults'] = still
  return refreshed
}

function importedValue(field: Property, value: Value | undefined): Value | undefined {
  if (field.required ? isAbsent(value) : sameMeaning(field, value, undefined)) return undefined
  if (field.type === 'block' && isProperties(value)) return inputsOfImport(field.fields, value)
  if ((field.type === 'list' || field.type === 'set') && Array.isArray(value)) {
    return value.map((item) => importedMember(field.element, item))
  }
  return value
}

function importedMember(element: Property, item: Value): Value {
  return element.type === 'block' && isProperties(item) ? inputsOfImport(element.fields, item) : item
}

function refreshedValue(field: Property, input: Value, live: Value | undefined): Value | undefined {
  if (sameMeaning(field, input, live)) return input
  if (field.type === 'block' && isProperties(input) && isProperties(live)) {
    return inputsAfterRefresh(field.fields, input, live)
  }
  if ((field.type === 'list' || field.type === 'set') && Array.isArray(live)) {
    const inputs = members(input)
    return live.map((item, index) => {
      const old = inputs[index]
      return old === undefined
        ? importedMember(field.element, item)
        : (refreshedValue(field.element, old, item) ?? item)
    })
  }
  return live
}
