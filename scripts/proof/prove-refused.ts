import { explain } from './catalogue/index.ts'
import { failed, passed } from './checks/check.ts'
import { broken } from './checks/token-contract.ts'
import type { ProofPorts } from './model/ports.ts'
import type { CredentialProof } from './model/report.ts'
import type { CredentialTarget } from './model/target.ts'
import { successes } from './prove-credential.ts'
import { type RetryOptions, retryUntilSettled } from './retry/retry-until-settled.ts'

/** What Entra answers to a credential that is no longer there, or no longer valid. */
const REFUSALS: readonly string[] = [
  'AADSTS7000215',
  'AADSTS7000222',
  'AADSTS700027',
  'AADSTS70021',
  'AADSTS700211',
  'AADSTS700213',
]

/**
 * Proves the opposite: that a retired credential yields no token any more. A removal travels as slowly as anything
 * else, so acceptance is waited out while `changedAt.credential` (the time of the removal) is young.
 *
 * @returns a report free of secrets; its verdict is `proved` when the credential was refused, often enough in a row
 * @throws the signal's reason when it fires
 */
export async function proveRefused(
  target: Omit<CredentialTarget, 'expected'>,
  ports: ProofPorts,
  options: RetryOptions = {},
): Promise<CredentialProof> {
  const result = await retryUntilSettled(target, ports, options, () => askOnce(target, ports, options.signal))
  const { last, verdict, state, elapsedMs } = result
  return {
    label: target.label,
    kind: target.credential.kind,
    verdict,
    attempts: state.attempts,
    waitedMs: elapsedMs,
    stages: {},
    requests: { token: state.attempts, graph: 0 },
    checks: [last.check, ...successes(result)],
  }
}

async function askOnce(
  { tenantId, clientId, credential }: Omit<CredentialTarget, 'expected'>,
  ports: ProofPorts,
  signal: AbortSignal | undefined,
) {
  const request = { tenantId, clientId, credential, resource: ports.graphUrl }
  const answer = await ports.requestToken(signal ? { ...request, signal } : request)
  const name = 'refused'
  if (!answer.ok && REFUSALS.includes(answer.failure.code)) {
    return { failures: [], check: passed(name, answer.failure.code) }
  }
  const failure = answer.ok
    ? broken(name, 'NOT_REFUSED', 'a token was issued').failure
    : explain(answer.failure)
  return { failures: [failure], check: failed(name, failure) }
}
