import { LoginError } from '../../errors/login-error.ts'

/** Refusals of the flows in which a user signs in. */

/** The address to go back to is none of the application's. */
export const wrongRedirectUri = (redirectUri: string, clientId: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    50011,
    `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to fix this.`,
  )

/** The application has no address to go back to at all. */
export const noRedirectUri = (): LoginError =>
  new LoginError(400, 'invalid_request', 500113, 'No reply address is registered for the application.')

/** The code was asked for with another address. */
export const otherRedirectUri = (given: string, asked: string): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    500112,
    `The reply address '${given}' does not match the reply address '${asked}' provided when requesting Authorization code.`,
  )

/** The implicit flow has to be switched on, for access tokens and for id tokens each. */
export const implicitTokenNotEnabled = (): LoginError =>
  new LoginError(
    400,
    'unsupported_response_type',
    700051,
    "response_type 'token' is not enabled for the application.",
  )

export const implicitIdTokenNotEnabled = (): LoginError =>
  new LoginError(
    400,
    'unsupported_response_type',
    700054,
    "response_type 'id_token' is not enabled for the application.",
  )

/** What only the real service serves. */
export const responseTypeNotServed = (responseType: string): LoginError =>
  new LoginError(
    400,
    'unsupported_response_type',
    70005,
    `The local tenant serves the authorization code flow only: response_type 'code', not '${responseType}'.`,
    { hasHelpPage: false },
  )

/** A parameter whose value is none of those allowed. */
export const badParameter = (name: string, value: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    90023,
    `The value '${value}' of the parameter '${name}' is not valid.`,
  )

/** Single-page applications have to use PKCE. */
export const challengeRequired = (): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    9002325,
    'Proof Key for Code Exchange is required for cross-origin authorization code redemption.',
  )

/** `prompt=none` without anybody signed in, and here nobody ever stays signed in. */
export const notSignedIn = (): LoginError =>
  new LoginError(400, 'login_required', 50058, 'A silent sign-in request was sent but no user is signed in.')

/** The user pressed Cancel. */
export const cancelled = (): LoginError =>
  new LoginError(400, 'access_denied', 65004, 'User declined to consent to access the app.')

/** The account does not exist in this tenant. */
export const unknownUser = (user: string, tenantName: string): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    50034,
    `The user account ${user} does not exist in the ${tenantName} directory. To sign into this application, the account must be added to the directory.`,
  )

/** The account is switched off. */
export const disabledUser = (): LoginError =>
  new LoginError(400, 'invalid_grant', 50057, 'The user account is disabled.')

/** The client takes assigned users only. */
export const userNotAssigned = (client: string, appId: string, user: string): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    50105,
    `Your administrator has configured the application ${client} ('${appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed-in user '${user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
  )

/** Nobody consented to what the application asks for. */
export const consentMissing = (appId: string, displayName: string): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    65001,
    `The user or administrator has not consented to use the application with ID '${appId}' named '${displayName}'. Send an interactive authorization request for this user and resource.`,
    { suberror: 'consent_required' },
  )

/** The code has been redeemed before. */
export const codeRedeemed = (): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    54005,
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  )

/** The code was not redeemed in time. */
export const codeExpired = (): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    70008,
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  )

/** The code or refresh token is of another client, or of nobody. */
export const grantNotValid = (parameter: 'code' | 'refresh_token'): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    70000,
    `Provided grant is invalid or malformed. The provided value for the input parameter '${parameter}' is not valid.`,
  )

/** The verifier is not what the challenge was made from. */
export const verifierMismatch = (): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  )

/** The refresh token has not been used for too long. */
export const refreshTokenExpired = (issued: Date, inactiveFor: string): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    700082,
    `The refresh token has expired due to inactivity. The token was issued on ${issued.toISOString()} and was inactive for ${inactiveFor}.`,
  )

/** The refresh token of a single-page application lives for a day, used or not. */
export const spaRefreshTokenExpired = (issued: Date): LoginError =>
  new LoginError(
    400,
    'invalid_grant',
    700084,
    `The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can't be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on ${issued.toISOString()}.`,
  )

/** A browser redeems a code that went to a server's address. */
export const crossOriginNotAllowed = (origin: string): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    9002326,
    `Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '${origin}'.`,
  )

/** A server redeems a code that went to a browser's address. */
export const crossOriginRequired = (): LoginError =>
  new LoginError(
    400,
    'invalid_request',
    9002327,
    "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
  )
