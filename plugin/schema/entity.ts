import { isProperties, type Properties, type Value } from '../protocol/wire.ts'
import { members, ordered } from './normal.ts'
import { type CollectionProperty, type Fields, isAbsent, type Property } from './property.ts'

/** JSON as Graph sends and takes it. */
export type Json = null | boolean | number | string | Json[] | Entity
export interface Entity {
  [name: string]: Json | undefined
}

/** Properties of a resource as Graph's entity says them. Properties that Graph does not keep are not among them. */
export function fromGraph(fields: Fields, entity: Entity): Properties {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field.graph !== undefined)
      .map(([name, field]) => [name, decode(field, dig(entity, field.graph!))]),
  )
}

/**
 * The part of a Graph entity that known properties describe; absent ones are sent as their default, so that what a
 * program no longer says is cleared.
 *
 * @param include which properties to send; default all that can be set
 */
export function toGraph(
  fields: Fields,
  values: Properties,
  include: (name: string, field: Property) => boolean = () => true,
): Entity {
  const entity: Entity = {}
  for (const [name, field] of Object.entries(fields)) {
    if (field.graph === undefined || !isSendable(field) || !include(name, field)) continue
    const value = encode(field, values[name])
    if (value !== undefined) put(entity, field.graph.split('.'), value)
  }
  return entity
}

function isSendable({ computed, notServed }: Property): boolean {
  return computed !== 'always' && notServed === undefined
}

export function isEntity(value: Json | undefined): value is Entity {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The entities of a JSON array, else none. */
export function entities(value: Json | undefined): Entity[] {
  return Array.isArray(value) ? value.filter(isEntity) : []
}

function decode(field: Property, json: Json | undefined): Value {
  switch (field.type) {
    case 'string':
      return isAbsent(json) ? '' : String(json)
    case 'boolean':
      return json === true
    case 'integer':
      return typeof json === 'number' ? json : (field.default ?? 0)
    case 'list':
    case 'set': {
      const items = split(field, json).map((item) => decode(field.element, item))
      return field.type === 'set' ? ordered(field, items) : items
    }
    case 'map':
      return isEntity(json) ? (json as Properties) : {}
    case 'block':
      return isEntity(json) ? fromGraph(field.fields, json) : null
  }
}

function encode(field: Property, value: Value | undefined): Json | undefined {
  switch (field.type) {
    case 'string': {
      const given = isAbsent(value) ? (field.default ?? '') : String(value)
      if (given !== '' || field.blank === 'keep') return given
      return field.blank === 'omit' ? undefined : null
    }
    case 'boolean':
      return (value as boolean | undefined) ?? field.default ?? false
    case 'integer':
      return (value as number | undefined) ?? field.default ?? 0
    case 'map':
      return isProperties(value) ? (value as Entity) : {}
    case 'block':
      if (isAbsent(value) && field.absentIs !== 'defaults') return undefined
      return toGraph(field.fields, isProperties(value) ? value : {})
    case 'list':
    case 'set': {
      const items = members(value).map((item) => encode(field.element, item) ?? null)
      if (field.separator === undefined) return items
      return items.length === 0 ? null : items.join(field.separator)
    }
  }
}

function split(field: CollectionProperty, json: Json | undefined): Json[] {
  if (field.separator === undefined) return Array.isArray(json) ? json : []
  const words = typeof json === 'string' ? json.split(field.separator) : []
  return words.map((word) => word.trim()).filter((word) => word !== '')
}

function dig(entity: Entity, path: string): Json | undefined {
  let value: Json | undefined = entity
  for (const name of path.split('.')) value = isEntity(value) ? value[name] : undefined
  return value
}

function put(entity: Entity, path: readonly string[], value: Json): void {
  const [name, ...rest] = path
  if (rest.length === 0) {
    entity[name!] = value
    return
  }
  const inner = entity[name!]
  const next = isEntity(inner) ? inner : {}
  entity[name!] = next
  put(next, rest, value)
}
