import { type Data, isObject, type Json } from '../store/entity.ts'
import type { Filter, Literal } from './filter-parser.ts'

type Scope = { readonly [name: string]: Json }

/** Whether an entity passes a checked filter. Strings compare without regard to case, as the directory does it. */
export function matches(filter: Filter, entity: Data): boolean {
  return evaluate(filter, entity)
}

function evaluate(filter: Filter, scope: Scope): boolean {
  switch (filter.kind) {
    case 'and':
      return evaluate(filter.left, scope) && evaluate(filter.right, scope)
    case 'or':
      return evaluate(filter.left, scope) || evaluate(filter.right, scope)
    case 'not':
      return !evaluate(filter.operand, scope)
    case 'compare':
      return equal(valueAt(filter.path, scope), filter.value) === (filter.operator === 'eq')
    case 'in': {
      const value = valueAt(filter.path, scope)
      return filter.values.some((each) => equal(value, each))
    }
    case 'startsWith': {
      const value = valueAt(filter.path, scope)
      return typeof value === 'string' && value.toLowerCase().startsWith(filter.prefix.toLowerCase())
    }
    case 'any': {
      const list = valueAt(filter.path, scope)
      if (!Array.isArray(list)) return false
      const { condition, variable } = filter
      if (condition === undefined) return list.length > 0
      return (list as readonly Json[]).some((element) =>
        evaluate(condition, { ...scope, [variable]: element }),
      )
    }
  }
}

function valueAt(path: readonly string[], scope: Scope): Json {
  let value: Json = scope
  for (const name of path) value = isObject(value) ? (value[name] ?? null) : null
  return value
}

function equal(value: Json, literal: Literal): boolean {
  if (typeof value === 'string' && typeof literal === 'string') {
    return value.toLowerCase() === literal.toLowerCase()
  }
  return value === literal
}

/** An equality that every match must satisfy: where a look-up may start, instead of walking the whole set. */
export function requiredEquality(
  filter: Filter,
  isIndexed: (property: string) => boolean,
): { readonly property: string; readonly value: string } | undefined {
  if (filter.kind === 'and') {
    return requiredEquality(filter.left, isIndexed) ?? requiredEquality(filter.right, isIndexed)
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const [property = '', ...rest] = filter.path
  const { value } = filter
  return rest.length === 0 && typeof value === 'string' && isIndexed(property)
    ? { property, value }
    : undefined
}

/** The first operator of a filter that the directory answers in advanced queries only; undefined when there is none. */
export function advancedOperator(filter: Filter): 'ne' | 'not' | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return advancedOperator(filter.left) ?? advancedOperator(filter.right)
    case 'not':
      return 'not'
    case 'compare':
      return filter.operator === 'ne' ? 'ne' : undefined
    case 'any':
      return filter.condition === undefined ? undefined : advancedOperator(filter.condition)
    default:
      return undefined
  }
}
