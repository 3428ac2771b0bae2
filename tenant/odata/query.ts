import { badRequest, GraphError, invalidRequest, notImplemented } from '../graph/errors.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { propertyNamed } from '../model/view.ts'
import { checkFilter } from './filter-check.ts'
import { FilterError } from './filter-lexer.ts'
import { type Filter, parseFilter } from './filter-parser.ts'

/** Members of a page when `$top` names no number (recorded from the real service). */
export const DEFAULT_PAGE_SIZE = 100

const MAX_PAGE_SIZE = 999

/** The query options that this tenant answers. */
export interface Query {
  readonly filter?: Filter
  /** Property names, spelled as the model spells them; undefined for what Graph returns by default. */
  readonly select: readonly string[] | undefined
  /** Most members of a page. */
  readonly top: number
  /** The page starts behind this sequence number. */
  readonly after: number
}

const KNOWN = new Set(['filter', 'select', 'top', 'skiptoken', 'count', 'orderby', 'expand', 'search'])
const COLLECTION_ONLY = new Set(['filter', 'top', 'skiptoken', 'count', 'orderby', 'search'])

/** Query options of a request, by name without the `$`, which Graph takes as optional. */
export type QueryOptions = ReadonlyMap<string, string>

/**
 * Sorts the options of a query string. Options that are none of OData's are ignored, as Graph does.
 *
 * @throws GraphError 400 for an unknown `$option` or one given twice
 */
export function readOptions(query: string): QueryOptions {
  const options = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const key = (name.startsWith('$') ? name.slice(1) : name).toLowerCase()
    if (!KNOWN.has(key)) {
      if (!name.startsWith('$')) continue
      throw invalidQuery(`The query parameter '${name}' is not supported.`)
    }
    if (options.has(key)) {
      throw invalidQuery(
        `Query option '$${key}' was specified more than once, but it must be specified at most once.`,
      )
    }
    options.set(key, value)
  }
  return options
}

/**
 * Reads the options of a request for a collection of `set` (undefined: directory objects of any kind).
 *
 * @throws GraphError 400 for options that do not fit, 501 for those that only the real service answers
 */
export function readCollectionQuery(set: EntitySet | undefined, options: QueryOptions, beta: boolean): Query {
  refuseUnimplemented(options)
  const filter = options.get('filter')
  return {
    ...(filter === undefined ? {} : { filter: readFilter(set, filter, beta) }),
    select: readSelect(set, options.get('select'), beta),
    top: readTop(options.get('top')),
    after: readSkipToken(options.get('skiptoken')),
  }
}

/** Reads the options of a request for one object: `$select` alone. Throws as `readCollectionQuery` does. */
export function readSingleQuery(
  set: EntitySet,
  options: QueryOptions,
  beta: boolean,
): { readonly select: readonly string[] | undefined } {
  for (const name of options.keys()) {
    if (COLLECTION_ONLY.has(name)) {
      throw invalidQuery(`Query option '$${name}' is not allowed on a single resource.`)
    }
  }
  refuseUnimplemented(options)
  return { select: readSelect(set, options.get('select'), beta) }
}

/** The `$skiptoken` of the page behind the entity with this sequence number. */
export function skipToken(sequence: number): string {
  return Buffer.from(`after:${sequence}`).toString('base64url')
}

function refuseUnimplemented(options: QueryOptions): void {
  for (const name of ['orderby', 'expand', 'search']) {
    if (options.has(name)) throw notImplemented(`the query option '$${name}'`)
  }
  if (options.has('count') && options.get('count') !== 'false')
    throw notImplemented("the query option '$count'")
}

function readFilter(set: EntitySet | undefined, text: string, beta: boolean): Filter {
  if (set === undefined) return readDirectoryObjectFilter(text)
  try {
    return checkFilter(set, parseFilter(text), beta)
  } catch (error) {
    throw asGraphError(error)
  }
}

/** All that directory objects of any kind have in common, and so all that they can be filtered by, is the id. */
function readDirectoryObjectFilter(text: string): Filter {
  try {
    const filter = parseFilter(text)
    if (filter.kind === 'compare' && filter.operator === 'eq' && filter.path.join('/') === 'id') return filter
    throw new FilterError('Only "id eq" is supported in $filter on directory objects.', { unsupported: true })
  } catch (error) {
    throw asGraphError(error)
  }
}

function asGraphError(error: unknown): unknown {
  if (!(error instanceof FilterError)) return error
  if (error.unsupported) return new GraphError(400, 'Request_UnsupportedQuery', error.message)
  return invalidRequest(`Invalid filter clause: ${error.message}`)
}

function readSelect(
  set: EntitySet | undefined,
  text: string | undefined,
  beta: boolean,
): readonly string[] | undefined {
  if (text === undefined) return undefined
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('*')) return undefined
  if (set === undefined) return names
  return names.map((name) => {
    const found = propertyNamed(set, name, beta)
    if (found !== undefined) return found
    throw invalidRequest(
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.${set.typeName}'.`,
    )
  })
}

function readTop(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PAGE_SIZE
  const top = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (top >= 1 && top <= MAX_PAGE_SIZE) return top
  throw badRequest(
    `Invalid page size specified: '${text}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`,
  )
}

function readSkipToken(text: string | undefined): number {
  if (text === undefined) return 0
  const sequence = /^after:(\d+)$/.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1]
  if (sequence === undefined)
    throw badRequest('The value of $skiptoken is not valid. Follow @odata.nextLink.')
  return Number(sequence)
}

function invalidQuery(message: string): GraphError {
  return invalidRequest(`The query specified in the URI is not valid. ${message}`)
}
