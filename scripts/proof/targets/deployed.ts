import { skipped } from '../checks/check.ts'
import { judgeExpiry } from '../checks/expiry.ts'
import type { CredentialProof } from '../report/report.ts'

interface Deployed {
  /** How it is called in reports. */
  readonly label: string
  /** When it was first deployed, where that is known. */
  readonly since?: Date
  /** Why it is not proved, where there is more to say than that nothing is at hand. */
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
export interface DeployedFederation extends Deployed {
  readonly kind: 'federated'
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

/** A credential that is in the tenant and cannot be used with what the stack holds. */
export type DeployedCredential = DeployedCertificate | DeployedFederation

/**
 * What a report says of a credential that was not proved: what is configured, why it was not proved, and when it ends.
 *
 * @param now by this machine's clock: no token endpoint was asked
 */
export function unproved(
  credential: DeployedCredential,
  failWithinMs: number | undefined,
  now: Date,
): CredentialProof {
  const { label, kind } = credential
  const common = {
    label,
    kind,
    verdict: 'unproved',
    attempts: 0,
    waitedMs: 0,
    stages: {},
    requests: { token: 0, graph: 0 },
  } as const
  if (credential.kind === 'federated') {
    const { issuer, subject, audience, why = NO_TOKEN } = credential
    const detail = `configured, not proved from here: ${why}; it trusts ${issuer}, subject ${subject}, audience ${audience}`
    return { ...common, checks: [skipped('proof', detail)] }
  }
  const { keyId, endDate, thumbprint, why = NO_KEY } = credential
  const detail = `deployed, not proved from here: ${why}; thumbprint ${thumbprint}`
  const expiry = judgeExpiry({ endDate, superseded: false }, failWithinMs, now)
  return { ...common, keyId, endDate, checks: [skipped('proof', detail), expiry] }
}

const NO_TOKEN = 'no token of its issuer is at hand (AZURE_FEDERATED_TOKEN_FILE, or a job of GitHub Actions)'
const NO_KEY = 'its private key is not at hand (--certificate FILE)'
