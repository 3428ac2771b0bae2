import type { CatalogueEntry } from './entry.ts'
import type { Failure } from './failure.ts'

/** What the class of an OAuth 2.0 error means (RFC 6749 section 5.2, and the ones that Entra adds). */
const OAUTH_ERRORS: Readonly<Record<string, string>> = {
  access_denied: 'a user or a policy denied the access',
  consent_required: 'consent is missing',
  interaction_required: 'a user would have to sign in interactively',
  invalid_client: 'the credential of the application is not accepted',
  invalid_grant: 'the code, token or assertion of the request is not accepted',
  invalid_instance: 'the login host is not known',
  invalid_request: 'a parameter of the request is missing or not valid',
  invalid_resource: 'the API is not known in the tenant',
  invalid_scope: 'the scope is not valid for the API',
  invalid_tenant: 'the tenant is not known',
  login_required: 'a user would have to sign in',
  unauthorized_client: 'the application may not do this in the tenant',
  unsupported_grant_type: 'the grant type is not supported',
}

/** What an HTTP status of Graph means, whatever its code. */
const STATUSES: Readonly<Record<number, string>> = {
  400: 'the request is not valid',
  401: 'the token is not accepted',
  403: 'the identity may not do this: a permission, a role or a policy of the service is in the way',
  404: 'the object does not exist, or is not visible yet',
  405: 'the endpoint does not accept this HTTP method',
  409: 'the request conflicts with the present state',
  412: 'the object has changed in between',
  423: 'the object is locked',
  501: 'the endpoint does not offer the call',
}

/** Shortest AADSTS number that later codes refine by further digits: AADSTS70021, then AADSTS700211. */
const SHORTEST_FAMILY = 'AADSTS'.length + 5

/** What can be said about a refusal that the catalogue does not list: its class, and where to look further. */
export function describeUnlisted(
  failure: Failure,
  catalogue: readonly CatalogueEntry[],
): { meaning: string; fix: string } {
  const known = [classOf(failure), family(failure, catalogue)].filter((each) => each !== undefined)
  return {
    meaning: ['this code is not in the catalogue', ...known].join('; '),
    fix: `${page(failure)}; Microsoft's support finds the request by the ids below`,
  }
}

function classOf({ source, oauthError, status }: Failure): string | undefined {
  const meaning =
    source === 'login'
      ? oauthError !== undefined && OAUTH_ERRORS[oauthError] !== undefined
        ? `${oauthError}: ${OAUTH_ERRORS[oauthError]}`
        : undefined
      : status !== undefined && STATUSES[status] !== undefined
        ? `HTTP ${status}: ${STATUSES[status]}`
        : undefined
  return meaning && `its class is ${meaning}`
}

function family({ source, code }: Failure, catalogue: readonly CatalogueEntry[]): string | undefined {
  const parents = catalogue.filter(
    (entry) =>
      entry.source === source &&
      entry.code.length >= SHORTEST_FAMILY &&
      entry.code.startsWith('AADSTS') &&
      code.startsWith(entry.code),
  )
  const nearest = parents.toSorted((a, b) => b.code.length - a.code.length)[0]
  return nearest && `it may refine ${nearest.code} (${nearest.meaning})`
}

function page({ source, code }: Failure): string {
  const number = /^AADSTS(\d+)$/.exec(code)?.[1]
  if (number !== undefined) return `read https://login.microsoftonline.com/error?code=${number}`
  if (source === 'login')
    return 'read https://learn.microsoft.com/entra/identity-platform/reference-error-codes'
  if (source === 'graph') return 'read https://learn.microsoft.com/graph/errors'
  return 'check the connection from this machine'
}
