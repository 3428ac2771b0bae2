import type { LoginError } from '../errors/login-error.ts'
import type { Client, Proof, ProofContext } from './client.ts'
import { checkAssertion } from './client-assertion.ts'
import type { ClientForm } from './client-form.ts'
import { checkSecret } from './client-secret.ts'
import { missingCredential } from './refusals/client.ts'

/**
 * Checks the secret or the assertion that came with a request.
 *
 * @param missing the refusal when neither came: it depends on the grant
 * @throws LoginError the refusal of what came, or of its absence
 */
export async function proveClient(
  context: ProofContext,
  client: Client,
  form: ClientForm,
  missing: () => LoginError = missingCredential,
): Promise<Proof> {
  if (form.assertion !== undefined) return checkAssertion(context, client, form.assertion)
  if (form.clientSecret !== undefined) return checkSecret(context.directory, client, form.clientSecret)
  throw missing()
}
