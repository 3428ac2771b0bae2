import { filterBy, type Graph, notYetVisible } from '../client/graph.ts'
import { GraphError, PluginError } from '../protocol/errors.ts'
import { type Properties, text, texts } from '../protocol/wire.ts'
import { type Entity, entities, fromGraph, toGraph } from '../schema/entity.ts'
import { featuresOf, tagsToSend } from './feature-tags.ts'
import { ownersOf, planOwners, replaceOwners, settleOwners } from './owners.ts'
import { idsByValue } from './permissions.ts'
import { SERVICE_PRINCIPAL_FIELDS } from './service-principal-fields.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

/** `azuread.ServicePrincipal`: Microsoft Graph's servicePrincipal resource, with its owners. */
export const servicePrincipal: ResourceType = {
  token: 'azuread:index/servicePrincipal:ServicePrincipal',
  noun: 'service principal',
  fields: SERVICE_PRINCIPAL_FIELDS,
  idForm: '/servicePrincipals/{object id}',
  idPattern: /^\/servicePrincipals\/([0-9a-f-]{36})$/i,
  schemaVersion: 1,
  timeouts: { create: 10, delete: 5, read: 5, update: 10 },
  create,
  read,
  update,
  remove,
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const clientId = text(inputs['clientId'])
  const [existing] = await graph.list(`/servicePrincipals?${filterBy('appId', clientId)}`)
  if (existing !== undefined) return adopt(graph, inputs, existing, created)
  const owners = await planOwners(graph, inputs)
  const entity = await graph.post(
    '/servicePrincipals',
    { ...bodyOf(inputs, {}, () => true), appId: clientId, 'owners@odata.bind': owners.bind },
    { retryWhen: applicationNotYetVisible },
  )
  const id = `/servicePrincipals/${entity['id']}`
  created(id)
  await settleOwners(graph, id, owners)
  const read = await graph.get(id, { retryWhen: notYetVisible })
  return present('service principal', await readOutputs(graph, read, inputs))
}

/** With `useExisting`, the service principal that an API or gallery application already has is brought to the inputs. */
async function adopt(
  graph: Graph,
  inputs: Properties,
  existing: Entity,
  created: (id: string) => void,
): Promise<Properties> {
  const id = `/servicePrincipals/${existing['id']}`
  if (inputs['useExisting'] !== true) {
    throw new PluginError(
      'ALREADY_EXISTS',
      `Application ${text(inputs['clientId'])} already has a service principal. Import it with id ${id}, or set useExisting.`,
    )
  }
  // As with the official provider, tags that the inputs leave out are emptied.
  const olds = { ...fromGraph(SERVICE_PRINCIPAL_FIELDS, existing), tags: [] }
  created(id)
  return update(graph, { id, olds, news: inputs, changed: new Set(Object.keys(inputs)) })
}

async function read(graph: Graph, id: string, prior: Properties): Promise<Properties | undefined> {
  const entity = await graph.find(pathOf(id))
  return entity && readOutputs(graph, entity, prior)
}

async function update(graph: Graph, { id, olds, news, changed }: Update): Promise<Properties> {
  const path = pathOf(id)
  await graph.patch(
    path,
    bodyOf(news, olds, (name) => changed.has(name)),
  )
  if (changed.has('owners')) await replaceOwners(graph, path, news)
  return present('service principal', await read(graph, id, news))
}

/** One that was only adopted may not be ours to delete: Microsoft's own refuse, and that is not a failure. */
async function remove(graph: Graph, id: string, state: Properties): Promise<void> {
  try {
    await graph.remove(pathOf(id))
  } catch (error) {
    if (!(state['useExisting'] === true && error instanceof GraphError)) throw error
  }
}

function bodyOf(inputs: Properties, state: Properties, changed: (name: string) => boolean): Entity {
  const settable = toGraph(SERVICE_PRINCIPAL_FIELDS, inputs, (name) => name !== 'clientId')
  return { ...settable, tags: tagsToSend(inputs, state, changed) }
}

/** The properties of a service principal that Graph's entity alone does not say. */
export async function readOutputs(graph: Graph, entity: Entity, kept: Properties): Promise<Properties> {
  const path = `/servicePrincipals/${entity['id']}`
  return {
    ...(await describeServicePrincipal(graph, entity)),
    owners: await ownersOf(graph, path),
    useExisting: kept['useExisting'] ?? null,
  }
}

/** What the resource and the data source have in common. */
export async function describeServicePrincipal(graph: Graph, entity: Entity): Promise<Properties> {
  const path = `/servicePrincipals/${entity['id']}`
  // Only beta shows this one property.
  const beta = await graph.get(`${path}?$select=id,samlMetadataUrl`, {
    version: 'beta',
    retryWhen: notYetVisible,
  })
  const outputs = fromGraph(SERVICE_PRINCIPAL_FIELDS, entity)
  const tags = texts(outputs['tags'])
  const clientId = text(outputs['clientId']).toLowerCase()
  return {
    ...outputs,
    appRoleIds: idsByValue(entities(entity['appRoles'])),
    oauth2PermissionScopeIds: idsByValue(entities(entity['oauth2PermissionScopes'])),
    featureTags: featuresOf('featureTags', tags),
    features: featuresOf('features', tags),
    samlMetadataUrl: text(beta['samlMetadataUrl'] as string | undefined),
    servicePrincipalNames: texts(outputs['servicePrincipalNames']).filter(
      (name) => name.toLowerCase() !== clientId,
    ),
  }
}

function applicationNotYetVisible({ status, reason }: GraphError): boolean {
  return (
    (status === 400 && /does not reference a valid application object/.test(reason)) ||
    (status === 403 && /backing application of the service principal being created/.test(reason))
  )
}

function pathOf(id: string): string {
  return `/servicePrincipals/${parseId(servicePrincipal, id)[0]}`
}
