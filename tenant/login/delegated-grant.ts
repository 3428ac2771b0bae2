import { MICROSOFT_GRAPH_APP_ID } from '../../microsoft/apis.ts'
import type { Directory } from '../directory/directory.ts'
import type { Entity } from '../store/entity.ts'
import type { Client, Proof } from './client.ts'
import { findResource, grantedRoles, type Resource } from './resource.ts'
import { type AskedScopes, grantedScopes, readScopes } from './scopes.ts'
import { requireUser } from './user.ts'

/** What an application gets to do for a user who signed in. */
export interface DelegatedGrant {
  readonly client: Client
  /** How the client proved itself; undefined for a public one. */
  readonly proof: Proof | undefined
  readonly user: Entity
  readonly resource: Resource
  /** The resource's scopes that are granted at this moment, sorted. */
  readonly scopes: readonly string[]
  /** Scopes of OpenID Connect that were asked for. */
  readonly oidc: readonly string[]
  readonly asked: AskedScopes
  /** App roles that the user is assigned on the resource, and on the client. */
  readonly roles: readonly string[]
  readonly clientRoles: readonly string[]
  readonly nonce?: string
}

/** Who asks for what, and for whom. */
export interface DelegatedRequest {
  readonly client: Client
  readonly proof: Proof | undefined
  readonly userId: string
  readonly scope: string
  readonly nonce?: string | undefined
}

/**
 * Works out a delegated grant as the directory has it at this moment: user, resource, consent, in that order.
 *
 * @throws LoginError with the AADSTS code of the first check that fails
 */
export function grantForUser(directory: Directory, request: DelegatedRequest): DelegatedGrant {
  const { client, proof, nonce } = request
  const user = requireUser(directory, client, request.userId)
  const asked = readScopes(request.scope)
  const resource = findResource(directory, asked.resource ?? MICROSOFT_GRAPH_APP_ID)
  const own = client.principal === undefined ? undefined : findResource(directory, client.appId)
  return {
    client,
    proof,
    user,
    resource,
    scopes: grantedScopes(directory, client, resource, user, asked),
    oidc: asked.oidc,
    asked,
    roles: grantedRoles(directory, user, resource),
    clientRoles: own === undefined ? [] : grantedRoles(directory, user, own),
    ...(nonce === undefined ? {} : { nonce }),
  }
}
