import { notEmpty } from '../schema/rules.ts'
import { FEDERATED_FIELDS, federatedCredentialType } from './federated-credential.ts'

/** `azuread.ApplicationFederatedIdentityCredential`: trust in the tokens of another issuer for one subject. */
export const applicationFederatedIdentityCredential = federatedCredentialType({
  token: 'azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential',
  noun: 'application federated identity credential',
  fields: {
    ...FEDERATED_FIELDS,
    audiences: {
      type: 'list',
      graph: 'audiences',
      required: true,
      maxItems: 1,
      element: { type: 'string', rule: notEmpty },
    },
    subject: { type: 'string', graph: 'subject', blank: 'keep', required: true },
  },
})
