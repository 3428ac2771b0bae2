import { MICROSOFT_GRAPH_APP_ID } from '../../../microsoft/apis.ts'
import type { ChangeKind } from '../catalogue/index.ts'

/** When something was last changed that replication may still be carrying; absent: long ago. */
export type ChangeTimes = { readonly [kind in ChangeKind]?: Date }

/** A credential as a consumer holds it. Never part of a report. */
export type Credential =
  | { readonly kind: 'secret'; readonly value: string }
  /** A PEM file with certificate and private key, or its text. */
  | { readonly kind: 'certificate'; readonly path: string; readonly password?: string }
  | { readonly kind: 'certificate'; readonly pem: string; readonly password?: string }
  /** A file that somebody keeps filled with a fresh token of another issuer; read anew for each attempt. */
  | { readonly kind: 'federated'; readonly tokenFile: string }
  /** Another issuer's token, requested anew for each attempt. */
  | { readonly kind: 'assertion'; readonly request: () => Promise<string> }
  /** The managed identity of the computer that this runs on; without a client id, that of the computer alone. */
  | { readonly kind: 'managedIdentity'; readonly clientId?: string }
  /** Whatever this machine is logged in with (`DefaultAzureCredential`); the client id is then its own. */
  | { readonly kind: 'ambient' }

/** One API whose token is part of the proof. */
export interface ExpectedApi {
  /** The name it is declared under, for people: `Microsoft Graph`. */
  readonly name: string
  /** App id, or an identifier URI, of the API. */
  readonly appId: string
  /** The application permissions that a token must hold: neither more nor less. */
  readonly roles: readonly string[]
  /** Whether a token is asked for though no role is expected. */
  readonly isAsked?: boolean
}

/** What a federated credential trusts. */
export interface TrustedToken {
  readonly issuer: string
  /** One of subject and expression is set. */
  readonly subject?: string
  /** Claims matching expression. */
  readonly expression?: string
  readonly audience: string
}

/** What is proved: one credential of one application. */
export interface CredentialTarget {
  /** How it is called in reports: `onedrive g2`. */
  readonly label: string
  readonly tenantId: string
  readonly clientId: string
  readonly credential: Credential
  readonly expected: {
    /** APIs with application permissions. A token for Graph is requested in any case: it proves the credential itself. */
    readonly apis: readonly ExpectedApi[]
    /** Graph calls that must succeed: `GET /users?$top=1`. None: a default for each permission that has one. */
    readonly probes?: readonly string[]
    /** Addresses of the SharePoint sites that grant it a role. Default: none. */
    readonly sites?: readonly string[]
  }
  /**
   * When credential, application or consent were last changed. Decides whether a refusal can still be replication;
   * left out, nothing was changed lately and refusals of that kind are final at once.
   */
  readonly changedAt?: ChangeTimes
  /** Whether the application is declared disabled, so that it must get no token. */
  readonly isDisabled?: boolean
  /** What the federated credential that is proved is declared to trust, by its name; for the explanation of a refusal. */
  readonly trusted?: Readonly<Record<string, TrustedToken>>
  /** Object id of the service principal, with which its grants are looked up where a directory can be read. */
  readonly servicePrincipalId?: string
}

/** The APIs to request tokens for: the expected ones with roles, and Graph first. */
export function apisToProve({ expected }: CredentialTarget): ExpectedApi[] {
  const graph = expected.apis.find(({ appId }) => appId === MICROSOFT_GRAPH_APP_ID)
  const others = expected.apis.filter(
    ({ appId, roles, isAsked }) => appId !== MICROSOFT_GRAPH_APP_ID && (isAsked || roles.length > 0),
  )
  return [graph ?? { name: 'Microsoft Graph', appId: MICROSOFT_GRAPH_APP_ID, roles: [] }, ...others]
}
