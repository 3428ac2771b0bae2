import { isProperties, type Properties, UNKNOWN, type Value } from '../protocol/wire.ts'
import { type Fields, type InputFailure, isAbsent, type Property } from './property.ts'

export interface CheckedInputs {
  /** The inputs with defaults filled in; every object names its defaulted members in `__defaults`. */
  readonly inputs: Properties
  readonly failures: InputFailure[]
}

/**
 * Checks the inputs of a resource against its property table and reports every mistake at once. Absent members that
 * have a default get it, and `__defaults` records which: the engine keeps that in the state, as the official plugin does.
 */
export function checkInputs(fields: Fields, news: Properties): CheckedInputs {
  const failures: InputFailure[] = []
  const inputs = checkFields(fields, news, '', failures)
  return { inputs, failures }
}

function checkFields(fields: Fields, values: Properties, at: string, failures: InputFailure[]): Properties {
  const checked: Properties = {}
  const defaulted: string[] = []
  for (const name of Object.keys(values)) {
    const settable = fields[name] !== undefined && fields[name].computed !== 'always'
    if (settable || name.startsWith('__') || isAbsent(values[name])) continue
    failures.push({ property: join(at, name), reason: unknownName(fields, name) })
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.computed === 'always') continue
    const value = values[name]
    const path = join(at, name)
    if (!isAbsent(value)) {
      checked[name] = checkPresent(field, value, path, failures)
      checkConflicts(field, values, path, failures)
    } else if ('default' in field && field.default !== undefined) {
      checked[name] = field.default
      defaulted.push(name)
    } else if (field.required) {
      failures.push({ property: path, reason: 'is required' })
    }
  }
  checked['__defaults'] = defaulted.sort()
  return checked
}

function checkPresent(field: Property, value: Value, path: string, failures: InputFailure[]): Value {
  if (field.notServed === undefined) return checkValue(field, value, path, failures)
  failures.push({ property: path, reason: field.notServed })
  return value
}

function checkValue(field: Property, value: Value, path: string, failures: InputFailure[]): Value {
  if (value === UNKNOWN) return value
  switch (field.type) {
    case 'string':
    case 'boolean':
    case 'integer':
      return checkScalar(field, value, path, failures)
    case 'map':
      return isProperties(value) ? value : mistyped(field, value, path, failures)
    case 'block':
      return isProperties(value)
        ? checkFields(field.fields, value, path, failures)
        : mistyped(field, value, path, failures)
    case 'list':
    case 'set': {
      if (!Array.isArray(value)) return mistyped(field, value, path, failures)
      const { minItems, maxItems } = field
      if (minItems !== undefined && value.length < minItems) {
        failures.push({ property: path, reason: `needs at least ${minItems} item(s)` })
      }
      if (maxItems !== undefined && value.length > maxItems) {
        failures.push({ property: path, reason: `may hold at most ${maxItems} item(s), has ${value.length}` })
      }
      return value.map((item, index) => checkValue(field.element, item, `${path}[${index}]`, failures))
    }
  }
}

function checkScalar(
  field: Extract<Property, { type: 'string' | 'boolean' | 'integer' }>,
  value: Value,
  path: string,
  failures: InputFailure[],
): Value {
  const coerced = coerce(field.type, value)
  if (coerced === undefined) return mistyped(field, value, path, failures)
  const problem = field.type === 'boolean' ? undefined : field.rule?.(String(coerced))
  if (problem !== undefined) failures.push({ property: path, reason: problem })
  return coerced
}

/** YAML and other languages write `"true"` and `"2"` where the table says boolean and integer, as the bridge allows. */
function coerce(type: 'string' | 'boolean' | 'integer', value: Value): Value | undefined {
  if (type === 'string') {
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined
  }
  if (type === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true'
    return typeof value === 'boolean' ? value : undefined
  }
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return Number.isInteger(number) ? number : undefined
}

function mistyped(field: Property, value: Value, path: string, failures: InputFailure[]): Value {
  const wanted = { list: 'array', set: 'array', block: 'object', map: 'object' } as const
  const expected = field.type in wanted ? wanted[field.type as keyof typeof wanted] : field.type
  const found = Array.isArray(value) ? 'array' : typeof value
  failures.push({ property: path, reason: `must be of type ${expected}, is ${found}` })
  return value
}

function checkConflicts(field: Property, values: Properties, path: string, failures: InputFailure[]): void {
  const others = (field.conflictsWith ?? []).filter((name) => !isAbsent(values[name]))
  if (others.length > 0)
    failures.push({ property: path, reason: `cannot be given with ${others.join(', ')}` })
}

function unknownName(fields: Fields, name: string): string {
  if (fields[name] !== undefined) return 'is set by the directory and cannot be given'
  const names = Object.keys(fields).filter(
    (known) => fields[known]!.computed !== 'always' && fields[known]!.notServed === undefined,
  )
  return `is not a property here; allowed are ${names.join(', ')}`
}

function join(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`
}
