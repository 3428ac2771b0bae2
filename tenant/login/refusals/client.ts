import { LoginError } from '../../errors/login-error.ts'

/** Refusals that concern the application that asks, and how it proves to be itself. */

const CHECK_CREDENTIAL =
  'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation'

const invalidClient = (code: number, text: string, options?: ErrorOptions): LoginError =>
  new LoginError(401, 'invalid_client', code, text, options)

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
  invalidClient(
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

/** An application of this tenant alone was asked for at `/common` or `/organizations`. */
export const singleTenantClient = (clientId: string, displayName: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    50194,
    `Application '${clientId}'(${displayName}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant.`,
  )

/** Neither a secret nor an assertion came with the client credentials grant. */
export const clientCredentialsWithoutCredential = (): LoginError =>
  invalidClient(
    7000216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  )

/** Neither a secret nor an assertion came with another grant. */
export const missingCredential = (): LoginError =>
  invalidClient(
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

/** A public client proves nothing, and one that tries is refused. */
export const publicClientWithCredential = (): LoginError =>
  invalidClient(
    700025,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  )

/** No secret of the application, or of its service principal, is the one that came. */
export const wrongSecret = (clientId: string): LoginError =>
  invalidClient(
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )

/** The secret is right, and its time is over. */
export const expiredSecret = (clientId: string): LoginError =>
  invalidClient(
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  )

/** A client assertion that is not a JWT, or lacks what it must have. */
export const malformedAssertion = (reason: string): LoginError =>
  new LoginError(400, 'invalid_request', 50027, `JWT token is invalid or malformed. ${reason}`)

/** The application that signed the assertion is not the one that asks. */
export const assertionOfAnother = (): LoginError =>
  invalidClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")

/** The assertion was made for somebody else's endpoint. */
export const assertionForAnother = (audience: string): LoginError =>
  invalidClient(
    700023,
    `Client assertion audience claim does not match Realm issuer. The audience presented is '${audience}': it has to be the token endpoint. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials.`,
  )

/** Before its time, or after. Dates in the invariant form that Entra writes. */
export const assertionOutOfTime = (now: Date, from: Date, to: Date): LoginError =>
  invalidClient(
    700024,
    `Client assertion is not within its valid time range. Current time: ${now.toISOString()}, assertion valid from ${from.toISOString()}, expiry time of assertion ${to.toISOString()}.`,
  )

/** Why an assertion's key does not do; the code is one for all of these. */
export const keyNotAccepted = (clientId: string, reason: string, thumbprint: string): LoginError =>
  invalidClient(
    700027,
    `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - ${reason}, Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${clientId}'.]`,
  )

/** The key is known, and the signature is not its. */
export const wrongSignature = (clientId: string, thumbprint: string): LoginError =>
  invalidClient(
    700027,
    `Client assertion contains an invalid signature. [Reason - The provided signature value did not match the expected signature value., Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${clientId}'.]`,
  )

/** A foreign assertion for an application that trusts no issuer. */
export const noFederatedCredential = (clientId: string, displayName: string): LoginError =>
  invalidClient(
    70025,
    `The client '${clientId}'(${displayName}) has no configured federated identity credentials.`,
  )

/** No federated credential of the application trusts the issuer. */
export const issuerNotTrusted = (issuer: string): LoginError =>
  invalidClient(
    700211,
    `No matching federated identity record found for presented assertion issuer '${issuer}'. ${CHECK_CREDENTIAL}`,
  )

/** The issuer is trusted, for another audience. */
export const audienceNotTrusted = (audience: string): LoginError =>
  invalidClient(
    700212,
    `No matching federated identity record found for presented assertion audience '${audience}'. ${CHECK_CREDENTIAL}`,
  )

/** The issuer is trusted, for other subjects. */
export const subjectNotTrusted = (subject: string): LoginError =>
  invalidClient(
    700213,
    `No matching federated identity record found for presented assertion subject '${subject}'. ${CHECK_CREDENTIAL}`,
  )

/** The subject is trusted but for upper and lower case. */
export const subjectInOtherCase = (subject: string): LoginError =>
  invalidClient(
    7002138,
    `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${CHECK_CREDENTIAL}`,
  )

/** A token of this tenant itself was presented as a foreign one. */
export const ownTokenAsAssertion = (): LoginError =>
  invalidClient(700222, 'AAD-issued tokens may not be used for federated identity flows.')

/** The issuer does not publish the key that signed. */
export const issuerKeyNotFound = (keyId: string, issuer: string): LoginError =>
  invalidClient(
    7000272,
    `The certificate with identifier ${keyId} used to sign the federated credential could not be found in the metadata of identity provider ${issuer}. Please validate that your Identity Provider's metadata exposes the key used to sign the incoming token.`,
  )

/** The issuer's discovery document or keys could not be read. */
export const issuerUnreachable = (reason: string, cause: unknown): LoginError =>
  new LoginError(400, 'invalid_request', 50166, `Request to External OIDC endpoint failed. ${reason}`, {
    cause,
  })
