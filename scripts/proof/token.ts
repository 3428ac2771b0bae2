import { AuthenticationError, ClientSecretCredential } from '@azure/identity'
import { decodeJwt, type JWTPayload } from 'jose'
import type { Endpoints } from './endpoints.ts'

/** A client secret of an application, as a consumer holds it. */
export interface AppCredential {
  readonly tenantId: string
  readonly clientId: string
  readonly secret: string
}

export type TokenResult =
  | { readonly ok: true; readonly token: string; readonly claims: JWTPayload }
  | { readonly ok: false; readonly reason: string }

/**
 * Requests an app-only token with a credential object of its own: MSAL keeps tokens, and one obtained with an earlier
 * secret would prove nothing about this one.
 *
 * @param resource identifier of the API, such as `https://graph.microsoft.com`, or its app id
 */
export async function requestToken(
  app: AppCredential,
  resource: string,
  endpoints: Endpoints,
): Promise<TokenResult> {
  const credential = new ClientSecretCredential(app.tenantId, app.clientId, app.secret, {
    authorityHost: endpoints.loginUrl,
    disableInstanceDiscovery: !endpoints.wellKnown,
    retryOptions: { maxRetries: 0 },
  })
  try {
    const { token } = await credential.getToken(`${resource}/.default`)
    return { ok: true, token, claims: decodeJwt(token) }
  } catch (error) {
    return { ok: false, reason: describeFailure(error) }
  }
}

/** The service's own sentence, without the trace lines that follow it. */
function describeFailure(error: unknown): string {
  const description = error instanceof AuthenticationError ? error.errorResponse.errorDescription : undefined
  const text = description ?? (error instanceof Error ? error.message : String(error))
  return text.split(/\r?\n| Trace ID:/)[0] ?? text
}
