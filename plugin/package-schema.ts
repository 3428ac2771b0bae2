import { FUNCTIONS } from './functions/index.ts'
import { RESOURCE_TYPES } from './resources/index.ts'
import type { Fields, Property } from './schema/property.ts'

interface PropertySpec {
  readonly type?: string
  readonly $ref?: string
  readonly items?: PropertySpec
  readonly additionalProperties?: PropertySpec
  readonly secret?: true
  readonly willReplaceOnChanges?: true
}

/**
 * The package's schema as the engine asks for it (to write code for imports, to run YAML programs): the served types
 * only, from their property tables.
 */
export function packageSchema(version: string): Record<string, unknown> {
  return {
    name: 'azuread',
    version,
    resources: Object.fromEntries(
      [...RESOURCE_TYPES.values()].map(({ token, fields }) => [
        token,
        {
          properties: specs(fields),
          required: Object.keys(fields).filter((name) => fields[name]!.required ?? fields[name]!.computed),
          inputProperties: specs(settable(fields)),
          requiredInputs: required(fields),
        },
      ]),
    ),
    functions: Object.fromEntries(
      [...FUNCTIONS.values()].map(({ token, args }) => [
        token,
        { inputs: { properties: specs(args), required: required(args) } },
      ]),
    ),
  }
}

function settable(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, { computed }]) => computed !== 'always'))
}

function required(fields: Fields): string[] {
  return Object.keys(fields).filter((name) => fields[name]!.required)
}

function specs(fields: Fields): Record<string, PropertySpec> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      {
        ...spec(field),
        ...(field.secret && { secret: true }),
        ...(field.forceNew && { willReplaceOnChanges: true }),
      },
    ]),
  )
}

function spec(field: Property): PropertySpec {
  switch (field.type) {
    case 'string':
    case 'boolean':
    case 'integer':
      return { type: field.type }
    case 'list':
    case 'set':
      return { type: 'array', items: spec(field.element) }
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' } }
    case 'block':
      return { type: 'object', additionalProperties: { $ref: 'pulumi.json#/Any' } }
  }
}
