import { type AttemptOptions, attempt, STAGES, type Stage } from './attempt.ts'
import { attemptDisabled } from './attempt-disabled.ts'
import { passed } from './checks/check.ts'
import type { ProofPorts } from './model/ports.ts'
import type { Check, CredentialProof } from './model/report.ts'
import type { CredentialTarget } from './model/target.ts'
import { type RetryOptions, retryUntilSettled, type Settled } from './retry/retry-until-settled.ts'
import type { Verdict } from './retry/wait.ts'

export type ProveOptions = AttemptOptions & RetryOptions

/** The report about one credential, and how far the token endpoint's clock is ahead of ours, if it was seen. */
export type ProvedCredential = Omit<CredentialProof, 'verdict'> & {
  readonly verdict: Verdict
  readonly clockAheadMs?: number
}

/**
 * Proves one credential: a fresh token with exactly the declared permissions, and the probes; of an application that is
 * declared disabled, that it gets none. Waits for what can be replication, until the deadline; everything else is final at
 * once.
 *
 * @returns a report free of secrets, whatever the tenant answers
 * @throws the signal's reason when it fires
 * @throws SyntaxError when a probe cannot be read
 */
export async function proveCredential(
  target: CredentialTarget,
  ports: ProofPorts,
  options: ProveOptions = {},
): Promise<ProvedCredential> {
  const counted = countRequests(ports)
  const stages: Partial<Record<Stage, number>> = {}
  const result = await retryUntilSettled(target, ports, options, async (elapsed) => {
    const once = target.isDisabled
      ? await attemptDisabled(target, counted.ports, options.signal)
      : await attempt(target, counted.ports, options)
    for (const stage of once.passed) stages[stage] ??= elapsed()
    return once
  })
  const { last, verdict, state, elapsedMs } = result
  return {
    label: target.label,
    kind: target.credential.kind,
    verdict,
    attempts: state.attempts,
    waitedMs: elapsedMs,
    stages: inOrder(stages),
    requests: counted.requests(),
    checks: [...last.checks, ...successes(result)],
    ...(last.clockAheadMs !== undefined && { clockAheadMs: last.clockAheadMs }),
  }
}

/** Says so when more than one success was asked for. */
export function successes({ verdict, state, policy }: Settled<unknown>): Check[] {
  if (policy.successes === 1 || state.successesInARow === 0) return []
  const name = 'successes in a row'
  const count = `${state.successesInARow} of ${policy.successes}`
  if (verdict === 'proved') return [passed(name, count)]
  return [{ name, status: 'failed', detail: `${count} before the deadline of ${policy.deadlineMs / 1000} s` }]
}

function inOrder(stages: Partial<Record<Stage, number>>): CredentialProof['stages'] {
  return Object.fromEntries(
    STAGES.flatMap((stage) => (stages[stage] === undefined ? [] : [[stage, stages[stage]]])),
  )
}

function countRequests(ports: ProofPorts) {
  const sent = { token: 0, graph: 0 }
  const counting: ProofPorts = {
    ...ports,
    requestToken: (request) => {
      sent.token++
      return ports.requestToken(request)
    },
    askGraph: (request) => {
      sent.graph++
      return ports.askGraph(request)
    },
  }
  return { ports: counting, requests: () => ({ ...sent }) }
}
