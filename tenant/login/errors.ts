import { isoSecond } from '../clock.ts'

/** A refusal of the token or discovery endpoint, with the code people search for. */
export class LoginError extends Error {
  readonly status: number
  /** OAuth 2.0 error code. */
  readonly error: string
  /** The number behind `AADSTS`. */
  readonly code: number
  /** Whether the answer names a help page. */
  readonly hasHelpPage: boolean

  constructor(
    status: number,
    error: string,
    code: number,
    text: string,
    options: { readonly hasHelpPage?: boolean } = {},
  ) {
    super(text)
    this.name = 'LoginError'
    this.status = status
    this.error = error
    this.code = code
    this.hasHelpPage = options.hasHelpPage ?? true
  }
}

/** The path names a tenant that is not this one. */
export const unknownTenant = (tenant: string): LoginError =>
  new LoginError(
    400,
    'invalid_tenant',
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  )

/** The client credentials grant at `/common` or the like. */
export const tenantlessGrant = (): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    9001023,
    'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  )

/** A form field that the grant needs is absent. */
export const missingParameter = (name: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  )

/** The body is no form. */
export const malformedRequest = (): LoginError =>
  new LoginError(400, 'invalid_request', 9002313, 'Invalid request. Request is malformed or invalid.')

/** A grant type that the endpoint does not serve. */
export const unsupportedGrant = (grant: string): LoginError =>
  new LoginError(
    400,
    'unsupported_grant_type',
    70003,
    `The app requested an unsupported grant type '${grant}'.`,
  )

/** No application of this tenant has that client id. */
export const unknownClient = (clientId: string, tenantName: string): LoginError =>
  new LoginError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${tenantName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  )

/** The application is there, and its service principal is not. */
export const clientWithoutPrincipal = (clientId: string, tenantId: string): LoginError =>
  new LoginError(
    401,
    'invalid_client',
    7000229,
    `The client application '${clientId}' is missing service principal in the tenant '${tenantId}'.`,
  )

/** The service principal is switched off. */
export const disabledClient = (clientId: string, displayName: string): LoginError =>
  new LoginError(
    401,
    'unauthorized_client',
    7000112,
    `Application '${clientId}'(${displayName}) is disabled.`,
  )

/** Neither a secret nor an assertion came. */
export const missingCredential = (): LoginError =>
  new LoginError(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

/** No secret of the application, or of its service principal, is the one that came. */
export const wrongSecret = (clientId: string): LoginError =>
  new LoginError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )

/** The secret is right, and its time is over. */
export const expiredSecret = (clientId: string): LoginError =>
  new LoginError(
    401,
    'invalid_client',
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  )

/** A client assertion came, which this tenant cannot check. */
export const unsupportedAssertion = (): LoginError =>
  new LoginError(
    501,
    'invalid_client',
    700027,
    'The local tenant does not check client assertions: authenticate with a client secret.',
    { hasHelpPage: false },
  )

/** The scope is not one resource followed by `/.default`. */
export const badScope = (scope: string): LoginError =>
  new LoginError(
    400,
    'invalid_scope',
    1002012,
    `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  )

/** No service principal of this tenant goes by the name of the resource. */
export const unknownResource = (resource: string, tenantName: string): LoginError =>
  new LoginError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${tenantName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  )

/** For a defect of this tenant. */
export const tokenIssuanceFailed = (): LoginError =>
  new LoginError(500, 'server_error', 50000, 'The local tenant failed. Its log says why.', {
    hasHelpPage: false,
  })

/** The body that Entra answers with: the ids and the time stand in the description and beside it. */
export function renderLoginError(
  error: LoginError,
  ids: { readonly traceId: string; readonly correlationId: string; readonly now: Date },
): Record<string, unknown> {
  const timestamp = isoSecond(ids.now).replace('T', ' ')
  const trailer = [
    `Trace ID: ${ids.traceId}`,
    `Correlation ID: ${ids.correlationId}`,
    `Timestamp: ${timestamp}`,
  ]
  return {
    error: error.error,
    error_description: [`AADSTS${error.code}: ${error.message}`, ...trailer].join('\r\n'),
    error_codes: [error.code],
    timestamp,
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    ...(error.hasHelpPage ? { error_uri: `https://login.microsoftonline.com/error?code=${error.code}` } : {}),
  }
}
