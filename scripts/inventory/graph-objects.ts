import { objects, optionalText, text } from '../proof/directory/members.ts'
import type { Entity } from '../proof/directory/reader.ts'
import type { Credential, Owner } from './report.ts'

/** The credentials of an application or a service principal, each once. */
export function credentialsOf(entity: Entity, on: Credential['on']): Credential[] {
  const keys = objects(entity, 'keyCredentials')
  // Single sign-on with SAML has a certificate to sign with, the same to verify, and its password under one identifier.
  const signing = new Set(
    keys.flatMap((key) =>
      optionalText(key, 'usage') === 'Sign' ? (optionalText(key, 'customKeyIdentifier') ?? []) : [],
    ),
  )
  const isSigning = (each: Entity) =>
    optionalText(each, 'usage') === 'Sign' || signing.has(text(each, 'customKeyIdentifier'))
  const found = [
    ...keys.map((key) => toCredential(key, on, isSigning(key) ? 'samlSigning' : 'certificate')),
    ...objects(entity, 'passwordCredentials')
      .filter((each) => !isSigning(each))
      .map((each) => toCredential(each, on, 'secret')),
  ]
  const seen = new Set<string>()
  return found.filter(({ type, keyId, endsAt }) => {
    const key = type === 'samlSigning' ? `${type} ${endsAt}` : keyId
    return !seen.has(key) && seen.add(key)
  })
}

function toCredential(entity: Entity, on: Credential['on'], type: Credential['type']): Credential {
  return {
    keyId: text(entity, 'keyId'),
    type,
    on,
    ...defined({
      displayName: optionalText(entity, 'displayName'),
      startsAt: optionalText(entity, 'startDateTime'),
      endsAt: optionalText(entity, 'endDateTime'),
    }),
  }
}

/** An owner as far as the deployer may read it. */
export function toOwner(entity: Entity, on: Owner['on']): Owner {
  const enabled = entity['accountEnabled']
  return {
    id: text(entity, 'id'),
    on,
    ...defined({ name: optionalText(entity, 'userPrincipalName') ?? optionalText(entity, 'displayName') }),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The object without members that are undefined. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
