import type { Cloud } from '../../microsoft/clouds.ts'
import { describeFederation, type FederatedDeclaration, type Federation } from '../declaration/federation.ts'
import type { Rule, Violation } from './rule.ts'

/** What is wrong with a federated credential, and how to fix it where that is not the fix of the rule. */
export type Judged = string | Pick<Violation, 'message' | 'fix'> | undefined

/** A check of each federated credential by itself. */
export function eachFederation(
  judge: (
    federation: Federation,
    declared: FederatedDeclaration,
    context: { readonly name: string; readonly cloud: Cloud },
  ) => Judged,
): Rule['check'] {
  return ({ federatedCredentials }, { cloud }) =>
    Object.entries(federatedCredentials).flatMap(([name, declared]): Violation[] => {
      const judged = judge(describeFederation(declared, { cloud }), declared, { name, cloud })
      if (judged === undefined) return []
      const violation = typeof judged === 'string' ? { message: judged } : judged
      return [{ path: ['federatedCredentials', name], ...violation }]
    })
}
