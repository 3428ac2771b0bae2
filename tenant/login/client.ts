import { applicationOf } from '../directory/computed.ts'
import type { Directory } from '../directory/directory.ts'
import { missingParameter } from '../errors/login-error.ts'
import type { Entity } from '../store/entity.ts'
import type { IssuerKeys } from './issuer-keys.ts'
import {
  clientWithoutPrincipal,
  disabledClient,
  singleTenantClient,
  unknownClient,
} from './refusals/client.ts'
import type { TenantSegment } from './tenant-segment.ts'

/** An application that asks for tokens, before it has proved anything. */
export interface Client {
  readonly appId: string
  readonly displayName: string
  readonly application: Entity
  /** Its service principal; undefined when the tenant has none. */
  readonly principal: Entity | undefined
}

/** How a client proved to be itself, and with which credential. */
export interface Proof {
  readonly kind: 'secret' | 'certificate' | 'federated'
  /** `keyId` of the credential; the id of a federated identity credential. */
  readonly credentialId: string
}

/** What checking a client needs to know beside the directory. */
export interface ProofContext {
  readonly directory: Directory
  readonly issuers: IssuerKeys
  /** Addresses that a client's own assertion may be made for. */
  readonly audiences: readonly string[]
}

/**
 * The application with that client id.
 *
 * @throws LoginError AADSTS900144 without an id, 700016 for one this tenant does not know
 */
export function findClient(directory: Directory, clientId: string | undefined): Client {
  if (clientId === undefined) throw missingParameter('client_id')
  const application = applicationOf(directory, clientId)
  if (application === undefined) throw unknownClient(clientId, directory.tenantName)
  const appId = String(application.data['appId'])
  return {
    appId,
    displayName: String(application.data['displayName']),
    application,
    principal: directory.store.find('servicePrincipals', 'appId', appId)[0],
  }
}

/**
 * Lets a client of this tenant alone be asked for under this tenant's name only.
 *
 * @throws LoginError AADSTS50194
 */
export function requireAudience(client: Client, segment: TenantSegment): void {
  if (segment === 'own' || client.application.data['signInAudience'] !== 'AzureADMyOrg') return
  throw singleTenantClient(client.appId, client.displayName)
}

/**
 * The client's service principal, which is what tokens are issued to.
 *
 * @throws LoginError AADSTS7000229 when there is none, 7000112 when it is switched off
 */
export function requirePrincipal(directory: Directory, client: Client): Entity {
  if (client.principal === undefined) throw clientWithoutPrincipal(client.appId, directory.tenantId)
  if (client.principal.data['accountEnabled'] === false) {
    throw disabledClient(client.appId, client.displayName)
  }
  return client.principal
}

/** The objects that carry a client's credentials. */
export function credentialHolders({ application, principal }: Client): readonly Entity[] {
  return principal === undefined ? [application] : [application, principal]
}
