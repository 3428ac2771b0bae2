import { z } from 'zod'
import { identityDeclaration } from '../../infra/declaration/identity.ts'
import { appDeclaration } from '../../infra/declaration/schema.ts'
import type { PublishedApi } from '../../microsoft/apis.ts'
import { WELL_KNOWN_APP_IDS } from '../../microsoft/well-known-apis.ts'

/** JSON Schema as far as it is taken apart here. */
interface JsonSchema {
  [key: string]: unknown
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  required?: string[]
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/**
 * docs/schemas/app.schema.json: a file of `apps/`.
 *
 * @param catalogue published permission names, which editors suggest; any other name is allowed as well
 */
export function appSchema(catalogue: ReadonlyMap<string, PublishedApi>): string {
  const { $defs, app } = suggesting(catalogue)
  const title = 'An application of entra-apps, shared by the stacks of a project'
  return print({ $schema: DRAFT, title, ...app, $defs })
}

/** docs/schemas/identity.schema.json: a file of `identities/`. */
export function identitySchema(catalogue: ReadonlyMap<string, PublishedApi>): string {
  const { $defs, identity } = suggesting(catalogue)
  const title = 'An identity without a registration, shared by the stacks of a project'
  return print({ $schema: DRAFT, title, ...identity, $defs })
}

/**
 * docs/schemas/stack.schema.json: a `Pulumi.<stack>.yaml`. What a stack says about an application is laid over the
 * shared file, so nothing is required of it, and `null` takes a setting out.
 */
export function stackSchema(catalogue: ReadonlyMap<string, PublishedApi>): string {
  const { $defs, app, identity } = suggesting(catalogue)
  const title = 'Stack of entra-apps'
  return print({
    $schema: DRAFT,
    title,
    type: 'object',
    properties: {
      config: {
        type: 'object',
        properties: {
          'azuread:tenantId': { type: 'string', description: 'Id of the tenant that is changed' },
          'azuread:environment': {
            enum: ['public', 'usgovernment', 'usgovernmentl5', 'china'],
            description: 'The cloud of the tenant; login and Graph endpoints follow it. Default: public',
          },
          'entra-apps:apps': { type: 'object', additionalProperties: overriding(app) },
          'entra-apps:identities': { type: 'object', additionalProperties: overriding(identity) },
        },
      },
    },
    $defs,
  })
}

function suggesting(catalogue: ReadonlyMap<string, PublishedApi>): {
  app: JsonSchema
  identity: JsonSchema
  $defs: Record<string, JsonSchema>
} {
  const { $schema: _, ...app } = z.toJSONSchema(appDeclaration, { io: 'input' }) as JsonSchema
  const { $schema: __, ...identity } = z.toJSONSchema(identityDeclaration, { io: 'input' }) as JsonSchema
  const names = Object.keys(WELL_KNOWN_APP_IDS).filter((api) => catalogue.has(api))
  const $defs = Object.fromEntries(
    names.map((api) => [defName(api), suggestedPermissions(catalogue.get(api) as PublishedApi)]),
  )
  for (const { properties } of [app, identity]) {
    const permissions = properties?.['permissions']
    if (!permissions) continue
    permissions.properties = Object.fromEntries(
      names.map((api) => [api, { $ref: `#/$defs/${defName(api)}` }]),
    )
  }
  return { app, identity, $defs }
}

function suggestedPermissions({ application, delegated }: PublishedApi): JsonSchema {
  const list = (names: readonly string[]): JsonSchema => ({
    type: 'array',
    items:
      names.length > 0 ? { anyOf: [{ enum: [...names].sort() }, { type: 'string' }] } : { type: 'string' },
  })
  return {
    type: 'object',
    properties: { application: list(Object.keys(application)), delegated: list(Object.keys(delegated)) },
    additionalProperties: false,
  }
}

function overriding(schema: JsonSchema): JsonSchema {
  const { required: _, default: __, ...rest } = schema
  const orNull = (each: JsonSchema): JsonSchema => ({ anyOf: [overriding(each), { type: 'null' }] })
  const { properties, additionalProperties } = rest
  return {
    ...rest,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, orNull(each)])),
    }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: orNull(additionalProperties) }),
  }
}

function defName(api: string): string {
  return api.replaceAll(' ', '')
}

function print(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`
}
