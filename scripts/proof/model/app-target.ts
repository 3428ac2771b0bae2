import type { AppOutputs, IdentityOutputs } from '../../../infra/contract/outputs.ts'
import type { Check } from './report.ts'
import type { ChangeTimes, CredentialTarget, TrustedToken } from './target.ts'

/** One application to prove, and every credential of it. */
export interface AppTarget {
  /** Its name in the stack, or what stands for it. */
  readonly app: string
  readonly displayName: string
  readonly tenantId: string
  readonly clientId: string
  readonly credentials: readonly AppCredential[]
  /** Credentials that no available key or token can prove; they are listed. */
  readonly deployed?: readonly DeployedCredential[]
  /** What is known of the application already. */
  readonly checks?: readonly Check[]
  /** What the stack declared; without it only tokens are compared, not the directory. */
  readonly facts?: AppOutputs
  /** What the stack granted to an identity that has no registration of it. */
  readonly granted?: IdentityOutputs
  readonly changedAt?: ChangeTimes
}

/** A credential with what is known about it besides. */
export interface AppCredential {
  readonly target: CredentialTarget
  readonly keyId?: string
  /** RFC 3339. */
  readonly endDate?: string
  /** A newer one has taken its place, so its end is nobody's worry. */
  readonly superseded?: boolean
}

interface Deployed {
  /** How it is called in reports. */
  readonly label: string
  /** When it was first deployed, where that is known. */
  readonly since?: Date
  /** Why it is not proved, where there is more to say than that nothing is available. */
  readonly why?: string
}

/** A certificate in the tenant whose private key is somewhere else. */
export interface DeployedCertificate extends Deployed {
  readonly kind: 'certificate'
  readonly keyId: string
  /** SHA-1, 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
  /** RFC 3339. */
  readonly endDate: string
}

/** A trust in tokens that somebody else issues. */
export interface DeployedFederation extends Deployed, TrustedToken {
  readonly kind: 'federated'
}

/** A credential that is in the tenant and cannot be used with what the stack holds. */
export type DeployedCredential = DeployedCertificate | DeployedFederation
