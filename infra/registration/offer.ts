import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import type { AppDeclaration } from '../declaration.ts'
import type { OfferedIds } from './derived-ids.ts'
import { nameWithAliases, resourceName } from './names.ts'
import type { Peers } from './peers.ts'

/**
 * The application's identifier URIs, each a resource of its own: `api://{clientId}` needs the id that the application
 * only has once it is made. The application itself leaves the list alone (`ignoreChanges`).
 */
export function addIdentifierUris(
  name: string,
  app: AppDeclaration,
  application: azuread.Application,
  tenantId: pulumi.Input<string>,
  parent: pulumi.Resource,
): azuread.ApplicationIdentifierUri[] {
  return app.identifierUris.map(
    (pattern) =>
      new azuread.ApplicationIdentifierUri(
        resourceName.identifierUri(name, pattern),
        {
          applicationId: application.id,
          identifierUri: pulumi
            .all([application.clientId, tenantId])
            .apply(([clientId, tenant]) =>
              pattern.replaceAll('{clientId}', clientId).replaceAll('{tenantId}', tenant),
            ),
        },
        { parent },
      ),
  )
}

/** Clients that get scopes without anyone being asked. Independent of the clients' own registration order. */
export function preAuthorize(
  name: string,
  app: AppDeclaration,
  application: azuread.Application,
  ids: OfferedIds,
  peers: Peers,
  parent: pulumi.Resource,
): void {
  for (const [client, scopes] of Object.entries(app.preAuthorizedClients)) {
    const [authorized, aliases] = nameWithAliases(peers.namesOf(client), (each) =>
      resourceName.preAuthorizedClient(name, each),
    )
    new azuread.ApplicationPreAuthorized(
      authorized,
      {
        applicationId: application.id,
        authorizedClientId: peers.clientIdOf(client),
        permissionIds: scopes.map((scope) => ids.scopes[scope] ?? '').sort(),
      },
      { parent, ...aliases },
    )
  }
}
