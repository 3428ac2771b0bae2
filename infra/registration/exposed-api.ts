import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { resolvePattern } from '../declaration/placeholders.ts'
import { nameWithAliases } from './aliases.ts'
import type { ApplicationContext } from './context.ts'
import { formerPatterns } from './former-names.ts'
import { resourceName } from './names.ts'

/**
 * The application's identifier URIs, each a resource of its own: `api://{clientId}` needs the id that the application
 * only has once it is made. The application itself leaves the list alone (`ignoreChanges`).
 *
 * @param servicePrincipal an entity id of a foreign domain is refused until it has single sign-on by SAML
 * @returns the URIs by pattern
 */
export function addIdentifierUris(
  { name, app, application, deployer, former: facts, parent }: ApplicationContext,
  servicePrincipal: pulumi.Resource,
): Record<string, pulumi.Output<string>> {
  const isSaml = app.servicePrincipal.singleSignOn.mode === 'saml'
  const ids = pulumi.output({ clientId: application.clientId, tenantId: deployer.tenantId })
  const uris = app.identifierUris.map((pattern) => {
    const former = formerPatterns(pattern, app.identifierUris, facts)
    const [resource, aliases] = nameWithAliases(pattern, former, (each) =>
      resourceName.identifierUri(name, each),
    )
    const { identifierUri } = new azuread.ApplicationIdentifierUri(
      resource,
      {
        applicationId: application.id,
        identifierUri: ids.apply((known) => resolvePattern(pattern, known)),
      },
      { parent, ...aliases, ...(isSaml && { dependsOn: servicePrincipal }) },
    )
    return [pattern, identifierUri]
  })
  return Object.fromEntries(uris)
}

/** Clients that get scopes without anyone being asked. Independent of the clients' own registration order. */
export function preAuthorize({ name, app, application, ids, stackApps, parent }: ApplicationContext): void {
  for (const [client, scopes] of Object.entries(app.preAuthorizedClients)) {
    const [authorized, aliases] = nameWithAliases(client, stackApps.formerNamesOf(client), (each) =>
      resourceName.preAuthorizedClient(name, each),
    )
    new azuread.ApplicationPreAuthorized(
      authorized,
      {
        applicationId: application.id,
        authorizedClientId: stackApps.clientIdOf(client),
        permissionIds: scopes.map((scope) => ids.scopes[scope] ?? '').sort(),
      },
      { parent, ...aliases },
    )
  }
}
