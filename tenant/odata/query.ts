import { propertyNamed } from '../directory/view.ts'
import { badRequest, GraphError, invalidRequest, notImplemented } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { type Expansion, readExpand } from './expand.ts'
import { checkFilter } from './filter-check.ts'
import { advancedOperator } from './filter-evaluate.ts'
import { FilterError } from './filter-lexer.ts'
import { type Filter, parseFilter } from './filter-parser.ts'
import { type Order, readOrder } from './order.ts'
import { readSearch, type Search } from './search.ts'

/** Members of a page when `$top` names no number (recorded from the real service). */
const DEFAULT_PAGE_SIZE = 100

const MAX_PAGE_SIZE = 999

/** Where a page starts: behind an entity's sequence number, or, in a sorted list, behind so many members. */
export type Start = { readonly after: number } | { readonly skip: number }

/** The query options that this tenant answers. */
export interface Query {
  readonly filter?: Filter
  readonly search?: Search
  /** Property names, spelled as the model spells them; undefined for what Graph returns by default. */
  readonly select: readonly string[] | undefined
  readonly expand: readonly Expansion[]
  /** Empty for the order of creation. */
  readonly order: readonly Order[]
  /** Whether the answer tells how many there are in all. */
  readonly isCounted: boolean
  /** Most members of a page. */
  readonly top: number
  readonly start: Start
}

const KNOWN = new Set([
  'filter',
  'select',
  'top',
  'skiptoken',
  'deltatoken',
  'count',
  'orderby',
  'expand',
  'search',
])
const COLLECTION_ONLY = new Set(['filter', 'top', 'skiptoken', 'deltatoken', 'count', 'orderby', 'search'])

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

/** What the options of a request are read against. */
export interface QueryContext {
  readonly options: QueryOptions
  readonly beta: boolean
  /** Whether the client accepts answers that lag behind. */
  readonly isEventual: boolean
}

/**
 * Reads the options of a request for a collection of `set` (undefined: directory objects of any kind).
 *
 * @throws GraphError 400 for options that do not fit, 501 for those that only the real service answers
 */
export function readCollectionQuery(set: EntitySet | undefined, context: QueryContext): Query {
  const { options, beta } = context
  if (options.has('deltatoken')) {
    throw invalidQuery("Query option '$deltatoken' is only allowed on a delta function.")
  }
  const search = readSearchOption(set, context)
  const filter = options.get('filter')
  const order = options.get('orderby')
  const parsed = filter === undefined ? undefined : readFilter(set, filter, beta)
  const isCounted = readCount(options.get('count'))
  if (set?.directoryObject && !(isCounted && context.isEventual)) {
    refuseAdvanced(parsed, order !== undefined)
  }
  return {
    ...(parsed === undefined ? {} : { filter: parsed }),
    ...search,
    select: readSelect(set, options.get('select'), beta),
    expand: readExpandOption(set, options),
    order: order === undefined ? [] : readOrder(set, order, beta),
    isCounted: isCounted && (context.isEventual || set?.directoryObject === false),
    top: readPageSize(options.get('top')),
    start: readSkipToken(options.get('skiptoken')),
  }
}

/** Reads the options of a request for one object: `$select` and `$expand`. Throws as `readCollectionQuery` does. */
export function readSingleQuery(
  set: EntitySet,
  { options, beta }: Pick<QueryContext, 'options' | 'beta'>,
): Pick<Query, 'select' | 'expand'> {
  for (const name of options.keys()) {
    if (COLLECTION_ONLY.has(name)) {
      throw invalidQuery(`Query option '$${name}' is not allowed on a single resource.`)
    }
  }
  return { select: readSelect(set, options.get('select'), beta), expand: readExpandOption(set, options) }
}

/** Reads the options of a request for the number of members: `$filter` and `$search`. Throws as `readCollectionQuery` does. */
export function readCountQuery(
  set: EntitySet | undefined,
  context: QueryContext,
): Pick<Query, 'filter' | 'search'> {
  for (const name of context.options.keys()) {
    if (name !== 'filter' && name !== 'search') {
      throw invalidQuery(`Query option '$${name}' is not allowed with '/$count'.`)
    }
  }
  const filter = context.options.get('filter')
  return {
    ...(filter === undefined ? {} : { filter: readFilter(set, filter, context.beta) }),
    ...readSearchOption(set, context),
  }
}

/** Microsoft Graph: Use the $search query parameter, on directory object collections. */
function readSearchOption(
  set: EntitySet | undefined,
  { options, beta, isEventual }: QueryContext,
): Pick<Query, 'search'> {
  const text = options.get('search')
  if (text === undefined) return {}
  if (set?.directoryObject !== true) throw notImplemented("the query option '$search' here")
  if (isEventual) return { search: readSearch(set, text, beta) }
  throw unsupportedQuery(
    "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
  )
}

/** The `$skiptoken` of the page that starts there. */
export function skipToken(start: Start): string {
  const text = 'after' in start ? `after:${start.after}` : `skip:${start.skip}`
  return Buffer.from(text).toString('base64url')
}

/**
 * Microsoft Graph: Advanced query capabilities on Microsoft Entra ID objects. Some queries are answered only with
 * `$count=true` and `ConsistencyLevel: eventual`.
 *
 * @throws GraphError 400 for those
 */
function refuseAdvanced(filter: Filter | undefined, isSorted: boolean): void {
  const operator = filter === undefined ? undefined : advancedOperator(filter)
  if (operator !== undefined) {
    throw unsupportedQuery(
      `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
    )
  }
  if (isSorted && filter !== undefined) throw unsupportedQuery('Sorting not supported for current query.')
}

/** Without `ConsistencyLevel: eventual` the directory takes no notice of it, so the header decides, not this. */
function readCount(text: string | undefined): boolean {
  if (text === undefined || /^false$/i.test(text)) return false
  if (/^true$/i.test(text)) return true
  throw invalidQuery(`'${text}' is not valid for '$count': it is true or false.`)
}

function readExpandOption(set: EntitySet | undefined, options: QueryOptions): readonly Expansion[] {
  const text = options.get('expand')
  return text === undefined ? [] : readExpand(set, text)
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
  if (error.unsupported) return unsupportedQuery(error.message)
  return invalidRequest(`Invalid filter clause: ${error.message}`)
}

/** Reads a `$select` list. Throws GraphError 400 for a property that the set does not have. */
export function readSelect(
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

/** The most members of a page. Throws GraphError 400 for a `$top` that is out of range. */
export function readPageSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PAGE_SIZE
  const top = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (top >= 1 && top <= MAX_PAGE_SIZE) return top
  throw badRequest(
    `Invalid page size specified: '${text}'. Must be between 1 and ${MAX_PAGE_SIZE} inclusive.`,
  )
}

function readSkipToken(text: string | undefined): Start {
  if (text === undefined) return { after: 0 }
  const [, kind, number] =
    /^(after|skip):(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? []
  if (kind === undefined) throw badRequest('The value of $skiptoken is not valid. Follow @odata.nextLink.')
  return kind === 'after' ? { after: Number(number) } : { skip: Number(number) }
}

/** 400 for a query that is well formed and that the directory does not answer. */
export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message)
}

function invalidQuery(message: string): GraphError {
  return invalidRequest(`The query specified in the URI is not valid. ${message}`)
}
