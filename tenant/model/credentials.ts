import { binary, complex, guid, listOf, moment, text } from './property.ts'

/** Microsoft Graph: passwordCredential resource type. The value itself is returned once, by the call that makes it. */
export const passwordCredentials = listOf(
  complex({
    customKeyIdentifier: binary(),
    displayName: text({ maxLength: 256 }),
    endDateTime: moment(),
    hint: text(),
    keyId: guid(),
    secretText: text(),
    startDateTime: moment(),
  }),
)

/** Microsoft Graph: keyCredential resource type. */
export const keyCredentials = listOf(
  complex({
    customKeyIdentifier: binary(),
    displayName: text(),
    endDateTime: moment(),
    key: binary(),
    keyId: guid(),
    startDateTime: moment(),
    type: text(),
    usage: text(),
  }),
)

/** Microsoft Graph: informationalUrl resource type. */
export const informationalUrlMembers = {
  logoUrl: text({ access: 'echo' }),
  marketingUrl: text({ maxLength: 2048 }),
  privacyStatementUrl: text({ maxLength: 2048 }),
  supportUrl: text({ maxLength: 2048 }),
  termsOfServiceUrl: text({ maxLength: 2048 }),
}

/** Microsoft Graph: verifiedPublisher resource type. */
export const verifiedPublisherMembers = {
  displayName: text(),
  verifiedPublisherId: text(),
  addedDateTime: moment(),
}
