import { isDeepStrictEqual } from 'node:util'
import { badRequest, GraphError, invalidValue, notImplemented, valueRequired } from '../errors/graph-error.ts'
import { type Data, isObject, type Json } from '../store/entity.ts'
import type { EntitySet } from './entity-set.ts'
import { defaultsOf, type Property, type PropertyTable } from './property.ts'
import { readScalar } from './scalar.ts'

/** What a request body asks for, checked against the entity model. */
export interface Draft {
  /** The whole of the entity's stored properties, after the change. */
  readonly data: Data
  /** Ids behind each `X@odata.bind`, by navigation property. */
  readonly bindings: ReadonlyMap<string, readonly string[]>
}

interface Reading {
  readonly set: EntitySet
  readonly beta: boolean
  readonly creating: boolean
}

/**
 * Reads the body of a create: unnamed properties get their defaults.
 *
 * @throws GraphError 400 for the first property that does not fit, 501 for one that only the real service has
 */
export function readNew(set: EntitySet, body: unknown, options: { readonly beta: boolean }): Draft {
  const reading = { set, beta: options.beta, creating: true }
  return readInto(reading, defaultsOf(set.properties), body)
}

/** Reads the body of a PATCH: unnamed properties keep what `current` has. Throws as `readNew` does. */
export function readChange(
  set: EntitySet,
  current: Data,
  body: unknown,
  options: { readonly beta: boolean },
): Draft {
  return readInto({ set, beta: options.beta, creating: false }, current, body)
}

function readInto(reading: Reading, base: Data, body: unknown): Draft {
  if (!isObject(body)) throw badRequest('A JSON object is expected as the body of this request.')
  const data: Record<string, Json> = { ...base }
  const bindings = new Map<string, readonly string[]>()
  const kind = readKind(reading, body, base)
  if (kind !== undefined) data['@odata.type'] = kind
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith('@odata.bind')) {
      const navigation = name.slice(0, -'@odata.bind'.length)
      bindings.set(navigation, readBinding(reading, navigation, value))
    } else if (!name.includes('@odata.')) {
      const property = writableProperty(reading, reading.set.properties, name, name)
      if (property !== undefined) requireOfKind(reading.set, kind, name)
      if (property === undefined) continue
      data[name] = readValue(reading, property, name, value, base[name])
    }
  }
  requirePresent(reading.set, reading.set.properties, data)
  return { data, bindings }
}

/** Which kind of an abstract type is made or changed; undefined where the type is not abstract. */
function readKind({ set, creating }: Reading, body: Data, base: Data): string | undefined {
  if (set.kinds === undefined) return undefined
  const sent = body['@odata.type']
  const kind = creating ? sent : (sent ?? base['@odata.type'])
  const known = Object.keys(set.kinds).map((each) => `#microsoft.graph.${each}`)
  if (typeof kind === 'string' && known.includes(kind) && (creating || kind === base['@odata.type']))
    return kind
  throw badRequest(`'@odata.type' must be one of: ${(creating ? known : [base['@odata.type']]).join(', ')}.`)
}

/** Throws for a property that another kind of the type has, and not this one. */
function requireOfKind(set: EntitySet, kind: string | undefined, name: string): void {
  if (kind === undefined || isOfKind(set, kind, name)) return
  throw badRequest(`Property '${name}' does not exist as a declared property of type '${kind.slice(1)}'.`)
}

/** Whether entities of a kind (`#microsoft.graph.ipNamedLocation`) have a property of the set. */
export function isOfKind(set: EntitySet, kind: string, name: string): boolean {
  const own = set.kinds?.[kind.slice('#microsoft.graph.'.length)] ?? []
  return own.includes(name) || !Object.values(set.kinds ?? {}).some((each) => each.includes(name))
}

/** The property to write, undefined for one to ignore; throws for one that cannot be written. */
function writableProperty(
  reading: Reading,
  table: PropertyTable,
  name: string,
  path: string,
): Property | undefined {
  const property = Object.hasOwn(table, name) ? table[name] : undefined
  if (property === undefined || property.access === 'hidden' || (property.betaOnly && !reading.beta)) {
    throw badRequest(
      `Property '${path}' does not exist as a declared property of type 'microsoft.graph.${reading.set.typeName}'.`,
    )
  }
  switch (property.access) {
    case 'write':
    case 'gap':
      return property
    case 'echo':
      return undefined
    case 'create':
      if (reading.creating) return property
      throw badRequest(`Property '${path}' is read-only and cannot be set.`)
    case 'read':
    case 'computed':
      throw badRequest(`Property '${path}' is read-only and cannot be set.`)
  }
}

function readValue(
  reading: Reading,
  property: Property,
  path: string,
  value: Json,
  current: Json | undefined,
): Json {
  if (property.access === 'gap') return keepGap(reading, property, path, value)
  if (property.emptyIsNull && value === '') return null
  if (value === null) {
    if (property.nullable) return property.collection ? property.default : null
    throw property.required
      ? valueRequired(reading.set.resourceName, path)
      : invalidValue(reading.set.resourceName, path, `'${path}' cannot be null.`)
  }
  if (!property.collection) return readElement(reading, property, path, value, current)
  if (!Array.isArray(value)) throw invalidValue(reading.set.resourceName, path, `'${path}' has to be a list.`)
  const list = (value as readonly Json[]).map((each) => readListed(reading, property, path, each))
  requireDistinct(property, path, list)
  return list
}

/** Sending back what the object has anyway is harmless; anything else would be lost, so it is refused. */
function keepGap(reading: Reading, property: Property, path: string, value: Json): Json {
  if (isEmpty(value) || isDeepStrictEqual(value, property.default)) return property.default
  throw notImplemented(`setting '${path}' of resource '${reading.set.resourceName}'`)
}

function readListed(reading: Reading, property: Property, path: string, value: Json): Json {
  if (value === null) throw invalidValue(reading.set.resourceName, path, `'${path}' cannot hold null.`)
  return readElement(reading, property, path, value, undefined)
}

function readElement(
  reading: Reading,
  property: Property,
  path: string,
  value: Json,
  current: Json | undefined,
): Json {
  if (property.members === undefined) return readScalar(reading.set.resourceName, property, path, value)
  if (!isObject(value)) throw invalidValue(reading.set.resourceName, path, `'${path}' has to be an object.`)
  const result = readComplex(reading, property, property.members, path, value, current)
  return property.emptyIsNull && isEmpty(result) ? null : result
}

function readComplex(
  reading: Reading,
  property: Property,
  members: PropertyTable,
  path: string,
  value: Data,
  current: Json | undefined,
): Data {
  const keeps = property.onPatch === 'merge' && isObject(current)
  const result: Record<string, Json> = { ...(keeps ? current : defaultsOf(members)) }
  for (const [name, each] of Object.entries(value)) {
    if (name.includes('@odata.') && !Object.hasOwn(members, name)) continue
    const member = writableProperty(reading, members, name, `${path}.${name}`)
    if (member !== undefined) result[name] = readValue(reading, member, `${path}.${name}`, each, result[name])
  }
  requirePresent(reading.set, members, result, path)
  return result
}

function requirePresent(set: EntitySet, table: PropertyTable, data: Data, path?: string): void {
  for (const [name, property] of Object.entries(table)) {
    const value = data[name]
    const missing = value === undefined || value === null || value === '' || isEmptyList(value)
    if (property.required && missing) {
      throw valueRequired(set.resourceName, path === undefined ? name : `${path}.${name}`)
    }
  }
}

function requireDistinct(property: Property, path: string, list: readonly Json[]): void {
  const { distinctBy } = property
  if (distinctBy === undefined) return
  const keys = list.map((each) => {
    const key = distinctBy === '' || !isObject(each) ? each : (each[distinctBy] ?? null)
    return property.type === 'string' ? key : String(key).toLowerCase()
  })
  if (new Set(keys).size === keys.length) return
  throw new GraphError(400, 'Request_BadRequest', 'Request contains a property with duplicate values.', [
    { code: 'DuplicateValue', message: `'${path}' holds the same value twice.`, target: path },
  ])
}

function readBinding(reading: Reading, navigation: string, value: Json): readonly string[] {
  const target = Object.hasOwn(reading.set.navigation, navigation)
    ? reading.set.navigation[navigation]
    : undefined
  if (target?.kind !== 'references' || !reading.creating) {
    throw badRequest(`'${navigation}@odata.bind' cannot be set on resource '${reading.set.resourceName}'.`)
  }
  if (!Array.isArray(value)) throw badRequest(`'${navigation}@odata.bind' has to be a list of addresses.`)
  return (value as readonly Json[]).map((each) => idFromReference(each))
}

/**
 * The id at the end of an object's address, as `@odata.bind` and `@odata.id` carry it
 * (`https://graph.microsoft.com/v1.0/directoryObjects/{id}`).
 */
export function idFromReference(address: unknown): string {
  const id = typeof address === 'string' ? address.split('/').at(-1)?.trim() : undefined
  if (id === undefined || id === '') throw badRequest("Invalid URL format specified in '@odata.id'.")
  return id
}

function isEmpty(value: Json): boolean {
  if (value === null || isEmptyList(value)) return true
  return isObject(value) && Object.values(value).every(isEmpty)
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0
}
