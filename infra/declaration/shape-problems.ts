import { z } from 'zod'
import { suggest } from '../../lib/nearest.ts'
import type { Problem } from './problems.ts'

/** What is wrong with the form, in the words of YAML rather than of the schema library. */
export function shapeProblems(issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = settingsAt(schema, issue.path)
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: `there is no setting "${key}" here`,
        fix: suggest(key, known, `known settings: ${known.join(', ')}`),
      }))
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      return [{ path, message: 'the value is not one of the accepted ones', fix: `use ${values.join(', ')}` }]
    }
    case 'invalid_type': {
      const wanted = YAML_TYPES[issue.expected] ?? issue.expected
      const message = issue.input === undefined ? 'a value is required here' : `this is not a ${wanted}`
      return [{ path, message, fix: `write a ${wanted}` }]
    }
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message, fix: 'rename it' }]
    case 'custom':
      return [{ path, message: issue.message, fix: String(issue.params?.['fix'] ?? 'correct the value') }]
    default:
      return [{ path, message: issue.message, fix: `change ${JSON.stringify(issue.input)} accordingly` }]
  }
}

/** What zod's names for types are called in YAML. */
const YAML_TYPES: Readonly<Record<string, string>> = {
  object: 'mapping',
  record: 'mapping',
  array: 'list',
  string: 'text',
}

/** Names of the settings an object of the schema accepts at a path, read from its JSON Schema. */
function settingsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let node = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonNode | undefined
  for (const step of path) {
    node =
      typeof step === 'number'
        ? node?.items
        : (node?.properties?.[String(step)] ?? node?.additionalProperties)
  }
  return Object.keys(node?.properties ?? {})
}

interface JsonNode {
  properties?: Record<string, JsonNode>
  additionalProperties?: JsonNode
  items?: JsonNode
}
