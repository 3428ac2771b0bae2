import type { AppOutputs } from '../../../infra/contract/outputs.ts'
import type { Check } from '../report/report.ts'
import type { ChangeTimes } from '../retry/wait.ts'
import type { DeployedCredential } from './deployed.ts'
import type { CredentialTarget } from './target.ts'

/** One application to prove, and every credential of it. */
export interface AppTarget {
  /** Its name in the stack, or what stands for it. */
  readonly app: string
  readonly displayName: string
  readonly tenantId: string
  readonly clientId: string
  readonly credentials: readonly AppCredential[]
  /** Credentials that nothing at hand can prove; they are listed. */
  readonly deployed?: readonly DeployedCredential[]
  /** What is known of the application already. */
  readonly checks?: readonly Check[]
  /** What the stack declared; without it only tokens are compared, not the directory. */
  readonly facts?: AppOutputs
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
