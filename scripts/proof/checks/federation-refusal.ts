import { describeFirstDifference } from '../../../lib/first-difference.ts'
import type { Failure } from '../catalogue/failure.ts'
import type { TrustedToken } from '../model/target.ts'

/** As Entra words AADSTS700211, 700212, 700213 and what refines them. */
const PRESENTED = /presented assertion (issuer|audience|subject) '([^']*)'/

/**
 * A refusal of another issuer's token, with what the application is declared to trust beside what was presented, and where
 * the two part. Every other refusal as it is.
 *
 * @param trusted by the name of the federated credential
 */
export function besideDeclared<T extends Failure>(
  failure: T,
  trusted: Readonly<Record<string, TrustedToken>>,
): T {
  const [, claim, presented] = failure.source === 'login' ? (PRESENTED.exec(failure.message) ?? []) : []
  const names = Object.keys(trusted)
  if (claim === undefined || presented === undefined || names.length === 0) return failure
  const declared = names.map((name) => `${name} ${compare(presented, claim, trusted[name]!)}`)
  const message = `${failure.message} The token presents ${claim} "${presented}"; declared: ${declared.join('; ')}`
  return { ...failure, message }
}

function compare(presented: string, claim: string, { subject, expression, ...others }: TrustedToken): string {
  if (claim === 'subject' && subject === undefined) return `with the expression ${expression}`
  const declared = claim === 'subject' ? subject! : others[claim as 'issuer' | 'audience']
  if (declared === presented) {
    return `"${declared}", exactly this: the directory holds another one, or not every server knows it yet`
  }
  const onlyCase = declared.toLowerCase() === presented.toLowerCase()
  const where = describeFirstDifference(presented, declared)
  return `"${declared}" (${onlyCase ? 'only the case differs, ' : ''}${where})`
}
