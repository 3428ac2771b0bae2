import { skipped } from '../checks/check.ts'
import { judgeExpiry } from '../checks/expiry.ts'
import type { DeployedCredential } from '../model/app-target.ts'
import type { CredentialProof } from '../model/report.ts'

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

const NO_TOKEN =
  'no token of its issuer is available (AZURE_FEDERATED_TOKEN_FILE, or a job of GitHub Actions)'
const NO_KEY = 'its private key is not available (--certificate FILE)'
