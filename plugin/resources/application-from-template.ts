import { type Graph, notYetVisible } from '../client/graph.ts'
import { PluginError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { type Entity, isEntity } from '../schema/entity.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

/**
 * `azuread.ApplicationFromTemplate`: an application of the gallery, with its service principal (Microsoft Graph:
 * applicationTemplate: instantiate). It manages the display name alone; `azuread.Application` with `templateId` the rest too.
 */
export const applicationFromTemplate: ResourceType = {
  token: 'azuread:index/applicationFromTemplate:ApplicationFromTemplate',
  noun: 'application from a template',
  fields: {
    displayName: { type: 'string', required: true, rule: notEmpty },
    templateId: { type: 'string', required: true, forceNew: true, rule: uuid },
    applicationId: { type: 'string', computed: 'always' },
    applicationObjectId: { type: 'string', computed: 'always' },
    servicePrincipalId: { type: 'string', computed: 'always' },
    servicePrincipalObjectId: { type: 'string', computed: 'always' },
  },
  idForm:
    '/applicationTemplates/{template id}/instantiate/{application object id}/{service principal object id}',
  idPattern: /^\/applicationTemplates\/([^/]+)\/instantiate\/([^/]+)\/([^/]+)$/i,
  timeouts: { create: 10, delete: 5, read: 5, update: 10 },
  create,
  read,
  update,
  async remove(graph, id) {
    await graph.remove(partsOf(id).applicationId)
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const templateId = text(inputs['templateId'])
  const made = await instantiate(graph, templateId, text(inputs['displayName']))
  const id = `/applicationTemplates/${templateId}/instantiate/${made.application['id']}/${made.servicePrincipal['id']}`
  created(id)
  await graph.get(partsOf(id).applicationId, { retryWhen: notYetVisible })
  return present('application from a template', await read(graph, id))
}

/** Makes an application and its service principal of a template of the gallery. */
export async function instantiate(
  graph: Graph,
  templateId: string,
  displayName: string,
): Promise<{ application: Entity; servicePrincipal: Entity }> {
  const path = `/applicationTemplates/${templateId}/instantiate`
  const { application, servicePrincipal } = await graph.post(path, { displayName })
  if (isEntity(application) && isEntity(servicePrincipal)) return { application, servicePrincipal }
  throw new PluginError('GRAPH_REFUSED', `POST ${path} answered without an application or service principal.`)
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { templateId, applicationId, servicePrincipalId } = partsOf(id)
  const entity = await graph.find(applicationId)
  return (
    entity && {
      displayName: String(entity['displayName'] ?? ''),
      templateId,
      applicationId,
      applicationObjectId: lastPart(applicationId),
      servicePrincipalId,
      servicePrincipalObjectId: lastPart(servicePrincipalId),
    }
  )
}

async function update(graph: Graph, { id, news }: Update): Promise<Properties> {
  await graph.patch(partsOf(id).applicationId, { displayName: text(news['displayName']) })
  return present('application from a template', await read(graph, id))
}

function partsOf(id: string) {
  const [templateId, application, principal] = parseId(applicationFromTemplate, id) as [
    string,
    string,
    string,
  ]
  return {
    templateId,
    applicationId: `/applications/${application}`,
    servicePrincipalId: `/servicePrincipals/${principal}`,
  }
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
