import type { Located } from '../directory.ts'
import type { GraphRequest } from '../graph/context.ts'
import type { Collection } from '../graph/resource-path.ts'
import { viewOf } from '../model/view.ts'
import { matches, requiredEquality } from './filter-evaluate.ts'
import { type Query, skipToken } from './query.ts'

/** Part of a collection. */
export interface Page {
  readonly members: readonly Located[]
  /** Address of the next page; undefined on the last. */
  readonly nextLink: string | undefined
}

/**
 * The members of a collection that pass the filter, from where the query says, up to the size of a page. Pages follow
 * the order of creation, so that what is made or removed in between neither repeats nor hides another.
 */
export function listPage(request: GraphRequest, collection: Collection, query: Query): Page {
  const members: Located[] = []
  for (const located of candidates(request, collection, query)) {
    const { entity, set } = located
    if (entity.sequence <= query.after) continue
    if (query.filter !== undefined && !matches(query.filter, viewOf(request.directory, set, entity))) continue
    if (members.length === query.top) return { members, nextLink: nextLink(request, members) }
    members.push(located)
  }
  return { members, nextLink: undefined }
}

function candidates(request: GraphRequest, collection: Collection, query: Query): Iterable<Located> {
  const { store } = request.directory
  const { set } = collection
  if (set === undefined || collection.parent !== undefined || query.filter === undefined) {
    return inOrder(collection)
  }
  const start = requiredEquality(query.filter, (property) => store.isIndexed(set.name, property))
  if (start === undefined) return collection.members()
  return store.find(set.name, start.property, start.value).map((entity) => ({ set, entity }))
}

/** Sets come in order already; what hangs on an entity comes in the order it was attached. */
function inOrder(collection: Collection): Iterable<Located> {
  if (collection.parent === undefined) return collection.members()
  return [...collection.members()].sort((a, b) => a.entity.sequence - b.entity.sequence)
}

function nextLink(request: GraphRequest, members: readonly Located[]): string {
  const options = [...request.options].filter(([name]) => name !== 'skiptoken')
  const token = skipToken(members.at(-1)?.entity.sequence ?? 0)
  const query = [...options, ['skiptoken', token] as const]
    .map(([name, value]) => `$${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${request.directory.url()}${request.path}?${query}`
}
