import { type Graph, notYetVisible } from '../client/graph.ts'
import type { Properties } from '../protocol/wire.ts'
import { fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { notEmpty } from '../schema/rules.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

const COLLECTION = '/policies/claimsMappingPolicies'

const FIELDS: Fields = {
  definitions: {
    type: 'list',
    graph: 'definition',
    required: true,
    element: { type: 'string', rule: notEmpty },
  },
  displayName: { type: 'string', graph: 'displayName', required: true, rule: notEmpty },
}

/** `azuread.ClaimsMappingPolicy`: which claims tokens get, and from where (Microsoft Graph: claimsMappingPolicy resource type). */
export const claimsMappingPolicy: ResourceType = {
  token: 'azuread:index/claimsMappingPolicy:ClaimsMappingPolicy',
  noun: 'claims mapping policy',
  fields: FIELDS,
  idForm: `${COLLECTION}/{policy id}`,
  idPattern: /^\/policies\/claimsMappingPolicies\/([^/]+)$/i,
  schemaVersion: 1,
  timeouts: { create: 5, delete: 5, read: 5, update: 5 },
  create,
  read,
  update,
  async remove(graph, id) {
    await graph.remove(pathOf(id))
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const policy = await graph.post(COLLECTION, toGraph(FIELDS, inputs))
  const id = `${COLLECTION}/${policy['id']}`
  created(id)
  return fromGraph(FIELDS, await graph.get(id, { retryWhen: notYetVisible }))
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const policy = await graph.find(pathOf(id))
  return policy && fromGraph(FIELDS, policy)
}

async function update(graph: Graph, { id, news }: Update): Promise<Properties> {
  await graph.patch(pathOf(id), toGraph(FIELDS, news))
  return present('claims mapping policy', await read(graph, id))
}

function pathOf(id: string): string {
  return `${COLLECTION}/${parseId(claimsMappingPolicy, id)[0]}`
}
