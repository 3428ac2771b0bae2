import type { Attempt } from './attempt.ts'
import { explain } from './catalogue/index.ts'
import { failed, passed } from './checks/check.ts'
import { broken } from './checks/token-contract.ts'
import type { ProofPorts } from './model/ports.ts'
import type { CredentialTarget } from './model/target.ts'

/** What Entra answers to an application whose service principal is disabled. */
const DISABLED = 'AADSTS7000112'

/** Proves once that an application which is declared disabled gets no token, whatever credential it has. */
export async function attemptDisabled(
  { tenantId, clientId, credential }: CredentialTarget,
  ports: ProofPorts,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const request = { tenantId, clientId, credential, resource: ports.graphUrl }
  const answer = await ports.requestToken(signal ? { ...request, signal } : request)
  const name = 'no token'
  const clock = answer.clockAheadMs === undefined ? {} : { clockAheadMs: answer.clockAheadMs }
  if (!answer.ok && answer.failure.code === DISABLED) {
    return {
      checks: [passed(name, `refused, as declared (${DISABLED})`)],
      failures: [],
      passed: [],
      ...clock,
    }
  }
  const failure = answer.ok
    ? broken(name, 'REGISTRATION_DIFFERS', 'a token was issued, and the application is declared disabled')
        .failure
    : explain(answer.failure)
  return { checks: [failed(name, failure)], failures: [failure], passed: [], ...clock }
}
