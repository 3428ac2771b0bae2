import structs, { type Struct } from 'google-protobuf/google/protobuf/struct_pb.js'

/** A value that is not known until the deployment has run. */
export const UNKNOWN: unique symbol = Symbol('unknown')

/** A value that the engine must encrypt in its state and mask on the console. */
export class Secret {
  readonly value: Value

  constructor(value: Value) {
    this.value = value
  }
}

export type Value = null | boolean | number | string | typeof UNKNOWN | Secret | Value[] | Properties
export interface Properties {
  [name: string]: Value | undefined
}

// Signatures of the engine's wire format (Pulumi's "Engine and provider wire format", special property values).
const SIGNATURE = '4dabf18193072939515e22adb298388d'
const SECRET = '1b47061264138c4ac30d75fd1eb44270'
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4'
const UNKNOWN_STRING = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const UNKNOWN_MARKERS = new Set([
  UNKNOWN_STRING,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7', // boolean
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421', // number
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2', // array
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff', // object
])

type Wire = null | boolean | number | string | Wire[] | { [name: string]: Wire }

/** Reads what the engine sent. Secrets arrive unwrapped: the engine marks outputs that came from secret inputs itself. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (fromWire(struct.toJavaScript() as Wire) as Properties)
}

/** Writes what the engine is to receive; members that are `undefined` are left out. */
export function toStruct(properties: Properties): Struct {
  return structs.Struct.fromJavaScript(toWire(properties) as { [name: string]: Wire })
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
}

/** True when the value, or any value inside it, is unknown. */
export function holdsUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true
  if (Array.isArray(value)) return value.some(holdsUnknown)
  return isProperties(value) && Object.values(value).some(holdsUnknown)
}

/** The text of a known string, else `''`. */
export function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** The known strings of an array, else none. */
export function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A property bag without the keys that the engine's bridge keeps beside the real ones (`__meta`, `__defaults`, …). */
export function withoutInternals(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith('__')))
}

function fromWire(wire: Wire): Value {
  if (typeof wire === 'string') return UNKNOWN_MARKERS.has(wire) ? UNKNOWN : wire
  if (wire === null || typeof wire !== 'object') return wire
  if (Array.isArray(wire)) return wire.map(fromWire)
  const signature = wire[SIGNATURE]
  if (signature === SECRET) return fromWire(wire['value'] ?? null)
  if (signature === OUTPUT) return wire['value'] === undefined ? UNKNOWN : fromWire(wire['value'])
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromWire(value)]))
}

function toWire(value: Value): Wire {
  if (value === UNKNOWN) return UNKNOWN_STRING
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: toWire(value.value) }
  if (Array.isArray(value)) return value.map(toWire)
  if (!isProperties(value)) return value
  const entries = Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined)
  return Object.fromEntries(entries.map(([name, member]) => [name, toWire(member)]))
}

/** Marks members of a provider configuration as secret without touching what the engine already marked. */
export function markSecret(struct: Struct, names: readonly string[]): Struct {
  const wire = struct.toJavaScript() as { [name: string]: Wire }
  for (const name of names) {
    const value = wire[name]
    if (typeof value === 'string' && value !== UNKNOWN_STRING) wire[name] = { [SIGNATURE]: SECRET, value }
  }
  return structs.Struct.fromJavaScript(wire)
}
