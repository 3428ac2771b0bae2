/** JSON Schema as zod writes it, as far as a declaration uses it. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly maximum?: number
}

/** A type of Pulumi's package schema, in place. */
export interface TypeSpec {
  readonly type?: string
  readonly $ref?: string
  readonly items?: TypeSpec
  readonly additionalProperties?: TypeSpec
  readonly oneOf?: readonly TypeSpec[]
}

export interface PropertySpec extends TypeSpec {
  readonly description?: string
  readonly secret?: true
  readonly willReplaceOnChanges?: true
  /** Takes no outputs. */
  readonly plain?: true
}

export interface ObjectSpec {
  readonly type: 'object'
  readonly description?: string
  readonly properties: Readonly<Record<string, PropertySpec>>
  readonly required: readonly string[]
}

/** What takes every value. */
export const ANY: TypeSpec = { $ref: 'pulumi.json#/Any' }

/** The largest whole number that the languages of Pulumi take for one. */
const MAX_INTEGER = 2 ** 31 - 1

/**
 * Types of a Pulumi package, made of JSON Schema. Pulumi has no objects in place, so each gets a name of its own: that of
 * the setting it stands under, with more of the path where two of a name differ.
 */
export class PackageTypes {
  readonly #prefix: string
  readonly #names: Readonly<Record<string, string>>
  readonly #types = new Map<string, ObjectSpec>()

  /**
   * @param prefix of the tokens, such as `entra-apps:index:`
   * @param names of types by the setting they stand under, where it is no good name
   */
  constructor(prefix: string, names: Readonly<Record<string, string>> = {}) {
    this.#prefix = prefix
    this.#names = names
  }

  /** Every type that was made so far, by its token. */
  get all(): Readonly<Record<string, ObjectSpec>> {
    return Object.fromEntries(this.#types)
  }

  /** The properties of an object, and those that are required. */
  object(schema: JsonSchema, path: readonly string[] = []): ObjectSpec {
    const properties = Object.entries(schema.properties ?? {}).map(
      ([name, each]) => [name, this.property(each, [...path, name])] as const,
    )
    return {
      type: 'object',
      ...(schema.description !== undefined && { description: schema.description }),
      properties: Object.fromEntries(properties),
      required: schema.required ?? [],
    }
  }

  property(schema: JsonSchema, path: readonly string[]): PropertySpec {
    const description = descriptionOf(schema)
    return { ...this.type(schema, path), ...(description !== '' && { description }) }
  }

  type(schema: JsonSchema, path: readonly string[]): TypeSpec {
    const { anyOf, items, additionalProperties } = schema
    if (anyOf) return { oneOf: anyOf.map((each) => this.type(each, path)) }
    if (items) return { type: 'array', items: this.type(items, ofOne(path)) }
    if (schema.properties) return { $ref: `#/types/${this.#named(this.object(schema, path), path)}` }
    if (typeof additionalProperties === 'object') {
      return { type: 'object', additionalProperties: this.type(additionalProperties, ofOne(path)) }
    }
    return schema.type === undefined && !('const' in schema) ? ANY : { type: scalarOf(schema) }
  }

  /** The token of an object type: an equal one that is there already, else a new one. */
  #named(spec: ObjectSpec, path: readonly string[]): string {
    const text = JSON.stringify(spec)
    for (let length = 1; length <= path.length; length++) {
      const token =
        this.#prefix +
        path
          .slice(-length)
          .map((step) => this.#names[step] ?? capitalised(step))
          .join('')
      const taken = this.#types.get(token)
      if (taken && JSON.stringify(taken) !== text) continue
      this.#types.set(token, spec)
      return token
    }
    throw new RangeError(`No name is left for the type of ${path.join('.')}`)
  }
}

/** The path of one entry of a setting: `federatedCredentials` → `federatedCredential`. */
function ofOne(path: readonly string[]): string[] {
  return path.map((step, i) => (i === path.length - 1 ? step.replace(/(?<!s)s$/, '') : step))
}

function capitalised(step: string): string {
  return step.charAt(0).toUpperCase() + step.slice(1)
}

function scalarOf({ type, enum: choices = [], const: only, maximum = 0 }: JsonSchema): string {
  const values = only === undefined ? choices : [only]
  if (type === 'number' && values.length > 0 && values.every(Number.isInteger)) return 'integer'
  return type === 'integer' && maximum > MAX_INTEGER ? 'number' : (type ?? 'string')
}

/** What it means, which values there are and what holds when it is left out. */
function descriptionOf({ description = '', enum: choices, items, default: value }: JsonSchema): string {
  const values = choices ?? items?.enum
  const isTold = /Default: |^(one|any) of /i.test(description)
  const isEmpty = value === undefined || /^(\[\]|\{\})$/.test(JSON.stringify(value))
  return [
    description,
    ...(values ? [`One of: ${values.join(', ')}`] : []),
    ...(isTold || isEmpty ? [] : [`Default: ${value}`]),
  ]
    .filter((sentence) => sentence !== '')
    .map((sentence) => `${sentence.replace(/\.$/, '')}.`)
    .join(' ')
}
