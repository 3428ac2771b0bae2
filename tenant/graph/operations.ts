import { findDirectoryObject, type Located } from '../directory.ts'
import { type Draft, idFromReference, readChange, readNew } from '../model/body.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { odataType, render, viewOf } from '../model/view.ts'
import { listPage } from '../odata/page.ts'
import { readCollectionQuery, readSingleQuery } from '../odata/query.ts'
import { rulesFor } from '../rules/index.ts'
import { addPassword, removePassword } from '../rules/passwords.ts'
import { addReference, removeReference } from '../rules/references.ts'
import { isObject, type Json } from '../store/entity.ts'
import { contextUrl, type GraphReply, type GraphRequest } from './context.ts'
import { badRequest, notFound } from './errors.ts'
import { type Collection, followPath, memberFragment, type Single } from './resource-path.ts'
import type { Operation } from './routes.ts'

/** One function per operation of the route table; each that writes runs inside a transaction. */
export const operations: { readonly [name in Operation]: (request: GraphRequest) => GraphReply } = {
  list(request) {
    const collection = collectionAt(request, request.route.path)
    const query = readCollectionQuery(collection.set, request.options, request.beta)
    const { members, nextLink } = listPage(request, collection, query)
    const fragment = collection.set === undefined ? 'directoryObjects' : collection.context
    return {
      status: 200,
      body: {
        '@odata.context': contextUrl(request, `${fragment}${selection(query.select)}`),
        ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
        value: members.map((located) => renderMember(request, collection, located, query.select)),
      },
    }
  },

  get(request) {
    const { located, fragment } = singleAt(request, request.route.path)
    const { select } = readSingleQuery(located.set, request.options, request.beta)
    return { status: 200, body: renderSingle(request, located, fragment, select) }
  },

  getDirectoryObject(request) {
    const id = request.parameters['id'] ?? ''
    const located = findDirectoryObject(request.directory, id)
    if (located === undefined) throw notFound(id)
    const { select } = readSingleQuery(located.set, request.options, request.beta)
    return { status: 200, body: renderSingle(request, located, 'directoryObjects', select, true) }
  },

  create(request) {
    const collection = collectionAt(request, request.route.path)
    const set = ownSet(collection)
    const draft = withinParent(set, collection, readNew(set, request.body, { beta: request.beta }))
    const made = rulesFor(set).create(draft, request)
    const entity = request.directory.store.insert(set.name, made.id, { ...made.data, id: made.id })
    const body = renderSingle(request, { set, entity }, memberFragment(collection, set))
    const location = locationOf(request, collection, set, entity.id)
    return {
      status: 201,
      body: made.reveal === undefined ? body : { ...body, ...made.reveal },
      ...(location === undefined ? {} : { location }),
    }
  },

  update(request) {
    const { set, entity } = singleAt(request, request.route.path).located
    const draft = readChange(set, entity.data, request.body, { beta: request.beta })
    request.directory.store.replace(set.name, entity, rulesFor(set).update(entity, draft, request))
    return { status: 204 }
  },

  delete(request) {
    const { set, entity } = singleAt(request, request.route.path).located
    rulesFor(set).remove(entity, request)
    return { status: 204 }
  },

  addPassword(request) {
    const { set, entity } = targetOfAction(request)
    const wanted = isObject(request.body) ? (request.body['passwordCredential'] ?? {}) : {}
    const { data, credential } = addPassword(set, entity, wanted, request.directory.now())
    request.directory.store.replace(set.name, entity, data)
    return {
      status: 200,
      body: { '@odata.context': contextUrl(request, 'microsoft.graph.passwordCredential'), ...credential },
      location: request.directory.url(),
    }
  },

  removePassword(request) {
    const { set, entity } = targetOfAction(request)
    const keyId = isObject(request.body) ? request.body['keyId'] : undefined
    request.directory.store.replace(set.name, entity, removePassword(entity, keyId))
    return { status: 204 }
  },

  addReference(request) {
    const collection = collectionAt(request, withoutLastSegments(request.route.path, 1))
    const id = idFromReference(isObject(request.body) ? request.body['@odata.id'] : undefined)
    addReference(request.directory, collection, id)
    return { status: 204 }
  },

  removeReference(request) {
    const collection = collectionAt(request, withoutLastSegments(request.route.path, 2))
    removeReference(request.directory, collection, request.parameters['ownerId'] ?? '')
    return { status: 204 }
  },
}

function collectionAt(request: GraphRequest, template: string): Collection {
  return followPath(request.directory, template, request.parameters) as Collection
}

function singleAt(request: GraphRequest, template: string): Single {
  return followPath(request.directory, template, request.parameters) as Single
}

function targetOfAction(request: GraphRequest): Located {
  return singleAt(request, withoutLastSegments(request.route.path, 1)).located
}

function withoutLastSegments(path: string, count: number): string {
  return path.split('/').slice(0, -count).join('/')
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
  if (set.properties[property]?.access === 'hidden') {
    return { ...draft, data: { ...draft.data, [property]: id } }
  }
  if (String(draft.data[property]).toLowerCase() === id) return draft
  throw badRequest(`The '${property}' of the ${set.typeName} has to be '${id}', the id in the address.`)
}

function renderSingle(
  request: GraphRequest,
  located: Located,
  context: string,
  select?: readonly string[],
  withType = false,
): Record<string, Json> {
  const view = viewOf(request.directory, located.set, located.entity)
  return {
    '@odata.context': contextUrl(request, `${context}${selection(select)}/$entity`),
    ...(withType ? { '@odata.type': odataType(located.set) } : {}),
    ...render(located.set, view, { beta: request.beta, select }),
  }
}

function renderMember(
  request: GraphRequest,
  collection: Collection,
  located: Located,
  select: readonly string[] | undefined,
): Json {
  const view = viewOf(request.directory, located.set, located.entity)
  const members = render(located.set, view, { beta: request.beta, select })
  return collection.set === undefined ? { '@odata.type': odataType(located.set), ...members } : members
}

function selection(select: readonly string[] | undefined): string {
  return select === undefined ? '' : `(${select.join(',')})`
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
