import type { Entity } from '../proof/directory/reader.ts'
import type { Credential, Owner } from './report.ts'

/** A property that is a text with something in it. */
export function text(entity: Entity, property: string): string | undefined {
  const value = entity[property]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A property that is an object; an empty one where it is not. */
export function object(entity: Entity, property: string): Entity {
  const value = entity[property]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entity) : {}
}

/** The objects of a list. */
export function objects(entity: Entity, property: string): readonly Entity[] {
  const value = entity[property]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : []
}

/** The texts of a list. */
export function texts(entity: Entity, property: string): readonly string[] {
  const value = entity[property]
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

/** The credentials of an application or a service principal, each once. */
export function credentialsOf(entity: Entity, on: Credential['on']): Credential[] {
  const keys = objects(entity, 'keyCredentials')
  // Single sign-on with SAML has a certificate to sign with, the same to verify, and its password under one identifier.
  const signing = new Set(
    keys.flatMap((key) => (text(key, 'usage') === 'Sign' ? (text(key, 'customKeyIdentifier') ?? []) : [])),
  )
  const isSigning = (each: Entity) =>
    text(each, 'usage') === 'Sign' || signing.has(text(each, 'customKeyIdentifier') ?? '')
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
    keyId: text(entity, 'keyId') ?? '',
    type,
    on,
    ...defined({
      displayName: text(entity, 'displayName'),
      startsAt: text(entity, 'startDateTime'),
      endsAt: text(entity, 'endDateTime'),
    }),
  }
}

/** An owner as far as the deployer may read it. */
export function toOwner(entity: Entity, on: Owner['on']): Owner {
  const enabled = entity['accountEnabled']
  return {
    id: text(entity, 'id') ?? '',
    on,
    ...defined({ name: text(entity, 'userPrincipalName') ?? text(entity, 'displayName') }),
    ...(typeof enabled === 'boolean' && { enabled }),
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The object without members that are undefined. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>
}
