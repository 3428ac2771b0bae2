import type { Graph } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, entities } from '../schema/entity.ts'
import { timestamp } from '../schema/rules.ts'
import { application } from './application.ts'
import { APPLICATION_ID } from './application-part.ts'
import { parseId, present, type ResourceType, sameId } from './type.ts'

/**
 * `azuread.ApplicationPassword`: one client secret of an application (Microsoft Graph: addPassword, removePassword).
 * Its value is shown once, when it is made. `endDateRelative` is accepted but has no effect, as in the official plugin.
 */
export const applicationPassword: ResourceType = {
  token: 'azuread:index/applicationPassword:ApplicationPassword',
  noun: 'application password',
  fields: {
    applicationId: APPLICATION_ID,
    displayName: { type: 'string', computed: 'optional', forceNew: true },
    endDate: {
      type: 'string',
      computed: 'optional',
      forceNew: true,
      rule: timestamp,
      conflictsWith: ['endDateRelative'],
    },
    endDateRelative: { type: 'string', forceNew: true, conflictsWith: ['endDate'] },
    rotateWhenChanged: { type: 'map', forceNew: true },
    startDate: { type: 'string', computed: 'optional', forceNew: true, rule: timestamp },
    keyId: { type: 'string', computed: 'always' },
    value: { type: 'string', computed: 'always', secret: true },
  },
  idForm: '{application object id}/password/{key id}',
  idPattern: /^([0-9a-f-]{36})\/password\/([0-9a-f-]{36})$/i,
  notImportable: 'Graph never shows the value of a secret again. Create a new one instead',
  schemaVersion: 1,
  timeouts: { create: 15, delete: 5, read: 5, update: 5 },
  create,
  read,
  async remove(graph, id) {
    const [objectId, keyId] = parseId(applicationPassword, id)
    await graph.post(`/applications/${objectId}/removePassword`, { keyId })
  },
}

async function create(
  graph: Graph,
  inputs: Properties,
  created: (id: string, outputs: Properties) => void,
): Promise<Properties> {
  const path = text(inputs['applicationId'])
  const [objectId] = parseId(application, path)
  const credential = await graph.post(`${path}/addPassword`, {
    passwordCredential: {
      ...given('displayName', inputs['displayName']),
      ...given('startDateTime', inputs['startDate']),
      ...given('endDateTime', inputs['endDate']),
    },
  })
  const { keyId, secretText } = credential
  if (typeof keyId !== 'string' || typeof secretText !== 'string' || secretText === '') {
    throw new PluginError('GRAPH_REFUSED', `POST ${path}/addPassword answered without keyId or secretText.`)
  }
  const id = `${objectId}/password/${keyId}`
  const secret = { ...inputs, keyId, value: secretText }
  created(id, secret)
  await graph.until(`Password ${keyId}`, async () => (await findCredential(graph, path, keyId)) !== undefined)
  return present('application password', await read(graph, id, secret))
}

async function read(graph: Graph, id: string, prior: Properties): Promise<Properties | undefined> {
  const [objectId, keyId] = parseId(applicationPassword, id) as [string, string]
  const applicationId = `/applications/${objectId}`
  const credential = await findCredential(graph, applicationId, keyId)
  if (credential === undefined) return undefined
  return {
    applicationId,
    displayName: String(credential['displayName'] ?? ''),
    startDate: String(credential['startDateTime'] ?? ''),
    endDate: String(credential['endDateTime'] ?? ''),
    endDateRelative: prior['endDateRelative'] ?? null,
    rotateWhenChanged: prior['rotateWhenChanged'] ?? null,
    keyId,
    value: prior['value'] ?? null,
  }
}

async function findCredential(graph: Graph, path: string, keyId: string): Promise<Entity | undefined> {
  const entity = await graph.find(path)
  return entities(entity?.['passwordCredentials']).find((credential) =>
    sameId(String(credential['keyId']), keyId),
  )
}

function given(name: string, value: Properties[string]): Entity {
  return text(value) === '' ? {} : { [name]: text(value) }
}
