import { invalidRequest, notImplemented } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'

/** A navigation property whose entities an answer carries along. */
export interface Expansion {
  readonly navigation: string
  /** As sent: the kinds of the entities are only known when they are there. */
  readonly select: string | undefined
}

/** Most entities that come along with one (Microsoft Graph: Use query parameters, expand). */
export const MAX_EXPANDED = 20

/**
 * Reads an `$expand`: navigation properties, each with a `$select` in parentheses or nothing.
 *
 * @throws GraphError 400 for a navigation property that does not exist, 501 for other options in parentheses
 */
export function readExpand(set: EntitySet | undefined, text: string): readonly Expansion[] {
  return splitOutside(text, ',').map((each) => {
    const [, name = '', options] = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(each) ?? []
    const navigation = Object.keys(set?.navigation ?? {}).find(
      (known) => known.toLowerCase() === name.toLowerCase(),
    )
    if (navigation === undefined) {
      throw invalidRequest(
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${set?.typeName ?? 'directoryObject'}'.`,
      )
    }
    return { navigation, select: readOptions(options) }
  })
}

function readOptions(text: string | undefined): string | undefined {
  let select: string | undefined
  for (const option of splitOutside(text ?? '', ';')) {
    const [, name = '', value = ''] = /^\s*\$?(\w+)=(.*)$/s.exec(option) ?? []
    if (name === '' && option.trim() === '') continue
    if (name.toLowerCase() !== 'select') throw notImplemented(`'${option.trim()}' within $expand`)
    select = value
  }
  return select
}

/** Splits where the separator is not in parentheses. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const character of text) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === separator && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}
