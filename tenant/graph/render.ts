import type { Directory, Located } from '../directory/directory.ts'
import { odataType, render, viewOf } from '../directory/view.ts'
import { GraphError } from '../errors/graph-error.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { type Expansion, MAX_EXPANDED } from '../odata/expand.ts'
import { type Query, readSelect } from '../odata/query.ts'
import { contextUrl, type GraphRequest } from '../request/graph-request.ts'
import { type Collection, navigate, type Resource, type Single } from '../request/resource-path.ts'
import { isRead } from '../request/route.ts'
import { isObject, type Json, objects } from '../store/entity.ts'

/** Which members of an object an answer has. */
export type Shown = Pick<Query, 'select' | 'expand'>

/** What Graph shows of an object when nobody asks for anything in particular. */
export const DEFAULT: Shown = { select: undefined, expand: [] }

/** The body of an answer that is one object. */
export function renderSingle(
  request: GraphRequest,
  { located, fragment, isOfAnyKind }: Pick<Single, 'located' | 'fragment' | 'isOfAnyKind'>,
  shown: Shown = DEFAULT,
): { readonly [name: string]: Json } {
  return {
    '@odata.context': contextUrl(request, `${fragment}${selection(shown)}/$entity`),
    ...renderObject(request, located, shown, isOfAnyKind === true),
    ...(shown.select?.includes('keyCredentials') ? { keyCredentials: withKeys(located) } : {}),
  }
}

/** Key credentials with their keys, which Graph shows of one object when `$select` names them (keyCredential resource type). */
function withKeys({ entity: { data } }: Located): Json {
  const certificates = isObject(data['certificates']) ? data['certificates'] : {}
  return objects(data['keyCredentials']).map((each) => ({
    ...each,
    key: certificates[String(each['keyId']).toLowerCase()] ?? null,
  }))
}

/** A member of a collection, as it is shown in a list. */
export function renderMember(
  request: GraphRequest,
  collection: Pick<Collection, 'set'>,
  located: Located,
  shown: Shown = DEFAULT,
): { readonly [name: string]: Json } {
  return renderObject(request, located, shown, collection.set === undefined)
}

/** What `@odata.context` says about the members of an answer: `(id,displayName,owners())`. */
export function selection({ select, expand }: Shown): string {
  if (select === undefined && expand.length === 0) return ''
  const expanded = expand.map(({ navigation, select: inner }) => `${navigation}(${inner ?? ''})`)
  return `(${[...(select ?? []), ...expanded].join(',')})`
}

function renderObject(
  request: GraphRequest,
  located: Located,
  { select, expand }: Shown,
  withType: boolean,
): { readonly [name: string]: Json } {
  const { directory, beta, route } = request
  // What a client has just written is answered as it wrote it.
  const listOrder = isRead(route) ? directory.listOrder : 'written'
  const isListed = route.operation === 'list'
  const view = viewOf(directory, located.set, located.entity)
  const type = withType ? { '@odata.type': odataType(located.set) } : {}
  const members = { ...type, ...render(located.set, view, { beta, select, listOrder, isListed }) }
  if (expand.length === 0) return members
  return { ...members, ...Object.fromEntries(expand.map((each) => expandOne(request, located, each))) }
}

function expandOne(request: GraphRequest, located: Located, expansion: Expansion): readonly [string, Json] {
  const { navigation } = expansion
  const resource = target(request.directory, located, navigation)
  if (resource === undefined) return [navigation, null]
  if (resource.kind === 'single') {
    return [navigation, renderExpanded(request, resource.located, expansion, resource.isOfAnyKind === true)]
  }
  const members = [...resource.members()].slice(0, MAX_EXPANDED)
  const isOfAnyKind = resource.set === undefined
  return [navigation, members.map((each) => renderExpanded(request, each, expansion, isOfAnyKind))]
}

function renderExpanded(
  request: GraphRequest,
  located: Located,
  { select }: Expansion,
  withType: boolean,
): Json {
  const shown = { select: selectFor(located.set, select, request.beta, withType), expand: [] }
  return renderObject(request, located, shown, withType)
}

/** Among objects of any kind, a property may be one that only some of them have. */
function selectFor(
  set: EntitySet,
  select: string | undefined,
  beta: boolean,
  isOfAnyKind: boolean,
): readonly string[] | undefined {
  return readSelect(isOfAnyKind ? undefined : set, select, beta)
}

function target(directory: Directory, located: Located, navigation: string): Resource | undefined {
  try {
    return navigate(directory, { kind: 'single', located, context: '', fragment: '' }, navigation)
  } catch (error) {
    if (error instanceof GraphError && error.status === 404) return undefined
    throw error
  }
}
