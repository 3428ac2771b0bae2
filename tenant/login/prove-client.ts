import type { Client, Proof, ProofContext } from './client.ts'
import { checkAssertion } from './client-assertion.ts'
import type { ClientForm } from './client-form.ts'
import { checkSecret } from './client-secret.ts'
import { missingCredential } from './refusals/client.ts'

/**
 * Checks the secret or the assertion that came with a request.
 *
 * @throws LoginError AADSTS7000218 when neither came, or the refusal of what did
 */
export async function proveClient(context: ProofContext, client: Client, form: ClientForm): Promise<Proof> {
  if (form.assertion !== undefined) return checkAssertion(context, client, form.assertion)
  if (form.clientSecret !== undefined) return checkSecret(context.directory, client, form.clientSecret)
  throw missingCredential()
}
