import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, entities, fromGraph, isEntity, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { uuid } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID, changeApplication } from './application-part.ts'
import { parseId, present, type ResourceType, sameId, type Update } from './type.ts'

const FIELDS: Fields = {
  applicationId: APPLICATION_ID,
  authorizedClientId: { type: 'string', graph: 'appId', required: true, forceNew: true, rule: uuid },
  permissionIds: {
    type: 'set',
    graph: 'delegatedPermissionIds',
    required: true,
    element: { type: 'string', rule: uuid },
  },
}

/**
 * `azuread.ApplicationPreAuthorized`: a client that gets scopes of an API without anyone being asked (Microsoft Graph:
 * preAuthorizedApplication resource type).
 */
export const applicationPreAuthorized: ResourceType = {
  token: 'azuread:index/applicationPreAuthorized:ApplicationPreAuthorized',
  noun: 'application pre-authorization',
  fields: FIELDS,
  idForm: '{application object id}/preAuthorizedApplication/{client id}',
  idPattern: /^([0-9a-f-]{36})\/preAuthorizedApplication\/([0-9a-f-]{36})$/i,
  timeouts: { create: 5, delete: 5, read: 5, update: 5 },
  create,
  read,
  update,
  remove,
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const path = text(inputs['applicationId'])
  const clientId = text(inputs['authorizedClientId'])
  const [objectId] = parseId(application, path)
  const id = `${objectId}/preAuthorizedApplication/${clientId}`
  await changeApplication(graph, path, {
    isNew: true,
    change(entity) {
      if (clientIn(entity, clientId) === undefined) {
        return bodyOf([...clientsOf(entity), toGraph(FIELDS, inputs)])
      }
      throw new PluginError(
        'ALREADY_EXISTS',
        `The application ${path} has pre-authorized the client ${clientId} already. Import it with id ${id}.`,
      )
    },
    isDone: (entity) => clientIn(entity, clientId) !== undefined,
    written: () => created(id),
  })
  return present('application pre-authorization', await read(graph, id))
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { path, clientId } = partsOf(id)
  const entity = await graph.find(path)
  const client = entity && clientIn(entity, clientId)
  return client && { ...fromGraph(FIELDS, client), applicationId: path, authorizedClientId: clientId }
}

async function update(graph: Graph, { id, news }: Update): Promise<Properties> {
  const { path, clientId } = partsOf(id)
  const wanted = toGraph(FIELDS, { ...news, authorizedClientId: clientId })
  const permissions = (client: Entity | undefined) =>
    JSON.stringify(client && fromGraph(FIELDS, client)['permissionIds'])
  await changeApplication(graph, path, {
    change(entity) {
      present('application pre-authorization', clientIn(entity, clientId) && {})
      return bodyOf(clientsOf(entity).map((each) => (isClient(each, clientId) ? wanted : each)))
    },
    isDone: (entity) => permissions(clientIn(entity, clientId)) === permissions(wanted),
  })
  return present('application pre-authorization', await read(graph, id))
}

async function remove(graph: Graph, id: string): Promise<void> {
  const { path, clientId } = partsOf(id)
  await changeApplication(graph, path, {
    change: (entity) => bodyOf(clientsOf(entity).filter((client) => !isClient(client, clientId))),
    isDone: (entity) => clientIn(entity, clientId) === undefined,
  })
}

function bodyOf(preAuthorizedApplications: Entity[]): Entity {
  return { api: { preAuthorizedApplications } }
}

function clientsOf(entity: Entity): Entity[] {
  const { api } = entity
  return isEntity(api) ? entities(api['preAuthorizedApplications']) : []
}

function clientIn(entity: Entity, clientId: string): Entity | undefined {
  return clientsOf(entity).find((client) => isClient(client, clientId))
}

function isClient({ appId }: Entity, clientId: string): boolean {
  return sameId(String(appId), clientId)
}

function partsOf(id: string): { path: string; clientId: string } {
  const [objectId, clientId] = parseId(applicationPreAuthorized, id) as [string, string]
  return { path: `/applications/${objectId}`, clientId }
}
