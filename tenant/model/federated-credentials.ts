import type { EntitySet } from './entity-set.ts'
import { complex, guid, int32, listOf, text } from './property.ts'

/** Longest issuer, subject, audience and description (Microsoft Graph: federatedIdentityCredential resource type). */
const MAX_LENGTH = 600

/**
 * Microsoft Graph: federatedIdentityCredential resource type. Lives within one application, and names a subject or, on the
 * beta endpoint, an expression over the claims of a token.
 */
export const federatedIdentityCredentials: EntitySet = {
  name: 'federatedIdentityCredentials',
  typeName: 'federatedIdentityCredential',
  resourceName: 'FederatedIdentityCredential',
  directoryObject: false,
  indexes: ['applicationId', 'name'],
  alternateKey: 'name',
  namedKeys: ['name'],
  navigation: {},
  properties: {
    id: guid({ access: 'echo', nullable: false }),
    name: text({ nullable: false, required: true, maxLength: 120 }),
    issuer: text({ nullable: false, required: true, maxLength: MAX_LENGTH }),
    subject: text({ maxLength: MAX_LENGTH }),
    description: text({ maxLength: MAX_LENGTH }),
    audiences: listOf(text({ nullable: false, maxLength: MAX_LENGTH }), { required: true }),
    claimsMatchingExpression: complex(
      {
        languageVersion: int32({ nullable: false, required: true }),
        value: text({ nullable: false, required: true, maxLength: MAX_LENGTH }),
      },
      { betaOnly: true },
    ),
    applicationId: guid({ access: 'hidden' }),
  },
}
