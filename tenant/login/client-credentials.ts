import type { Directory } from '../directory/directory.ts'
import { missingParameter } from '../errors/login-error.ts'
import type { Entity } from '../store/entity.ts'
import { type Client, findClient, type Proof, type ProofContext, requirePrincipal } from './client.ts'
import type { ClientForm } from './client-form.ts'
import { proveClient } from './prove-client.ts'
import { clientCredentialsWithoutCredential } from './refusals/client.ts'
import { badScope, clientNotAssigned } from './refusals/resource.ts'
import { findResource, grantedRoles, isAssigned, type Resource } from './resource.ts'
import { OIDC_SCOPES } from './scopes.ts'

/** An access token that an application gets for itself. */
export interface AppOnlyGrant {
  readonly client: Client
  readonly principal: Entity
  readonly proof: Proof
  readonly resource: Resource
  /** Values of the app roles granted at this moment, sorted. */
  readonly roles: readonly string[]
}

/**
 * The client credentials grant, checked in Entra's order: client, its proof, its service principal, resource.
 *
 * @param resourceName the API as the request names it
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export async function grantToApplication(
  context: ProofContext,
  form: ClientForm,
  resourceName: string,
): Promise<AppOnlyGrant> {
  const { directory } = context
  const client = findClient(directory, form.clientId)
  const proof = await proveClient(context, client, form, clientCredentialsWithoutCredential)
  const principal = requirePrincipal(directory, client)
  const resource = findResource(directory, resourceName)
  requireAssignment(directory, client, principal, resource)
  return { client, principal, proof, resource, roles: grantedRoles(directory, principal, resource) }
}

/**
 * The resource identifier in front of `/.default`; some identifiers end in a slash of their own.
 *
 * @throws LoginError AADSTS900144 without a scope, 1002012 for any other form of it
 */
export function resourceOfDefaultScope(scope: string | undefined): string {
  if (scope === undefined) throw missingParameter('scope')
  // MSAL for Go asks for them here too, and there is no user whom they could be about.
  const words = scope
    .trim()
    .split(/\s+/)
    .filter((word) => !OIDC_SCOPES.includes(word.toLowerCase()))
  const [only = ''] = words
  if (words.length !== 1 || !only.endsWith('/.default') || only === '/.default') throw badScope(scope)
  return only.slice(0, -'/.default'.length)
}

/** An API may insist that applications, too, are assigned to it (its `appRoleAssignmentRequired`). */
function requireAssignment(
  directory: Directory,
  client: Client,
  principal: Entity,
  resource: Resource,
): void {
  if (resource.principal.data['appRoleAssignmentRequired'] !== true) return
  if (principal.id === resource.principal.id || isAssigned(directory, principal, resource.principal)) return
  throw clientNotAssigned(client, resource)
}
