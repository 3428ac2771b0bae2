import { errors, jwtVerify } from 'jose'
import { meetsConditions, parseClaimsExpression } from '../../microsoft/claims-expression.ts'
import { credentialsOf } from '../rules/federated-credentials.ts'
import { type Entity, isObject, strings } from '../store/entity.ts'
import type { Assertion } from './assertion.ts'
import type { Client, Proof, ProofContext } from './client.ts'
import {
  audienceNotTrusted,
  issuerKeyNotFound,
  issuerNotTrusted,
  malformedAssertion,
  noFederatedCredential,
  subjectInOtherCase,
  subjectNotTrusted,
} from './refusals/client.ts'

/**
 * Checks a token of a foreign issuer (Microsoft Entra workload ID: workload identity federation): a federated identity
 * credential of the application has to name its issuer, subject and audience exactly, case included, or be met by its
 * claims, and a key that the issuer publishes has to have signed it.
 *
 * @throws LoginError AADSTS70025, 700211, 700213, 7002138 or 700212 when none does, 7000272 or 50027 for the signature,
 *   50166 when the issuer cannot be asked
 */
export async function checkFederatedAssertion(
  context: ProofContext,
  client: Client,
  assertion: Assertion,
): Promise<Proof> {
  const credential = matchingCredential(
    client,
    credentialsOf(context.directory, client.application.id),
    assertion,
  )
  await requireSignature(context, assertion)
  return { kind: 'federated', credentialId: credential.id }
}

function matchingCredential(client: Client, credentials: readonly Entity[], assertion: Assertion): Entity {
  const { issuer, subject, audiences } = assertion
  if (credentials.length === 0) throw noFederatedCredential(client.appId, client.displayName)
  const ofIssuer = credentials.filter(({ data }) => data['issuer'] === issuer)
  if (ofIssuer.length === 0) throw issuerNotTrusted(issuer)
  const ofSubject = ofIssuer.filter((credential) => isFor(credential, assertion))
  if (ofSubject.length === 0) {
    const near = ofIssuer.some(({ data }) => String(data['subject']).toLowerCase() === subject.toLowerCase())
    throw near ? subjectInOtherCase(subject) : subjectNotTrusted(subject)
  }
  const match = ofSubject.find(({ data }) =>
    strings(data['audiences']).some((each) => audiences.includes(each)),
  )
  if (match === undefined) throw audienceNotTrusted(audiences.join(' '))
  return match
}

/** Whether a credential is for the subject of an assertion, or its expression is met by the claims. */
function isFor({ data }: Entity, { subject, claims }: Assertion): boolean {
  const expression = data['claimsMatchingExpression']
  if (!isObject(expression)) return data['subject'] === subject
  return meetsConditions(parseClaimsExpression(String(expression['value'])), claims)
}

/** Only RS256 is taken from foreign issuers, as Entra does it. The time is checked by who calls. */
async function requireSignature(
  { issuers }: ProofContext,
  { jwt, issuer, header, from }: Assertion,
): Promise<void> {
  const keyOf = await issuers.of(issuer)
  try {
    await jwtVerify(jwt, keyOf, { algorithms: ['RS256'], currentDate: from })
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw issuerKeyNotFound(header.kid ?? '', issuer)
    if (error instanceof errors.JOSEAlgNotAllowed) throw malformedAssertion('Its algorithm has to be RS256.')
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw malformedAssertion('Its signature is not that of the key it names.')
    }
    throw error
  }
}
