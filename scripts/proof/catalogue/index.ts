import { ASSERTION } from './assertion.ts'
import type { CatalogueEntry, Fault, Wait } from './entry.ts'
import type { Failure } from './failure.ts'
import { GRAPH } from './graph.ts'
import { LOGIN } from './login.ts'
import { NETWORK } from './network.ts'
import { CONTRACT, type ContractCode } from './token-contract.ts'

export type { CatalogueEntry, ChangeKind, Fault, Wait } from './entry.ts'
export type { ContractCode } from './token-contract.ts'

/** Every code that is explained, in the order in which they are looked up. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...LOGIN,
  ...ASSERTION,
  ...GRAPH,
  ...CONTRACT,
  ...NETWORK,
]

/** A refusal with everything that can be said about it. */
export interface Explained extends Failure {
  readonly meaning: string
  readonly fix: string
  /** Title of the page the explanation is from; absent when the code is not in the catalogue. */
  readonly reference?: string
  readonly wait: Wait
  readonly fault: Fault
}

/**
 * Looks a refusal up. Throttling and server errors are known by their status, whatever their code; a code that is
 * not listed is shown as it came and never waited for.
 */
export function explain(failure: Failure): Explained {
  const entry = CATALOGUE.find(
    ({ source, code, message }) =>
      source === failure.source && code === failure.code && (message?.test(failure.message) ?? true),
  )
  if (entry) {
    const { meaning, fix, reference, wait, fault } = entry
    return { ...failure, meaning, fix, reference, wait, fault }
  }
  return { ...failure, ...byStatus(failure) }
}

/** A difference that the engine itself found, explained. */
export function contractFailure(code: ContractCode, message: string): Explained {
  return explain({ source: 'contract', code, message, support: {} })
}

function byStatus({
  status = 0,
  source,
}: Failure): Pick<Explained, 'meaning' | 'fix' | 'reference' | 'wait' | 'fault'> {
  if (status === 429) {
    const reference = 'Microsoft Graph throttling guidance'
    return {
      meaning: 'too many requests',
      fix: 'wait as long as it asks',
      reference,
      wait: 'always',
      fault: 'service',
    }
  }
  if (status >= 500 && status !== 501) {
    const reference = 'Microsoft Graph error responses and resource types'
    return {
      meaning: source === 'login' ? 'the token endpoint is in trouble' : 'Graph is in trouble',
      fix: 'try again later; https://azure.status.microsoft shows known incidents',
      reference,
      wait: 'always',
      fault: 'service',
    }
  }
  return {
    meaning: 'a refusal that is not in the catalogue',
    fix: "look the code up in Microsoft's reference, and have the ids below ready",
    wait: 'never',
    fault: source === 'network' ? 'environment' : 'identity',
  }
}
