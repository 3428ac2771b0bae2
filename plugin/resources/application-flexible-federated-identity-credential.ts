import { text } from '../protocol/wire.ts'
import { notEmpty } from '../schema/rules.ts'
import { FEDERATED_FIELDS, federatedCredentialType } from './federated-credential.ts'

/**
 * `azuread.ApplicationFlexibleFederatedIdentityCredential`: trust in the tokens of another issuer whose claims meet an
 * expression ("Flexible federated identity credentials"). Only beta knows expressions.
 */
export const applicationFlexibleFederatedIdentityCredential = federatedCredentialType({
  token:
    'azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential',
  noun: 'application flexible federated identity credential',
  version: 'beta',
  fields: {
    ...FEDERATED_FIELDS,
    audience: { type: 'string', required: true, rule: notEmpty },
    claimsMatchingExpression: { type: 'string', required: true, rule: notEmpty },
  },
  body: (inputs) => ({
    audiences: [text(inputs['audience'])],
    claimsMatchingExpression: { languageVersion: 1, value: text(inputs['claimsMatchingExpression']) },
  }),
  outputs: ({ audiences, claimsMatchingExpression: expression }) => ({
    audience: Array.isArray(audiences) ? String(audiences[0] ?? '') : '',
    claimsMatchingExpression: String((expression as { value?: string } | null)?.value ?? ''),
  }),
})
