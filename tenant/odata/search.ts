import { propertyNamed } from '../directory/view.ts'
import { badRequest, type GraphError } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import type { Data } from '../store/entity.ts'

/** A checked `$search`. */
export type Search =
  | { readonly kind: 'clause'; readonly property: string; readonly text: string }
  | { readonly kind: 'and'; readonly left: Search; readonly right: Search }
  | { readonly kind: 'or'; readonly left: Search; readonly right: Search }

/** Clauses and parentheses that one search may have. */
const MAX_TOKENS = 200

/** Properties whose words are found wherever they stand; of others only the beginning counts. */
const BY_WORDS: readonly string[] = ['displayName', 'description']

/**
 * Reads a `$search`: `"displayName:text"`, joined by `AND` and `OR` (in capitals, `AND` first) and parentheses
 * (Microsoft Graph: Use the $search query parameter, Using $search on directory object collections).
 *
 * @throws GraphError 400 for anything else, and for properties that are not text
 */
export function readSearch(set: EntitySet, text: string, beta: boolean): Search {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|AND\b|OR\b|[()]|\S+/g) ?? []
  if (tokens.length > MAX_TOKENS) throw invalidSearch(`it has more than ${MAX_TOKENS} parts`)
  let at = 0
  const either = (): Search => {
    let left = both()
    while (tokens[at] === 'OR') {
      at += 1
      left = { kind: 'or', left, right: both() }
    }
    return left
  }
  const both = (): Search => {
    let left = one()
    while (tokens[at] === 'AND') {
      at += 1
      left = { kind: 'and', left, right: one() }
    }
    return left
  }
  const one = (): Search => {
    const token = tokens[at]
    at += 1
    if (token !== '(') return readClause(set, token ?? '', beta)
    const inner = either()
    if (tokens[at] !== ')') throw invalidSearch(`a parenthesis is not closed in '${text}'`)
    at += 1
    return inner
  }
  const search = either()
  if (at < tokens.length) throw invalidSearch(`'${tokens[at]}' stands where AND or OR is expected`)
  return search
}

function readClause(set: EntitySet, token: string, beta: boolean): Search {
  const [, quoted] = /^"(.*)"$/s.exec(token) ?? []
  const [, name = '', text = ''] = /^(\w+):(.+)$/s.exec(quoted ?? '') ?? []
  if (name === '')
    throw invalidSearch(`'${token}' is not a clause such as "displayName:text", quotes included`)
  const property = propertyNamed(set, name, beta)
  if (property === undefined || !isText(set, property)) {
    throw invalidSearch(`'${name}' of ${set.typeName} cannot be searched`)
  }
  return { kind: 'clause', property, text: text.replaceAll(/\\(.)/g, '$1') }
}

function isText(set: EntitySet, property: string): boolean {
  const { type, collection } = set.properties[property] ?? {}
  return type === 'string' && collection === false
}

/** Whether an entity is found. */
export function isFound(search: Search, entity: Data): boolean {
  if (search.kind === 'and') return isFound(search.left, entity) && isFound(search.right, entity)
  if (search.kind === 'or') return isFound(search.left, entity) || isFound(search.right, entity)
  const value = entity[search.property]
  if (typeof value !== 'string') return false
  if (!BY_WORDS.includes(search.property)) return value.toLowerCase().startsWith(search.text.toLowerCase())
  const words = wordsOf(value)
  return wordsOf(search.text).every((wanted) => words.some((word) => word.startsWith(wanted)))
}

/** Words end at white space, at symbols, between letters and digits, and where capitals begin: `OneVideo2` is three. */
function wordsOf(text: string): string[] {
  const words = text.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{L}+|\p{N}+/gu) ?? []
  return words.map((word) => word.toLowerCase())
}

function invalidSearch(reason: string): GraphError {
  return badRequest(`Invalid $search: ${reason}.`)
}
