import { z } from 'zod'
import { suggest } from '../../lib/nearest.ts'
import type { Problem } from './problems.ts'

/** What is wrong with the form, in the words of YAML rather than of the schema library. */
export function shapeProblems(issue: z.core.$ZodIssue, schema: z.ZodType): Problem[] {
  const path = pathOf(issue)
  switch (issue.code) {
    case 'invalid_union':
      return alternativeProblems(issue, schema)
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
      const all = `use ${values.join(', ')}`
      const fix = typeof issue.input === 'string' ? suggest(issue.input, values, all) : all
      return [{ path, message: 'the value is not one of the accepted ones', fix }]
    }
    case 'invalid_type':
      return [typeProblem(path, [issue])]
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message, fix: 'rename it' }]
    case 'custom':
      return [{ path, message: issue.message, fix: String(issue.params?.['fix'] ?? 'correct the value') }]
    default:
      return [{ path, message: issue.message, fix: `change ${JSON.stringify(issue.input)} accordingly` }]
  }
}

/** Where a text or a mapping is accepted: the mistakes in the one that was written, or that it is neither. */
function alternativeProblems(issue: z.core.$ZodIssueInvalidUnion, schema: z.ZodType): Problem[] {
  const written = issue.errors.find((issues) => !issues.some(isOfAnotherType))
  if (!written) return [typeProblem(pathOf(issue), issue.errors.flat().filter(isOfAnotherType))]
  return written.flatMap((inner) => shapeProblems({ ...inner, path: [...issue.path, ...inner.path] }, schema))
}

const isOfAnotherType = (issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidType =>
  issue.code === 'invalid_type' && issue.path.length === 0

function typeProblem(path: Problem['path'], wanted: readonly z.core.$ZodIssueInvalidType[]): Problem {
  const types = wanted.map(({ expected }) => `a ${YAML_TYPES[expected] ?? expected}`).join(' or ')
  const isMissing = wanted.every(({ input }) => input === undefined)
  return {
    path,
    message: isMissing ? 'a value is required here' : `this is not ${types}`,
    fix: `write ${types}`,
  }
}

function pathOf(issue: z.core.$ZodIssue): Problem['path'] {
  return issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
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
  let node: JsonNode | undefined = jsonSchemaOf(schema)
  for (const step of path) {
    const mapping = mappingOf(node)
    node =
      typeof step === 'number'
        ? mapping?.items
        : (mapping?.properties?.[String(step)] ?? mapping?.additionalProperties)
  }
  return Object.keys(mappingOf(node)?.properties ?? {})
}

/** Worked out once for each schema: it takes a millisecond or two, and thousands of applications may have a misspelt setting. */
const jsonSchemas = new WeakMap<z.ZodType, JsonNode>()

function jsonSchemaOf(schema: z.ZodType): JsonNode {
  const known =
    jsonSchemas.get(schema) ?? (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonNode)
  jsonSchemas.set(schema, known)
  return known
}

/** The form with settings, where others are accepted too. */
const mappingOf = (node: JsonNode | undefined): JsonNode | undefined =>
  node?.anyOf?.find(({ properties }) => properties) ?? node

interface JsonNode {
  properties?: Record<string, JsonNode>
  additionalProperties?: JsonNode
  items?: JsonNode
  anyOf?: JsonNode[]
}
