import { type Graph, notYetVisible } from '../client/graph.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { parseId, type ResourceType } from './type.ts'

const COLLECTION = '/roleManagement/directory/roleAssignments'

const FIELDS: Fields = {
  appScopeId: {
    type: 'string',
    graph: 'appScopeId',
    computed: 'optional',
    forceNew: true,
    blank: 'omit',
    conflictsWith: ['directoryScopeId'],
    rule: notEmpty,
  },
  directoryScopeId: {
    type: 'string',
    graph: 'directoryScopeId',
    computed: 'optional',
    forceNew: true,
    blank: 'omit',
    conflictsWith: ['appScopeId'],
    rule: notEmpty,
  },
  principalObjectId: { type: 'string', graph: 'principalId', required: true, forceNew: true, rule: uuid },
  roleId: { type: 'string', graph: 'roleDefinitionId', required: true, forceNew: true, rule: uuid },
}

/** `azuread.DirectoryRoleAssignment`: a directory role for one principal (Microsoft Graph: "Create unifiedRoleAssignment"). */
export const directoryRoleAssignment: ResourceType = {
  token: 'azuread:index/directoryRoleAssignment:DirectoryRoleAssignment',
  noun: 'directory role assignment',
  fields: FIELDS,
  idForm: `${COLLECTION}/{assignment id}`,
  idPattern: /^\/roleManagement\/directory\/roleAssignments\/([^/]+)$/i,
  schemaVersion: 1,
  timeouts: { create: 5, delete: 5, read: 5 },
  create,
  read,
  async remove(graph, id) {
    await graph.remove(pathOf(id))
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const scoped = text(inputs['appScopeId']) !== '' || text(inputs['directoryScopeId']) !== ''
  const body = { ...toGraph(FIELDS, inputs), ...(!scoped && { directoryScopeId: '/' }) }
  const assignment = await graph.post(COLLECTION, body, { retryWhen: notYetVisible })
  const id = `${COLLECTION}/${assignment['id']}`
  created(id)
  return fromGraph(FIELDS, await graph.get(id, { retryWhen: notYetVisible }))
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const assignment = await graph.find(pathOf(id))
  return assignment && fromGraph(FIELDS, assignment)
}

function pathOf(id: string): string {
  return `${COLLECTION}/${parseId(directoryRoleAssignment, id)[0]}`
}
