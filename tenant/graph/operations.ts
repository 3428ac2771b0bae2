import { keyOf } from '../directory/directory.ts'
import { badRequest } from '../errors/graph-error.ts'
import { type Draft, idFromReference, readChange, readNew } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { entitySet } from '../model/index.ts'
import { readCollectionQuery, readCountQuery, readSingleQuery, unsupportedQuery } from '../odata/query.ts'
import { contextUrl, type GraphReply, type GraphRequest } from '../request/graph-request.ts'
import { type Collection, followPath, memberFragment, type Single } from '../request/resource-path.ts'
import type { Operation } from '../request/route.ts'
import { rulesFor } from '../rules/index.ts'
import { addReference, clearReference, removeReference, setReference } from '../rules/references.ts'
import { isObject } from '../store/entity.ts'
import { actions } from './actions.ts'
import { applicationActions } from './application-actions.ts'
import { delta } from './delta.ts'
import { countMembers, listPage } from './page.ts'
import { renderMember, renderSingle, selection } from './render.ts'

/** One function per operation of the route table; each that writes runs inside a transaction. */
export const operations: { readonly [name in Operation]: (request: GraphRequest) => GraphReply } = {
  ...actions,
  ...applicationActions,
  delta,

  list(request) {
    const collection = collectionAt(request, request.route.path)
    const query = readCollectionQuery(collection.set, request)
    const { members, count, nextLink } = listPage(request, collection, query)
    const fragment = collection.set === undefined ? 'directoryObjects' : collection.context
    return {
      status: 200,
      body: {
        '@odata.context': contextUrl(request, `${fragment}${selection(query)}`),
        ...(count === undefined ? {} : { '@odata.count': count }),
        ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
        value: members.map((located) => renderMember(request, collection, located, query)),
      },
    }
  },

  count(request) {
    const collection = collectionAt(request, withoutLastSegments(request.route.path, 1))
    if (!request.isEventual) {
      throw unsupportedQuery(
        "Raw count (/$count) is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
      )
    }
    const count = countMembers(request, collection, readCountQuery(collection.set, request))
    return { status: 200, content: { type: 'text/plain', bytes: String(count) } }
  },

  get(request) {
    const single = singleAt(request, request.route.path)
    return {
      status: 200,
      body: renderSingle(request, single, readSingleQuery(single.located.set, request)),
    }
  },

  getProperty(request) {
    const single = singleAt(request, withoutLastSegments(request.route.path, 1))
    const name = request.route.path.slice(request.route.path.lastIndexOf('/') + 1)
    const { [name]: value = null } = renderSingle(request, single, { select: [name], expand: [] })
    const context = `${single.fragment}('${single.located.entity.id}')/${name}`
    return { status: 200, body: { '@odata.context': contextUrl(request, context), value } }
  },

  create(request) {
    const collection = collectionAt(request, request.route.path)
    return createIn(request, collection, ownSet(collection), request.body)
  },

  createMember(request) {
    const collection = collectionAt(request, request.route.path)
    const type = isObject(request.body) ? request.body['@odata.type'] : undefined
    if (type !== '#microsoft.graph.group') throw badRequest("'@odata.type' must be '#microsoft.graph.group'.")
    const set = entitySet('groups')
    const groups = { kind: 'collection', set, context: set.name, members: () => [] } as const
    const reply = createIn(request, groups, set, request.body)
    addReference(request.directory, collection, String(reply.body?.['id']))
    return { ...reply, body: { '@odata.type': type, ...reply.body } }
  },

  update(request) {
    const missing = missingTarget(request)
    if (missing !== undefined) return createIn(request, missing.collection, missing.set, missing.body)
    const single = singleAt(request, request.route.path)
    const { set, entity } = single.located
    const draft = readChange(set, entity.data, request.body, { beta: request.beta })
    const data = rulesFor(set).update(entity, draft, request)
    const changed = request.directory.store.replace(set.name, entity, data)
    if (!set.showsUpdates) return { status: 204 }
    return { status: 200, body: renderSingle(request, { ...single, located: { set, entity: changed } }) }
  },

  delete(request) {
    const { set, entity } = singleAt(request, request.route.path).located
    rulesFor(set).remove(entity, request)
    return { status: 204 }
  },

  addReference(request) {
    addReference(
      request.directory,
      collectionAt(request, withoutLastSegments(request.route.path, 1)),
      idIn(request),
    )
    return { status: 204 }
  },

  removeReference(request) {
    const collection = collectionAt(request, withoutLastSegments(request.route.path, 2))
    const key = request.route.path.split('/').at(-2)?.slice(1, -1) ?? ''
    removeReference(request.directory, collection, request.parameters[key] ?? '')
    return { status: 204 }
  },

  setReference(request) {
    const { located, name } = singleReferenceAt(request)
    setReference(request.directory, located, name, idIn(request))
    return { status: 204 }
  },

  clearReference(request) {
    const { located, name } = singleReferenceAt(request)
    clearReference(request.directory, located, name)
    return { status: 204 }
  },
}

function createIn(request: GraphRequest, collection: Collection, set: EntitySet, body: unknown): GraphReply {
  const draft = withinParent(set, collection, readNew(set, body, { beta: request.beta }))
  const made = rulesFor(set).create(draft, request)
  const entity = request.directory.store.insert(set.name, made.id, { ...made.data, id: made.id })
  const fragment = memberFragment(collection, set)
  const shown = renderSingle(request, { located: { set, entity }, fragment })
  const location = locationOf(request, collection, set, entity.id)
  return {
    status: 201,
    body: made.reveal === undefined ? shown : { ...shown, ...made.reveal },
    ...(location === undefined ? {} : { location }),
  }
}

/**
 * Where and what an upsert has to create, undefined when its object is there. Microsoft Graph: Upsert application, Upsert
 * group, Upsert servicePrincipal, Upsert federatedIdentityCredential: PATCH by a named key with
 * `Prefer: create-if-missing`.
 */
function missingTarget(
  request: GraphRequest,
): { readonly collection: Collection; readonly set: EntitySet; readonly body: unknown } | undefined {
  const segments = request.route.path.split('/')
  const last = segments.at(-1) ?? ''
  if (!request.createsMissing || !last.startsWith('{')) return undefined
  const collection = collectionAt(request, withoutLastSegments(request.route.path, 1))
  const set = ownSet(collection)
  const key = keyOf(set, request.parameters[last.slice(1, -1)] ?? '')
  if (key === undefined || !key.isNamed) return undefined
  const isThere = [...collection.members()].some(
    ({ entity }) => String(entity.data[key.property] ?? '').toLowerCase() === key.value.toLowerCase(),
  )
  if (isThere) return undefined
  const body = isObject(request.body) ? { ...request.body, [key.property]: key.value } : request.body
  return { collection, set, body }
}

function collectionAt(request: GraphRequest, template: string): Collection {
  return followPath(request, template) as Collection
}

function singleAt(request: GraphRequest, template: string): Single {
  return followPath(request, template) as Single
}

/** The object whose single reference `…/{name}/$ref` is about. */
function singleReferenceAt(request: GraphRequest) {
  const name = request.route.path.split('/').at(-2) ?? ''
  return { located: singleAt(request, withoutLastSegments(request.route.path, 2)).located, name }
}

function withoutLastSegments(path: string, count: number): string {
  return path.split('/').slice(0, -count).join('/')
}

function idIn({ body }: GraphRequest): string {
  return idFromReference(isObject(body) ? body['@odata.id'] : undefined)
}

function ownSet(collection: Collection): EntitySet {
  if (collection.set === undefined)
    throw new Error('directory objects of no particular kind cannot be created')
  return collection.set
}

/**
 * Ties a new member to the entity it hangs on. `POST /servicePrincipals/{id}/appRoleAssignedTo` has to name the same id
 * in its body; where clients do not see the property, it is filled in.
 */
function withinParent(set: EntitySet, collection: Collection, draft: Draft): Draft {
  const { parent } = collection
  if (parent?.navigation.kind !== 'inverse') return draft
  const { property } = parent.navigation
  const { id } = parent.located.entity
  const access = set.properties[property]?.access
  if (access === 'hidden' || access === 'echo') {
    return { ...draft, data: { ...draft.data, [property]: id } }
  }
  if (String(draft.data[property]).toLowerCase() === id) return draft
  throw badRequest(`The '${property}' of the ${set.typeName} has to be '${id}', the id in the address.`)
}

/** Where the real service says that a new object is: its own older address, without Graph's version. */
function locationOf(
  { directory }: GraphRequest,
  collection: Collection,
  set: EntitySet,
  id: string,
): string | undefined {
  const base = `${directory.url()}/v2/${directory.tenantId}`
  if (set.directoryObject)
    return `${base}/directoryObjects/${id}/Microsoft.DirectoryServices.${set.resourceName}`
  const navigation = collection.parent?.navigation
  return navigation?.kind === 'inverse' && navigation.contained ? `${base}/${set.name}/${id}` : undefined
}
