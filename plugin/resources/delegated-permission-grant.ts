import { type Graph, notYetVisible } from '../client/graph.ts'
import type { GraphError } from '../protocol/errors.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { fromGraph, toGraph } from '../schema/entity.ts'
import type { Fields } from '../schema/property.ts'
import { notEmpty, uuid } from '../schema/rules.ts'
import { parseId, present, type ResourceType, type Update } from './type.ts'

const FIELDS: Fields = {
  claimValues: {
    type: 'set',
    graph: 'scope',
    separator: ' ',
    required: true,
    minItems: 1,
    element: { type: 'string', rule: notEmpty },
  },
  resourceServicePrincipalObjectId: {
    type: 'string',
    graph: 'resourceId',
    required: true,
    forceNew: true,
    rule: uuid,
  },
  servicePrincipalObjectId: { type: 'string', graph: 'clientId', required: true, forceNew: true, rule: uuid },
  userObjectId: { type: 'string', graph: 'principalId', blank: 'omit', forceNew: true, rule: uuid },
}

/**
 * `azuread.ServicePrincipalDelegatedPermissionGrant`: consent to delegated permissions, of the whole tenant or of one
 * user (Microsoft Graph: oAuth2PermissionGrant resource type).
 */
export const delegatedPermissionGrant: ResourceType = {
  token: 'azuread:index/servicePrincipalDelegatedPermissionGrant:ServicePrincipalDelegatedPermissionGrant',
  noun: 'delegated permission grant',
  fields: FIELDS,
  idForm: '/oauth2PermissionGrants/{grant id}',
  idPattern: /^\/oauth2PermissionGrants\/([^/]+)$/i,
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
  const consentType = text(inputs['userObjectId']) === '' ? 'AllPrincipals' : 'Principal'
  const grant = await graph.post(
    '/oauth2PermissionGrants',
    { ...toGraph(FIELDS, inputs), consentType },
    { retryWhen: principalNotYetVisible },
  )
  const id = `/oauth2PermissionGrants/${grant['id']}`
  created(id)
  return fromGraph(FIELDS, await graph.get(id, { retryWhen: notYetVisible }))
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const grant = await graph.find(pathOf(id))
  return grant && fromGraph(FIELDS, grant)
}

async function update(graph: Graph, { id, news }: Update): Promise<Properties> {
  await graph.patch(
    pathOf(id),
    toGraph(FIELDS, news, (name) => name === 'claimValues'),
  )
  return present('delegated permission grant', await read(graph, id))
}

function principalNotYetVisible({ status, reason }: GraphError): boolean {
  return (
    status === 404 ||
    (status === 400 && /does not exist or one of its queried reference-property objects/.test(reason))
  )
}

function pathOf(id: string): string {
  return `/oauth2PermissionGrants/${parseId(delegatedPermissionGrant, id)[0]}`
}
