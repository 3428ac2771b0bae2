import type { Graph } from '../client/graph.ts'
import type { GraphError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { uuid } from '../schema/rules.ts'
import { parseId, present, type ResourceType } from './type.ts'

const FIELDS: Fields = {
  appRoleId: { type: 'string', graph: 'appRoleId', required: true, forceNew: true, rule: uuid },
  principalObjectId: { type: 'string', graph: 'principalId', required: true, forceNew: true, rule: uuid },
  resourceObjectId: { type: 'string', graph: 'resourceId', required: true, forceNew: true, rule: uuid },
  principalDisplayName: { type: 'string', graph: 'principalDisplayName', computed: 'always' },
  principalType: { type: 'string', graph: 'principalType', computed: 'always' },
  resourceDisplayName: { type: 'string', graph: 'resourceDisplayName', computed: 'always' },
}

/** `azuread.AppRoleAssignment`: consent to an application permission (Microsoft Graph: "Grant an appRoleAssignment for a service principal"). */
export const appRoleAssignment: ResourceType = {
  token: 'azuread:index/appRoleAssignment:AppRoleAssignment',
  noun: 'app role assignment',
  fields: FIELDS,
  idForm: '/servicePrincipals/{resource object id}/appRoleAssignedTo/{assignment id}',
  idPattern: /^\/servicePrincipals\/([0-9a-f-]{36})\/appRoleAssignedTo\/([^/]+)$/i,
  schemaVersion: 1,
  timeouts: { create: 5, delete: 5, read: 5 },
  create,
  read,
  async remove(graph, id) {
    await graph.remove(pathOf(id))
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const path = `/servicePrincipals/${text(inputs['resourceObjectId'])}/appRoleAssignedTo`
  const assignment = await graph.post(path, toGraph(FIELDS, inputs), { retryWhen: principalNotYetVisible })
  const id = `${path}/${assignment['id']}`
  created(id)
  const read = await graph.get(id, { retryWhen: ({ status }) => status === 404 })
  return present('app role assignment', fromGraph(FIELDS, read))
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const assignment = await graph.find(pathOf(id))
  return assignment && fromGraph(FIELDS, assignment)
}

function principalNotYetVisible({ status, reason }: GraphError): boolean {
  return status === 404 || (status === 400 && /Not a valid reference update/.test(reason))
}

function pathOf(id: string): string {
  const [resource, assignment] = parseId(appRoleAssignment, id)
  return `/servicePrincipals/${resource}/appRoleAssignedTo/${assignment}`
}
