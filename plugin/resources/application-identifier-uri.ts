import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import type { Entity } from '../schema/entity.ts'
import { notEmpty } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID, changeApplication } from './application-part.ts'
import { parseId, type ResourceType } from './type.ts'

/** `azuread.ApplicationIdentifierUri`: one of an application's identifier URIs, such as `api://{client id}`. */
export const applicationIdentifierUri: ResourceType = {
  token: 'azuread:index/applicationIdentifierUri:ApplicationIdentifierUri',
  noun: 'application identifier URI',
  fields: {
    applicationId: APPLICATION_ID,
    identifierUri: { type: 'string', required: true, forceNew: true, rule: notEmpty },
  },
  idForm: '/applications/{object id}/identifierUris/{the URI in base64}',
  idPattern: /^(\/applications\/[0-9a-f-]{36})\/identifierUris\/([a-z0-9+/]+=*)$/i,
  timeouts: { create: 10, delete: 5, read: 5 },
  create,
  read,
  remove,
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const path = text(inputs['applicationId'])
  const uri = text(inputs['identifierUri'])
  const id = `${path}/identifierUris/${Buffer.from(uri).toString('base64')}`
  parseId(application, path)
  await changeApplication(graph, path, {
    isNew: true,
    change(entity) {
      const existing = urisOf(entity)
      if (!existing.includes(uri)) return { identifierUris: [...existing, uri] }
      throw new PluginError(
        'ALREADY_EXISTS',
        `The application ${path} has the identifier URI ${uri} already. Import it with id ${id}.`,
      )
    },
    isDone: (entity) => urisOf(entity).includes(uri),
    written: () => created(id),
  })
  return { applicationId: path, identifierUri: uri }
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { path, uri } = partsOf(id)
  const entity = await graph.find(path)
  return entity && urisOf(entity).includes(uri) ? { applicationId: path, identifierUri: uri } : undefined
}

async function remove(graph: Graph, id: string): Promise<void> {
  const { path, uri } = partsOf(id)
  await changeApplication(graph, path, {
    change: (entity) => ({ identifierUris: urisOf(entity).filter((existing) => existing !== uri) }),
    isDone: (entity) => !urisOf(entity).includes(uri),
  })
}

function urisOf(entity: Entity): string[] {
  const uris = entity['identifierUris']
  return Array.isArray(uris) ? uris.map(String) : []
}

function partsOf(id: string): { path: string; uri: string } {
  const [path, segment] = parseId(applicationIdentifierUri, id) as [string, string]
  return { path, uri: Buffer.from(segment, 'base64').toString() }
}
