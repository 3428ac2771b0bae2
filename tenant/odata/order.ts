import { memberOf, propertyNamed } from '../directory/view.ts'
import { invalidRequest } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import type { Data, Json } from '../store/entity.ts'

/** One step of an `$orderby`. */
export interface Order {
  /** Spelled as the model spells it. */
  readonly property: string
  readonly isDescending: boolean
}

/**
 * Reads an `$orderby`: properties with single values, each with `asc` or `desc` behind it or nothing.
 *
 * @throws GraphError 400 for anything else
 */
export function readOrder(set: EntitySet | undefined, text: string, beta: boolean): readonly Order[] {
  return text.split(',').map((step) => {
    const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(step) ?? []
    const property = set === undefined ? undefined : propertyNamed(set, name, beta)
    const found = property === undefined ? undefined : set?.properties[property]
    if (property === undefined || found === undefined) {
      throw invalidRequest(`Invalid $orderby clause: '${step.trim()}'.`)
    }
    if (found.collection || found.members !== undefined) {
      throw invalidRequest(`Invalid $orderby clause: '${property}' has no order.`)
    }
    return { property, isDescending: direction.toLowerCase() === 'desc' }
  })
}

/** Compares two views by the steps in turn; strings without regard to case, null before everything else. */
export function compareBy(order: readonly Order[], a: Data, b: Data): number {
  for (const { property, isDescending } of order) {
    const result = compare(memberOf(a, property), memberOf(b, property))
    if (result !== 0) return isDescending ? -result : result
  }
  return 0
}

function compare(a: Json, b: Json): number {
  const [left, right] = [rank(a), rank(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

function rank(value: Json): string | number {
  if (value === null) return ''
  return typeof value === 'number' ? value : String(value).toLowerCase()
}
