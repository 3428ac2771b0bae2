import { createHash } from 'node:crypto'
import { deletedItems } from '../directory/deleted-items.ts'
import { type DeltaState, deltaState, type Known, keepDeltaState } from '../directory/delta-states.ts'
import { findDirectoryObject, type Located } from '../directory/directory.ts'
import { odataType } from '../directory/view.ts'
import { badRequest, GraphError, notImplemented } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { readPageSize, readSelect } from '../odata/query.ts'
import { contextUrl, type GraphReply, type GraphRequest } from '../request/graph-request.ts'
import { type Collection, followPath } from '../request/resource-path.ts'
import { type Json, strings } from '../store/entity.ts'
import { renderMember } from './render.ts'

/** Navigation properties that a round tells the changes of when `$select` names none (Microsoft Graph: group: delta). */
const TOLD_BY_DEFAULT = ['members']

type Members = { readonly [name: string]: Json }

/**
 * Microsoft Graph: Use delta query to track changes. The first round tells all objects, page by page; the address at its
 * end (`@odata.deltaLink`) tells what is new, changed or gone since then.
 *
 * @throws GraphError 400 for a token that is not one of ours, 410 for one that is forgotten, 501 for query options that only
 *   the real service takes here
 */
export function delta(request: GraphRequest): GraphReply {
  const { options } = request
  const collection = followPath(request, request.route.path.replace(/\/delta$/, '')) as Collection
  const { set } = collection
  if (set === undefined) throw new Error('a delta query is about one entity set')
  for (const name of options.keys()) {
    if (!['select', 'top', 'skiptoken', 'deltatoken'].includes(name)) {
      throw notImplemented(`the query option '$${name}' of a delta query`)
    }
  }
  const { token, offset } = readPlace(request, collection, set)
  const state = requireState(request, set, token)
  const items = [...state.changed, ...state.gone]
  const end = offset + readPageSize(options.get('top'))
  const link =
    end < items.length
      ? { '@odata.nextLink': address(request, 'skiptoken', `${token}.${end}`) }
      : { '@odata.deltaLink': address(request, 'deltatoken', token) }
  return {
    status: 200,
    body: {
      '@odata.context': contextUrl(request, collection.context),
      ...link,
      value: items.slice(offset, end).flatMap((id) => tell(request, collection, set, state, id)),
    },
  }
}

/** Which round the request is about, beginning one when it is not the next page of one, and how much of it was told. */
function readPlace(
  request: GraphRequest,
  collection: Collection,
  set: EntitySet,
): { readonly token: string; readonly offset: number } {
  const { options, directory } = request
  const page = options.get('skiptoken')
  if (page !== undefined) {
    const [, token = '', offset] = /^([^.]+)\.(\d{1,9})$/.exec(page) ?? []
    if (offset === undefined)
      throw badRequest('The value of $skiptoken is not valid. Follow @odata.nextLink.')
    return { token, offset: Number(offset) }
  }
  const since = options.get('deltatoken')
  const fromNow = since?.toLowerCase() === 'latest'
  const earlier = since === undefined || fromNow ? undefined : requireState(request, set, since)
  const select = earlier?.select ?? readDeltaSelect(request, set)
  const after = knownNow(request, collection, set, select)
  const before = fromNow ? after : (earlier?.after ?? {})
  const state: DeltaState = {
    set: set.name,
    beta: request.beta,
    select,
    changed: Object.keys(after).filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id])),
    gone: Object.keys(before).filter((id) => after[id] === undefined),
    before,
    after,
  }
  return { token: keepDeltaState(directory.store, state), offset: 0 }
}

function requireState(request: GraphRequest, set: EntitySet, token: string): DeltaState {
  const state = deltaState(request.directory.store, token)
  if (state === undefined) {
    throw new GraphError(
      410,
      'syncStateNotFound',
      'The sync state generation is not found; the delta token is expired and a full sync is required.',
    )
  }
  if (state.set === set.name && state.beta === request.beta) return state
  throw badRequest('The delta token is of another resource or version. Follow @odata.deltaLink as it is.')
}

function readDeltaSelect({ options, beta }: GraphRequest, set: EntitySet): readonly string[] | null {
  const text = options.get('select')
  if (text === undefined) return null
  const names = text.split(',').map((name) => name.trim())
  const links = linksOf(set).filter((link) => names.includes(link))
  const properties = names.filter((name) => !links.includes(name)).join(',')
  return [...(readSelect(set, properties === '' ? 'id' : properties, beta) ?? []), ...links]
}

function knownNow(
  request: GraphRequest,
  collection: Collection,
  set: EntitySet,
  select: readonly string[] | null,
): { readonly [id: string]: Known } {
  const names = linksOf(set).filter((name) => (select ?? TOLD_BY_DEFAULT).includes(name))
  return Object.fromEntries(
    [...collection.members()].map((located) => {
      const shown = JSON.stringify(propertiesOf(request, collection, located, select))
      const links = Object.fromEntries(names.map((name) => [name, linkedIds(set, located, name)]))
      return [located.entity.id, { digest: createHash('sha256').update(shown).digest('base64url'), links }]
    }),
  )
}

/** What a page says of one object; nothing when it has gone since the round began, which the next round tells. */
function tell(
  request: GraphRequest,
  collection: Collection,
  set: EntitySet,
  state: DeltaState,
  id: string,
): readonly Members[] {
  const { directory } = request
  if (state.after[id] === undefined) {
    const canComeBack = deletedItems(directory).some(({ entity }) => entity.id === id)
    return [{ id, '@removed': { reason: canComeBack ? 'changed' : 'deleted' } }]
  }
  const entity = directory.store.get(set.name, id)
  if (entity === undefined) return []
  const properties = propertiesOf(request, collection, { set, entity }, state.select)
  const links = Object.entries(state.after[id].links).flatMap(([name, after]) => {
    const changes = linkChanges(request, state.before[id]?.links[name] ?? [], after)
    return changes.length === 0 ? [] : [[`${name}@delta`, changes] as const]
  })
  return [{ ...properties, ...Object.fromEntries(links) }]
}

function linkChanges(
  { directory }: GraphRequest,
  before: readonly string[],
  after: readonly string[],
): readonly Members[] {
  const added = after
    .filter((id) => !before.includes(id))
    .flatMap((id) => {
      const located = findDirectoryObject(directory, id)
      return located === undefined ? [] : [{ '@odata.type': odataType(located.set), id }]
    })
  const removed = before
    .filter((id) => !after.includes(id))
    .map((id) => ({ id, '@removed': { reason: 'deleted' } }))
  return [...added, ...removed]
}

/** The properties that the client asked for, the id among them. */
function propertiesOf(
  request: GraphRequest,
  collection: Collection,
  located: Located,
  select: readonly string[] | null,
): Members {
  const links = linksOf(located.set)
  const properties = select === null ? undefined : ['id', ...select.filter((name) => !links.includes(name))]
  return renderMember(request, collection, located, { select: properties, expand: [] })
}

function linksOf(set: EntitySet): readonly string[] {
  return Object.entries(set.navigation).flatMap(([name, each]) =>
    each.kind === 'references' && !each.single && !each.transitive && name !== 'appManagementPolicies'
      ? [name]
      : [],
  )
}

function linkedIds(set: EntitySet, { entity }: Located, name: string): readonly string[] {
  const navigation = set.navigation[name]
  return navigation?.kind === 'references' ? strings(entity.data[navigation.property]) : []
}

function address(request: GraphRequest, name: string, value: string): string {
  const top = request.options.get('top')
  const size = top === undefined ? '' : `$top=${top}&`
  return `${request.directory.url()}${request.path}?${size}$${name}=${value}`
}
