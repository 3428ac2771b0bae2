import { ASSERTION } from './assertion.ts'
import { CONSENT } from './consent.ts'
import { CONTRACT, type ContractCode } from './contract.ts'
import type { CatalogueEntry, Fault, Wait } from './entry.ts'
import type { Failure } from './failure.ts'
import { FEDERATION_REFUSALS } from './federation.ts'
import { GRAPH } from './graph.ts'
import { LOGIN } from './login.ts'
import { NETWORK } from './network.ts'
import { SERVICE } from './service.ts'
import { TENANT } from './tenant.ts'
import { describeUnlisted } from './unlisted.ts'

export type { ContractCode } from './contract.ts'
export type { CatalogueEntry, ChangeKind, Fault, Wait } from './entry.ts'

/** Every code that is explained, in the order in which they are looked up. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...LOGIN,
  ...TENANT,
  ...CONSENT,
  ...SERVICE,
  ...ASSERTION,
  ...FEDERATION_REFUSALS,
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
 * Looks a refusal up. Throttling and server errors are known by their status, whatever their code; of a code that is
 * not listed its class is said, and it is never waited for.
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
  return { ...failure, ...(byStatus(failure) ?? unlisted(failure)) }
}

/** A difference that the engine itself found, explained. */
export function contractFailure(code: ContractCode, message: string): Explained {
  return explain({ source: 'contract', code, message, support: {} })
}

type Explanation = Pick<Explained, 'meaning' | 'fix' | 'reference' | 'wait' | 'fault'>

function byStatus({ status = 0, source }: Failure): Explanation | undefined {
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
  return undefined
}

function unlisted(failure: Failure): Explanation {
  const fault = failure.source === 'network' ? 'environment' : 'identity'
  return { ...describeUnlisted(failure, CATALOGUE), wait: 'never', fault }
}
