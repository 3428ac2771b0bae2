import type { Value } from '../protocol/wire.ts'

/** Judges one known value: `undefined` when it is allowed, else the end of a sentence that starts with its name. */
export type Rule = (value: string) => string | undefined

interface Common {
  /** Must be given. Default: optional. */
  readonly required?: true
  /** `always`: only the directory sets it. `optional`: the directory's value stands where the program gives none. */
  readonly computed?: 'always' | 'optional'
  /** A change replaces the resource. */
  readonly forceNew?: true
  /** An output that the engine must encrypt. */
  readonly secret?: true
  /** Names of properties that must not be given together with this one. */
  readonly conflictsWith?: readonly string[]
  /**
   * Where Graph keeps the value: a dotted path in the entity, or inside a block the path in the block's own object.
   * Default: Graph does not keep it, the verbs of the resource type see to it.
   */
  readonly graph?: string
  /** When an update sends it: with every update (the default), or only when it changed. */
  readonly write?: 'changed'
  /** Why this local azuread plugin refuses the property although the official plugin has it. */
  readonly notServed?: string
  /** Left out of the inputs of an import, because another property says the same. */
  readonly restated?: true
}

export interface StringProperty extends Common {
  readonly type: 'string'
  readonly default?: string
  readonly rule?: Rule
  /** What Graph is sent for an empty string. Default: `null`. */
  readonly blank?: 'keep' | 'omit'
}

export interface BooleanProperty extends Common {
  readonly type: 'boolean'
  readonly default?: boolean
}

export interface IntegerProperty extends Common {
  readonly type: 'integer'
  readonly default?: number
  readonly rule?: Rule
}

/** Several values: a `list` keeps its order, a `set` has none and holds each value once. */
export interface CollectionProperty extends Common {
  readonly type: 'list' | 'set'
  readonly element: Property
  readonly minItems?: number
  readonly maxItems?: number
  /** Graph keeps the values as one string joined by this; an empty collection is then `null`. */
  readonly separator?: ',' | ' '
}

/** An object with named fields. */
export interface BlockProperty extends Common {
  readonly type: 'block'
  readonly fields: Fields
  /** A block that is not given means the same as one whose every field has its default. */
  readonly absentIs?: 'defaults'
}

/** A map of strings. */
export interface MapProperty extends Common {
  readonly type: 'map'
}

export type ScalarProperty = StringProperty | BooleanProperty | IntegerProperty
export type Property = ScalarProperty | CollectionProperty | BlockProperty | MapProperty
export type Fields = Readonly<Record<string, Property>>

/** A mistake in the inputs; the engine reports all of them together. */
export interface InputFailure {
  /** Path of the property, such as `web.redirectUris[0]`. */
  readonly property: string
  readonly reason: string
}

export function isAbsent(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null
}
