import { findDirectoryObject, type Located } from '../directory.ts'
import { idFromReference, readChange, readNew } from '../model/body.ts'
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
import { type Collection, followPath, type Single } from './resource-path.ts'
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
    const { located } = singleAt(request, request.route.path)
    const { select } = readSingleQuery(located.set, request.options, request.beta)
    return { status: 200, body: renderSingle(request, located, located.set.name, select) }
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
    const draft = readNew(set, request.body, { beta: request.beta })
    requireParent(set, collection, draft.data)
    const made = rulesFor(set).create(draft, request)
    const entity = request.directory.store.insert(set.name, made.id, { ...made.data, id: made.id })
    const body = renderSingle(request, { set, entity }, set.name)
    return {
      status: 201,
      body: made.reveal === undefined ? body : { ...body, ...made.reveal },
      ...(set.directoryObject ? { location: directoryLocation(request, set, entity.id) } : {}),
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

/** `POST /servicePrincipals/{id}/appRoleAssignedTo` has to name the same id in its body. */
function requireParent(
  set: EntitySet,
  collection: Collection,
  data: { readonly [name: string]: Json },
): void {
  const { parent } = collection
  if (parent?.navigation.kind !== 'inverse') return
  const { property } = parent.navigation
  if (String(data[property]).toLowerCase() === parent.located.entity.id) return
  throw badRequest(
    `The '${property}' of the ${set.typeName} has to be '${parent.located.entity.id}', the id in the address.`,
  )
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

function directoryLocation(request: GraphRequest, set: EntitySet, id: string): string {
  const { directory } = request
  return `${directory.url()}/v2/${directory.tenantId}/directoryObjects/${id}/Microsoft.DirectoryServices.${set.resourceName}`
}
