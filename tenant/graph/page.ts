import type { Located } from '../directory/directory.ts'
import { viewOf } from '../directory/view.ts'
import { matches, requiredEquality } from '../odata/filter-evaluate.ts'
import type { Filter } from '../odata/filter-parser.ts'
import { compareBy, type Order } from '../odata/order.ts'
import { type Query, type Start, skipToken } from '../odata/query.ts'
import { isFound } from '../odata/search.ts'
import type { GraphRequest } from '../request/graph-request.ts'
import type { Collection } from '../request/resource-path.ts'

/** Part of a collection. */
export interface Page {
  readonly members: readonly Located[]
  /** How many there are on all pages; undefined when nobody asked. */
  readonly count: number | undefined
  /** Address of the next page; undefined on the last. */
  readonly nextLink: string | undefined
}

type Wanted = Pick<Query, 'filter' | 'search'>

/**
 * The members of a collection that pass the filter, from where the query says, up to the size of a page. Pages follow
 * the order of creation, so that what is made or removed in between neither repeats nor hides another; sorted ones
 * cannot promise that.
 */
export function listPage(request: GraphRequest, collection: Collection, query: Query): Page {
  const count = query.isCounted ? countMembers(request, collection, query) : undefined
  const found = passing(request, collection, query)
  const rest =
    query.order.length > 0
      ? sorted(request, [...found], query.order).slice('skip' in query.start ? query.start.skip : 0)
      : collection.set?.isNewestFirst
        ? before(found, query.start)
        : behind(found, query.start)
  const members: Located[] = []
  for (const located of rest) {
    if (members.length === query.top) return { members, count, nextLink: nextLink(request, query, members) }
    members.push(located)
  }
  return { members, count, nextLink: undefined }
}

/** How many members of a collection pass the filter and the search. */
export function countMembers(request: GraphRequest, collection: Collection, wanted: Wanted): number {
  let count = 0
  for (const _ of passing(request, collection, wanted)) count += 1
  return count
}

function* passing(
  request: GraphRequest,
  collection: Collection,
  { filter, search }: Wanted,
): Iterable<Located> {
  for (const located of candidates(request, collection, filter)) {
    if (filter === undefined && search === undefined) yield located
    else {
      const view = viewOf(request.directory, located.set, located.entity)
      const isWanted = filter === undefined || matches(filter, view)
      if (isWanted && (search === undefined || isFound(search, view))) yield located
    }
  }
}

function* behind(found: Iterable<Located>, start: Start): Iterable<Located> {
  const after = 'after' in start ? start.after : 0
  for (const located of found) if (located.entity.sequence > after) yield located
}

/** The same in a set that shows the newest first. */
function before(found: Iterable<Located>, start: Start): readonly Located[] {
  const last = 'after' in start && start.after > 0 ? start.after : Number.POSITIVE_INFINITY
  return [...found]
    .filter(({ entity }) => entity.sequence < last)
    .sort((a, b) => b.entity.sequence - a.entity.sequence)
}

function sorted(
  request: GraphRequest,
  found: readonly Located[],
  order: readonly Order[],
): readonly Located[] {
  return found
    .map((located) => ({ located, view: viewOf(request.directory, located.set, located.entity) }))
    .sort((a, b) => compareBy(order, a.view, b.view))
    .map(({ located }) => located)
}

function candidates(
  request: GraphRequest,
  collection: Collection,
  filter: Filter | undefined,
): Iterable<Located> {
  const { store } = request.directory
  const { set } = collection
  if (set === undefined || collection.parent !== undefined || filter === undefined) {
    return inOrder(collection)
  }
  const start = requiredEquality(filter, (property) => store.isIndexed(set.name, property))
  if (start === undefined) return collection.members()
  return store.find(set.name, start.property, start.value).map((entity) => ({ set, entity }))
}

/** Sets come in order already; what hangs on an entity comes in the order it was attached. */
function inOrder(collection: Collection): Iterable<Located> {
  if (collection.parent === undefined && collection.set !== undefined) return collection.members()
  return [...collection.members()].sort((a, b) => a.entity.sequence - b.entity.sequence)
}

function nextLink(request: GraphRequest, query: Query, members: readonly Located[]): string {
  const options = [...request.options].filter(([name]) => name !== 'skiptoken')
  const skipped = 'skip' in query.start ? query.start.skip : 0
  const next: Start =
    query.order.length > 0
      ? { skip: skipped + members.length }
      : { after: members.at(-1)?.entity.sequence ?? 0 }
  const text = [...options, ['skiptoken', skipToken(next)] as const]
    .map(([name, value]) => `$${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${request.directory.url()}${request.path}?${text}`
}
