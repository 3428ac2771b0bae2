import { type Graph, notYetVisible } from '../client/graph.ts'
import { type Properties, text } from '../protocol/wire.ts'
import { claimsMappingPolicy } from './claims-mapping-policy.ts'
import { servicePrincipal } from './service-principal.ts'
import { idOf, parseId, type ResourceType, sameId } from './type.ts'

/** `azuread.ServicePrincipalClaimsMappingPolicyAssignment`: a claims mapping policy that a service principal's tokens follow. */
export const servicePrincipalClaimsMappingPolicyAssignment: ResourceType = {
  token:
    'azuread:index/servicePrincipalClaimsMappingPolicyAssignment:ServicePrincipalClaimsMappingPolicyAssignment',
  noun: 'claims mapping policy assignment',
  fields: {
    claimsMappingPolicyId: idOf(claimsMappingPolicy, 'azuread.ClaimsMappingPolicy'),
    servicePrincipalId: idOf(servicePrincipal, 'azuread.ServicePrincipal'),
  },
  idForm: '/servicePrincipals/{object id}/claimsMappingPolicies/{policy id}',
  idPattern: /^\/servicePrincipals\/([^/]+)\/claimsMappingPolicies\/([^/]+)$/i,
  schemaVersion: 1,
  timeouts: { create: 5, delete: 5, read: 5 },
  create,
  read,
  async remove(graph, id) {
    const { policies, policyId } = placeOf(id)
    await graph.remove(`${policies}/${policyId}/$ref`)
  },
}

async function create(graph: Graph, inputs: Properties, created: (id: string) => void): Promise<Properties> {
  const { claimsMappingPolicyId, servicePrincipalId } = inputs
  const [policyId] = parseId(claimsMappingPolicy, text(claimsMappingPolicyId)) as [string]
  const [objectId] = parseId(servicePrincipal, text(servicePrincipalId)) as [string]
  const policies = `/servicePrincipals/${objectId}/claimsMappingPolicies`
  await graph.post(
    `${policies}/$ref`,
    { '@odata.id': graph.reference(policyId) },
    { retryWhen: notYetVisible },
  )
  const id = `${policies}/${policyId}`
  created(id)
  await graph.until(`The assignment ${id}`, async () => (await read(graph, id)) !== undefined)
  return { claimsMappingPolicyId, servicePrincipalId } as Properties
}

async function read(graph: Graph, id: string): Promise<Properties | undefined> {
  const { path, policies, policyId } = placeOf(id)
  // The list of a service principal that is gone is a 404, as the service principal is.
  if ((await graph.find(path)) === undefined) return undefined
  const assigned = await graph.list(policies)
  if (!assigned.some((policy) => sameId(String(policy['id']), policyId))) return undefined
  return {
    claimsMappingPolicyId: `/policies/claimsMappingPolicies/${policyId}`,
    servicePrincipalId: path,
  }
}

function placeOf(id: string): { path: string; policies: string; policyId: string } {
  const [objectId, policyId] = parseId(servicePrincipalClaimsMappingPolicyAssignment, id) as [string, string]
  const path = `/servicePrincipals/${objectId}`
  return { path, policies: `${path}/claimsMappingPolicies`, policyId }
}
