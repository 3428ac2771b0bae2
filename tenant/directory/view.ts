import { isOfKind } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import type { Property } from '../model/property.ts'
import type { Entity } from '../store/entity.ts'
import { type Data, isObject, type Json } from '../store/entity.ts'
import { computedProperties } from './computed.ts'
import type { Directory, ListOrder } from './directory.ts'

/** An entity with its computed properties, hidden ones still in it: what `$filter` looks at and `render` writes. */
export function viewOf(directory: Directory, set: EntitySet, entity: Entity): Data {
  const computed = computedProperties(directory, set, entity)
  return computed === undefined ? entity.data : { ...entity.data, ...computed }
}

/** Which members an answer has. */
export interface RenderOptions {
  readonly beta: boolean
  /** Names from `$select`; undefined for what Graph returns by default. */
  readonly select?: readonly string[] | undefined
  /** Whether it is a member of a list. */
  readonly isListed?: boolean
  /** Order of the lists that are sets by nature; default: as written. */
  readonly listOrder?: ListOrder
}

/** The members a client gets to see, in the model's order. */
export function render(set: EntitySet, view: Data, options: RenderOptions): Record<string, Json> {
  const selected = options.select === undefined ? undefined : new Set(options.select)
  const kind = view['@odata.type']
  const result: Record<string, Json> =
    set.kinds === undefined || kind === undefined ? {} : { '@odata.type': kind }
  for (const [name, property] of Object.entries(set.properties)) {
    // Data that was stored before the model had the property holds nothing for it.
    const value = view[name] === undefined ? property.default : view[name]
    if (options.isListed && property.notInLists) continue
    if (typeof kind === 'string' && !isOfKind(set, kind, name)) continue
    if (isShown(name, property, options.beta, selected) && !(property.omitNull && value === null)) {
      result[name] = options.listOrder === 'reversed' ? withListsReversed(property, value) : value
    }
  }
  return result
}

function withListsReversed(property: Property, value: Json): Json {
  if (property.collection) {
    return Array.isArray(value) && property.distinctBy !== undefined ? value.toReversed() : value
  }
  const { members } = property
  if (members === undefined || !isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const member = members[name]
      return [name, member === undefined ? each : withListsReversed(member, each)]
    }),
  )
}

/** The name of a property as the model spells it; clients may write it in any case. */
export function propertyNamed(set: EntitySet, name: string, beta: boolean): string | undefined {
  const wanted = name.toLowerCase()
  return Object.keys(set.properties).find((each) => {
    const property = set.properties[each]
    return property !== undefined && each.toLowerCase() === wanted && isVisible(property, beta)
  })
}

/** Whether clients of this version know the property at all. */
export function isVisible(property: Property, beta: boolean): boolean {
  return property.access !== 'hidden' && (beta || !property.betaOnly)
}

function isShown(
  name: string,
  property: Property,
  beta: boolean,
  selected: ReadonlySet<string> | undefined,
): boolean {
  if (!isVisible(property, beta)) return false
  return selected === undefined ? !property.onlyWhenSelected : selected.has(name)
}

/** The `@odata.type` of a set's entities. */
export function odataType(set: EntitySet): string {
  return `#microsoft.graph.${set.typeName}`
}

/** Reads one member of a complex property, null when anything on the way is missing. */
export function memberOf(value: Json | undefined, name: string): Json {
  return isObject(value) ? (value[name] ?? null) : null
}
