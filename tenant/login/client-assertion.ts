import { v1Issuer, v2Issuer } from '../tokens/issuer.ts'
import { type Assertion, readAssertion } from './assertion.ts'
import type { Client, Proof, ProofContext } from './client.ts'
import { checkCertificateAssertion } from './client-certificate.ts'
import { checkFederatedAssertion } from './federated-assertion.ts'
import { assertionOutOfTime, ownTokenAsAssertion } from './refusals/client.ts'

/** How far the clocks of clients may be off. */
const TOLERANCE_MS = 300_000

/**
 * Checks a client assertion: one that the client signed with the key of a registered certificate, or a token of an
 * issuer that one of its federated identity credentials trusts. Which of the two it is, its issuer tells.
 *
 * @throws LoginError AADSTS50027 for what is not an assertion, 700024 out of its time, or the refusal of its kind
 */
export async function checkAssertion(context: ProofContext, client: Client, jwt: string): Promise<Proof> {
  const assertion = readAssertion(jwt)
  const { directory } = context
  const isOwn = [assertion.issuer, assertion.subject].some(
    (name) => name.toLowerCase() === client.appId.toLowerCase(),
  )
  if (isOwn) {
    requireInTime(assertion, directory.now())
    return checkCertificateAssertion(context, client, assertion)
  }
  if ([v1Issuer(directory), v2Issuer(directory)].includes(assertion.issuer)) throw ownTokenAsAssertion()
  const proof = await checkFederatedAssertion(context, client, assertion)
  requireInTime(assertion, directory.now())
  return proof
}

function requireInTime({ from, to }: Assertion, now: Date): void {
  const early = now.getTime() < from.getTime() - TOLERANCE_MS
  const late = now.getTime() >= to.getTime() + TOLERANCE_MS
  if (early || late) throw assertionOutOfTime(now, from, to)
}
