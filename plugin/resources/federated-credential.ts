import { type Graph, notYetVisible, type RequestOptions } from '../client/graph.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { lengthBetween } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID } from './application-part.ts'
import { parseId, present, type ResourceType } from './type.ts'

/** What both kinds of federated credentials have. */
export const FEDERATED_FIELDS = {
  applicationId: APPLICATION_ID,
  description: { type: 'string', graph: 'description', blank: 'keep' },
  displayName: { type: 'string', graph: 'name', required: true, forceNew: true, rule: lengthBetween(1, 120) },
  issuer: { type: 'string', graph: 'issuer', blank: 'keep', required: true },
  credentialId: { type: 'string', graph: 'id', computed: 'always' },
} satisfies Fields

interface Kind extends Pick<ResourceType, 'token' | 'noun' | 'fields'> {
  readonly version?: RequestOptions['version']
  /** What Graph is sent beside the fields. Default: nothing. */
  readonly body?: (inputs: Properties) => Entity
  /** What is read of the entity beside the fields. Default: nothing. */
  readonly outputs?: (credential: Entity) => Properties
}

/** A kind of federated credential as a resource type (Microsoft Graph: federatedIdentityCredential resource type). */
export function federatedCredentialType({ version = 'v1.0', ...kind }: Kind): ResourceType {
  const options = { version }
  const bodyOf = (inputs: Properties) => ({ ...toGraph(kind.fields, inputs), ...kind.body?.(inputs) })
  const outputsOf = (applicationId: string, credential: Entity): Properties => ({
    ...fromGraph(kind.fields, credential),
    ...kind.outputs?.(credential),
    applicationId,
  })
  const placeOf = (id: string) => {
    const [objectId, credentialId] = parseId(type, id)
    const applicationId = `/applications/${objectId}`
    return { applicationId, path: `${applicationId}/federatedIdentityCredentials/${credentialId}` }
  }
  const read = async (graph: Graph, id: string): Promise<Properties | undefined> => {
    const { path, applicationId } = placeOf(id)
    const credential = await graph.find(path, options)
    return credential && outputsOf(applicationId, credential)
  }
  const type: ResourceType = {
    token: kind.token,
    noun: kind.noun,
    fields: kind.fields,
    idForm: '{application object id}/federatedIdentityCredential/{credential id}',
    idPattern: /^([0-9a-f-]{36})\/federatedIdentityCredential\/([0-9a-f-]{36})$/i,
    timeouts: { create: 15, delete: 5, read: 5, update: 5 },
    async create(graph, inputs, created) {
      const applicationId = text(inputs['applicationId'])
      const [objectId] = parseId(application, applicationId)
      const collection = `${applicationId}/federatedIdentityCredentials`
      const patient = { ...options, retryWhen: notYetVisible }
      // Graph refuses several at once for one application.
      const made = await graph.exclusively(applicationId, () =>
        graph.post(collection, bodyOf(inputs), patient),
      )
      created(`${objectId}/federatedIdentityCredential/${made['id']}`)
      return outputsOf(applicationId, await graph.get(`${collection}/${made['id']}`, patient))
    },
    read,
    async update(graph, { id, news }) {
      const { path, applicationId } = placeOf(id)
      await graph.exclusively(applicationId, () => graph.patch(path, bodyOf(news), options))
      return present(kind.noun, await read(graph, id))
    },
    async remove(graph, id) {
      const { path, applicationId } = placeOf(id)
      await graph.exclusively(applicationId, () => graph.remove(path, options))
    },
  }
  return type
}
