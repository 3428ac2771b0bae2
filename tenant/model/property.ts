import type { Json } from '../store/entity.ts'

/** The primitive types of OData that the model uses; `guid`, `dateTime` and `binary` are strings in JSON. */
export type ScalarType = 'string' | 'boolean' | 'int32' | 'int64' | 'guid' | 'dateTime' | 'binary'

/**
 * Who sets a property, and what happens when a client sends it:
 * - `write`: clients, on create and update
 * - `create`: clients, on create only; an update is refused
 * - `read`: the directory; a client that sends it is refused
 * - `echo`: the directory; accepted and ignored, since clients send back what they read
 * - `computed`: as `read`, and worked out from other entities at each read instead of stored
 * - `gap`: clients of the real service; here it keeps its default, and setting it is answered 501
 * - `hidden`: the directory, for itself; does not exist for clients
 */
export type Access = 'write' | 'create' | 'read' | 'echo' | 'computed' | 'gap' | 'hidden'

/** One property of an entity or complex type, as data. */
export interface Property {
  readonly type: ScalarType | 'complex'
  readonly collection: boolean
  readonly access: Access
  /** Whether null may be sent. */
  readonly nullable: boolean
  /** What a new object has when the client names nothing. */
  readonly default: Json
  /** Must be present, and not empty, on create. */
  readonly required: boolean
  /** Longest string, in UTF-16 units. */
  readonly maxLength?: number
  /** For a boolean: `"true"` and `"false"` are taken too. */
  readonly asText: boolean
  /** The only strings allowed. */
  readonly values?: readonly string[]
  /** Properties of a complex type. */
  readonly members?: PropertyTable
  /** For a complex type: what PATCH does with members that it does not name: keep them, or reset them. */
  readonly onPatch: 'merge' | 'replace'
  /** The empty string, or an object whose members are all null or empty, is stored as null. */
  readonly emptyIsNull: boolean
  /** Members of the collection must differ in this member (or, for `''`, altogether). */
  readonly distinctBy?: string
  /** Exists on the beta endpoint only. */
  readonly betaOnly: boolean
  /** Left out of an answer unless `$select` names it. */
  readonly onlyWhenSelected: boolean
  /** Left out of the members of a list. */
  readonly notInLists: boolean
  /** Left out of an answer when null, as the facets of a driveItem are; directory objects show their nulls. */
  readonly omitNull: boolean
  /** Whether `$filter` may use it. */
  readonly filterable: boolean
}

/** Properties by name, in the order in which answers show them. */
export type PropertyTable = { readonly [name: string]: Property }

type Options = Partial<Property>

function property(type: Property['type'], options: Options): Property {
  return {
    type,
    collection: false,
    access: 'write',
    nullable: true,
    default: null,
    required: false,
    onPatch: 'replace',
    emptyIsNull: false,
    asText: false,
    betaOnly: false,
    onlyWhenSelected: false,
    notInLists: false,
    omitNull: false,
    filterable: true,
    ...options,
  }
}

// Builders: each takes what differs from a nullable property that clients may write and that starts as null.

export const text = (options: Options = {}): Property => property('string', options)
export const flag = (options: Options = {}): Property => property('boolean', options)
export const int32 = (options: Options = {}): Property => property('int32', options)
export const int64 = (options: Options = {}): Property => property('int64', options)
export const guid = (options: Options = {}): Property => property('guid', options)
export const moment = (options: Options = {}): Property => property('dateTime', options)
export const binary = (options: Options = {}): Property =>
  property('binary', { filterable: false, ...options })

/** A collection of the given element; null cannot be sent, a new object has none. */
export const listOf = (element: Property, options: Options = {}): Property => ({
  ...element,
  collection: true,
  nullable: false,
  default: [],
  required: false,
  ...options,
})

/** A complex type that PATCH replaces as a whole; null until set. */
export const complex = (members: PropertyTable, options: Options = {}): Property =>
  property('complex', { members, ...options })

/** A complex type that is always there and that PATCH merges into, member by member. */
export const merged = (members: PropertyTable, options: Options = {}): Property =>
  complex(members, { onPatch: 'merge', nullable: false, default: defaultsOf(members), ...options })

/** What a new object of this type has before a client's values are applied; computed properties are not stored. */
export function defaultsOf(table: PropertyTable): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, each]) =>
      each.access === 'computed' ? [] : [[name, each.default]],
    ),
  )
}
