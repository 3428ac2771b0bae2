import { isoSecond } from '../lib/clock.ts'

export interface LoginErrorOptions extends ErrorOptions {
  /** Whether the answer names a help page; default true. */
  readonly hasHelpPage?: boolean
  /** A further hint that MSAL reads, such as `consent_required`. */
  readonly suberror?: string
}

/** A refusal of the login endpoints, with the code people search for. */
export class LoginError extends Error {
  readonly status: number
  /** OAuth 2.0 error code. */
  readonly error: string
  /** The number behind `AADSTS`. */
  readonly code: number
  readonly hasHelpPage: boolean
  readonly suberror: string | undefined

  constructor(status: number, error: string, code: number, text: string, options: LoginErrorOptions = {}) {
    super(text, options)
    this.name = 'LoginError'
    this.status = status
    this.error = error
    this.code = code
    this.hasHelpPage = options.hasHelpPage ?? true
    this.suberror = options.suberror
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

/** The path names a tenant by what is neither an id nor a domain name. */
export const malformedTenant = (tenant: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    900023,
    `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
  )

/** The client credentials grant at `/common` or the like. */
export const tenantlessGrant = (): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    9001023,
    'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
  )

/** A parameter that the request needs is absent. */
export const missingParameter = (name: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  )

/** The body is not a form, or holds something that cannot be read. */
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

/** A flow or an address of the real service that this tenant has not. */
export const notServed = (what: string): LoginError =>
  new LoginError(501, 'unsupported_grant_type', 70003, `The local tenant does not serve ${what}.`, {
    hasHelpPage: false,
  })

/** Instance discovery was asked about a host that is not this cloud. */
export const unknownInstance = (): LoginError =>
  new LoginError(400, 'invalid_instance', 50049, 'Unknown or invalid instance.')

/** For a defect of this tenant. */
export const tokenIssuanceFailed = (): LoginError =>
  new LoginError(500, 'server_error', 50000, 'The local tenant failed. Its log says why.', {
    hasHelpPage: false,
  })

/** What Entra adds to each refusal for its support to find it by. */
export interface ErrorIds {
  readonly traceId: string
  readonly correlationId: string
  readonly now: Date
}

/** The description of a refusal: the code and its text, then the ids and the time. */
export function describeLoginError(error: LoginError, ids: ErrorIds): string {
  return [
    `AADSTS${error.code}: ${error.message}`,
    `Trace ID: ${ids.traceId}`,
    `Correlation ID: ${ids.correlationId}`,
    `Timestamp: ${timestamp(ids)}`,
  ].join('\r\n')
}

/** The body that Entra answers with: the ids and the time stand in the description and beside it. */
export function renderLoginError(error: LoginError, ids: ErrorIds): Record<string, unknown> {
  return {
    error: error.error,
    error_description: describeLoginError(error, ids),
    error_codes: [error.code],
    timestamp: timestamp(ids),
    trace_id: ids.traceId,
    correlation_id: ids.correlationId,
    ...(error.hasHelpPage ? { error_uri: `https://login.microsoftonline.com/error?code=${error.code}` } : {}),
    ...(error.suberror === undefined ? {} : { suberror: error.suberror }),
  }
}

function timestamp({ now }: ErrorIds): string {
  return isoSecond(now).replace('T', ' ')
}
