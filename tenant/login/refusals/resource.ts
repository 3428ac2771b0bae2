import { LoginError } from '../../errors/login-error.ts'

/** Refusals that concern the API a token is asked for. */

/** The scope is not one resource followed by `/.default`. */
export const badScope = (scope: string): LoginError =>
  new LoginError(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  )

/** Scopes that cannot be asked for together. */
export const malformedScope = (scope: string, reason: string): LoginError =>
  new LoginError(
    400,
    'invalid_scope',
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid. ${reason}`,
  )

/** A token is for one resource. */
export const severalResources = (scope: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    28000,
    `Provided value for the input parameter scope is not valid because it contains more than one resource. Scope ${scope} is not valid.`,
  )

/** No service principal of this tenant goes by the name of the resource. */
export const unknownResource = (resource: string, tenantName: string): LoginError =>
  new LoginError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenantName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  )

/** The service principal of the resource is switched off. */
export const disabledResource = (resource: string): LoginError =>
  new LoginError(
    400,
    'invalid_resource',
    500014,
    `The service principal for resource '${resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.`,
  )

/** The resource takes assigned applications only. */
export const clientNotAssigned = (
  client: { readonly appId: string; readonly displayName: string },
  resource: { readonly appId: string; readonly displayName: string },
): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    501051,
    `Application '${client.appId}'(${client.displayName}) is not assigned to a role for the application '${resource.appId}'(${resource.displayName}).`,
  )

/** A delegated scope that the resource does not offer. */
export const unknownScope = (client: string, scope: string, resource: string): LoginError =>
  new LoginError(
    400,
    'invalid_client',
    650053,
    `The application '${client}' asked for scope '${scope}' that doesn't exist on the resource '${resource}'. Contact the app vendor.`,
  )
