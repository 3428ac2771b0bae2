import fc from 'fast-check'
import type { EntitySet } from '../../tenant/model/entity-set.ts'
import type { Property, PropertyTable } from '../../tenant/model/property.ts'

/**
 * Random bodies that fit a set's property table: what clients may write, within its types, lengths and values.
 *
 * @param fixed members that rules beyond the table decide on
 */
export function bodyFor(
  set: EntitySet,
  fixed: Record<string, unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const free = Object.entries(set.properties).filter(
    ([name, property]) => !Object.hasOwn(fixed, name) && isWritable(property),
  )
  return fc
    .record(Object.fromEntries(free.map(([name, property]) => [name, valuesOf(property)])), {
      requiredKeys: [],
    })
    .map((body) => ({ ...body, ...fixed }))
}

/** Whether a value is what the table says that answers hold; the path of the first that is not, undefined when all fit. */
export function misfit(table: PropertyTable, value: unknown, path = ''): string | undefined {
  for (const [name, each] of Object.entries(value as object)) {
    if (name.includes('@odata.')) continue
    const property = table[name]
    const at = `${path}/${name}`
    if (property === undefined || property.access === 'hidden') return `${at} is not in the model`
    const wrong = misfitProperty(property, each, at)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function misfitProperty(property: Property, value: unknown, at: string): string | undefined {
  if (!property.collection) return misfitElement(property, value, at)
  if (!Array.isArray(value)) return `${at} is not a list`
  return value
    .map((each, index) => misfitElement(property, each, `${at}/${index}`))
    .find((each) => each !== undefined)
}

function misfitElement(property: Property, value: unknown, at: string): string | undefined {
  if (value === null) return property.collection ? `${at} is null in a list` : undefined
  if (property.members !== undefined) {
    return typeof value === 'object' ? misfit(property.members, value, at) : `${at} is not an object`
  }
  const expected =
    property.type === 'boolean' ? 'boolean' : property.type.startsWith('int') ? 'number' : 'string'
  if (typeof value !== expected) return `${at} is not a ${expected}`
  if (property.type === 'dateTime' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value))) {
    return `${at} is not a date: ${String(value)}`
  }
  return undefined
}

function isWritable({ access, betaOnly }: Property): boolean {
  return (access === 'write' || access === 'create') && !betaOnly
}

function valuesOf(property: Property): fc.Arbitrary<unknown> {
  if (property.collection) {
    const { distinctBy } = property
    const element = elementsOf(property)
    return distinctBy === undefined
      ? fc.array(element, { maxLength: 3 })
      : fc.uniqueArray(element, {
          maxLength: 3,
          selector: (each) => (distinctBy === '' ? each : (each as Record<string, unknown>)[distinctBy]),
        })
  }
  return property.nullable ? fc.option(elementsOf(property)) : elementsOf(property)
}

function elementsOf(property: Property): fc.Arbitrary<unknown> {
  const { members } = property
  if (members !== undefined) {
    const writable = Object.entries(members).filter(([, each]) => isWritable(each))
    return fc.record(Object.fromEntries(writable.map(([name, each]) => [name, valuesOf(each)])), {
      requiredKeys: writable.filter(([, each]) => each.required).map(([name]) => name),
    })
  }
  switch (property.type) {
    case 'boolean':
      return fc.boolean()
    case 'int32':
    case 'int64':
      return fc.integer()
    case 'guid':
      return fc.uuid()
    case 'dateTime':
      return fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString())
    default:
      return property.values === undefined
        ? fc.string({ minLength: 1, maxLength: Math.min(property.maxLength ?? 20, 20) })
        : fc.constantFrom(...property.values)
  }
}
