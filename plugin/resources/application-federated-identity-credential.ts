import { type Graph, notYetVisible } from '../client/graph.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { lengthBetween, notEmpty } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID } from './application-part.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

const FIELDS: Fields = {
  applicationId: APPLICATION_ID,
  audiences: {
    type: 'list',
    graph: 'audiences',
    required: true,
    maxItems: 1,
    element: { type: 'string', rule: notEmpty },
  },
  description: { type: 'string', graph: 'description', blank: 'keep' },
  displayName: { type: 'string', graph: 'name', required: true, forceNew: true, rule: lengthBetween(1, 120) },
  issuer: { type: 'string', graph: 'issuer', blank: 'keep', required: true },
  subject: { type: 'string', graph: 'subject', blank: 'keep', required: true },
  credentialId: { type: 'string', graph: 'id', computed: 'always' },
}

/**
 * `azuread.ApplicationFederatedIdentityCredential`: trust in tokens of another issuer (Microsoft Graph:
 * federatedIdentityCredential resource type).
 */
export const applicationFederatedIdentityCredential: ResourceType = {
  token: 'azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential',
  noun: 'application federated identity credential',
  fields: FIELDS,
  idForm: '{application object id}/federatedIdentityCredential/{credential id}',
  idPattern: /^([0-9a-f-]{36})\/federatedIdentityCredential\/([0-9a-f-]{36})$/i,
  timeouts: { create: 15, delete: 5, read: 5, update: 5 },
  create,
  read,
  update,
  async remove(graph, id) {
    const { path, applicationId } = placeOf(id)
    await graph.exclusively(applicationId, () => graph.remove(path))
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const applicationId = text(inputs['applicationId'])
  const [objectId] = parseId(application, applicationId)
  const collection = `${applicationId}/federatedIdentityCredentials`
  // Graph refuses several at once for one application.
  const made = await graph.exclusively(applicationId, () =>
    graph.post(collection, toGraph(FIELDS, inputs), { retryWhen: notYetVisible }),
  )
  created(`${objectId}/federatedIdentityCredential/${made['id']}`)
  const credential = await graph.get(`${collection}/${made['id']}`, { retryWhen: notYetVisible })
  return outputsOf(applicationId, credential)
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { path, applicationId } = placeOf(id)
  const credential = await graph.find(path)
  return credential && outputsOf(applicationId, credential)
}

async function update(graph: Graph, { id, news }: Update): Promise<Properties> {
  const { path, applicationId } = placeOf(id)
  await graph.exclusively(applicationId, () => graph.patch(path, toGraph(FIELDS, news)))
  return present('application federated identity credential', await read(graph, id))
}

function outputsOf(applicationId: string, credential: Entity): Properties {
  return { ...fromGraph(FIELDS, credential), applicationId }
}

function placeOf(id: string): { path: string; applicationId: string } {
  const [objectId, credentialId] = parseId(applicationFederatedIdentityCredential, id)
  const applicationId = `/applications/${objectId}`
  return { applicationId, path: `${applicationId}/federatedIdentityCredentials/${credentialId}` }
}
