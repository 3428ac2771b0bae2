import { holdsUnknown, isProperties, type Properties, UNKNOWN, type Value } from '../protocol/wire.ts'
import { type CollectionProperty, type Fields, isAbsent, type Property } from './property.ts'

/**
 * The one form that all spellings of a value share: defaults filled in, absent and empty made equal, sets sorted and
 * free of doubles. Two values mean the same exactly when their normal forms are deeply equal. A set with an unknown
 * member is unknown as a whole, since its order and size are.
 */
export function normalize(property: Property, value: Value | undefined): Value {
  if (value === UNKNOWN) return UNKNOWN
  switch (property.type) {
    case 'string':
      return value ?? property.default ?? ''
    case 'boolean':
      return value ?? property.default ?? false
    case 'integer':
      return value ?? property.default ?? 0
    case 'list':
      return members(value).map((item) => normalize(property.element, item))
    case 'set':
      return holdsUnknown(value) ? UNKNOWN : ordered(property, members(value))
    case 'map':
      return isProperties(value) ? sortedByName(value) : {}
    case 'block':
      if (isAbsent(value) && property.absentIs !== 'defaults') return null
      return normalizeFields(property.fields, isProperties(value) ? value : {})
  }
}

export function normalizeFields(fields: Fields, values: Properties): Properties {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, normalize(field, values[name])]),
  )
}

/**
 * The members of a set in the order in which the official plugin's state keeps them (strings by their bytes, objects
 * by their serialised fields), so that state files of both are equal.
 */
export function ordered(set: CollectionProperty, items: readonly Value[]): Value[] {
  const byKey = new Map(
    items.map((item) => {
      const normal = normalize(set.element, item)
      return [setKey(set.element, normal), normal] as const
    }),
  )
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

/** A string that is the same for equal members of a set, and that sorts as the set does. */
export function setKey(element: Property, value: Value): string {
  return typeof value === 'string' ? value : serialize(element, value)
}

export function sameMeaning(property: Property, a: Value | undefined, b: Value | undefined): boolean {
  return equal(normalize(property, a), normalize(property, b))
}

/** Deep equality of normal forms; nothing equals an unknown. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (holdsUnknown(a) || holdsUnknown(b)) return false
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

export function members(value: Value | undefined): Value[] {
  return Array.isArray(value) ? value : []
}

function serialize(property: Property, value: Value): string {
  if (isAbsent(value)) return '~'
  if (typeof value === 'boolean') return value ? 'T' : 'F'
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value) && (property.type === 'list' || property.type === 'set')) {
    return `[${value.map((item) => `${serialize(property.element, item)};`).join('')}]`
  }
  if (isProperties(value) && property.type === 'block') {
    const names = Object.keys(property.fields).sort()
    return `<${names.map((name) => `${serialize(property.fields[name]!, value[name] ?? null)};`).join('')}>`
  }
  return String(value)
}

function sortedByName(value: Properties): Properties {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
