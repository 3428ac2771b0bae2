import { randomUUID } from 'node:crypto'
import { includesPersonalAccounts, PERSONAL_SECRET_LIMIT } from '../../microsoft/audiences.ts'
import { badRequest, invalidValue } from '../errors/graph-error.ts'
import { addYears, isoSecond } from '../lib/clock.ts'
import { hashSecret, newSecret } from '../lib/secrets.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { readScalar } from '../model/scalar.ts'
import type { SeededValues } from '../request/graph-request.ts'
import { type Data, type Entity, isObject, type Json, objects } from '../store/entity.ts'

/** How long a secret lasts when the request names no end (Microsoft Graph: application: addPassword). */
const DEFAULT_YEARS = 2

const HINT_LENGTH = 3

/**
 * Microsoft Graph: application: addPassword and servicePrincipal: addPassword. Only a hash of the secret is kept.
 *
 * @param wanted the request's `passwordCredential`
 * @param seeded the secret, where a seed decides it
 * @returns the data to store, and the credential with its secret, for this one answer
 * @throws GraphError 400 when a member of `wanted` does not fit, or an application with personal accounts has its two
 */
export function addPassword(
  set: EntitySet,
  holder: Pick<Entity, 'data'>,
  wanted: Json,
  now: Date,
  seeded: SeededValues = {},
): { readonly data: Data; readonly credential: Data } {
  if (!isObject(wanted)) throw badRequest("'passwordCredential' has to be an object.")
  const credential = completeCredential(set, wanted, now)
  const keyId = String(credential['keyId'])
  const { data } = holder
  const existing = objects(data['passwordCredentials'])
  if (existing.some((each) => each['keyId'] === keyId)) {
    throw badRequest(`A credential with the keyId '${keyId}' exists already.`)
  }
  const signInAudience = String(data['signInAudience'])
  const isLimited = set.name === 'applications' && includesPersonalAccounts({ signInAudience })
  if (isLimited && existing.length >= PERSONAL_SECRET_LIMIT) {
    throw badRequest(
      `Not allowed to add ${existing.length + 1} passwords. You can only add a maximum of ${PERSONAL_SECRET_LIMIT} passwords.`,
    )
  }
  const { secretText = newSecret() } = seeded
  // Only applications show the beginning of a secret; on service principals the hint stays empty.
  const hint = set.name === 'applications' ? secretText.slice(0, HINT_LENGTH) : null
  const hashes = isObject(data['secretHashes']) ? data['secretHashes'] : {}
  return {
    data: {
      ...data,
      // The newest first (recorded from the real service).
      passwordCredentials: [{ ...credential, hint }, ...existing],
      secretHashes: { ...hashes, [keyId]: { ...hashSecret(secretText) } },
    },
    credential: { ...credential, hint, secretText },
  }
}

/**
 * Microsoft Graph: application: removePassword.
 *
 * @throws GraphError 400 when the object has no such credential
 */
export function removePassword(holder: Entity, keyId: Json | undefined): Data {
  const wanted = typeof keyId === 'string' ? keyId.toLowerCase() : undefined
  const existing = objects(holder.data['passwordCredentials'])
  const kept = existing.filter((each) => String(each['keyId']).toLowerCase() !== wanted)
  if (kept.length === existing.length) {
    throw badRequest(`No password credential found with keyId '${String(keyId)}'.`)
  }
  const hashes = isObject(holder.data['secretHashes']) ? holder.data['secretHashes'] : {}
  const keptIds = new Set(kept.map((each) => String(each['keyId'])))
  return {
    ...holder.data,
    passwordCredentials: kept,
    secretHashes: Object.fromEntries(Object.entries(hashes).filter(([id]) => keptIds.has(id))),
  }
}

/** `POST /applications` may ask for passwords at once; they come with their secrets in that answer. */
export function issueInlinePasswords(
  set: EntitySet,
  data: Data,
  now: Date,
): { readonly data: Data; readonly reveal?: { readonly passwordCredentials: readonly Data[] } } {
  const wanted = objects(data['passwordCredentials'])
  if (wanted.length === 0) return { data }
  const issued: Data[] = []
  let holder: Data = { ...data, passwordCredentials: [] }
  for (const each of wanted) {
    const added = addPassword(set, { data: holder }, each, now)
    holder = added.data
    issued.push(added.credential)
  }
  return { data: holder, reveal: { passwordCredentials: issued } }
}

function completeCredential(set: EntitySet, wanted: Data, now: Date): Data {
  const member = (name: string): Json => {
    const property = set.properties['passwordCredentials']?.members?.[name]
    const value = wanted[name] ?? null
    if (value === null || property === undefined) return null
    return readScalar(set.resourceName, property, `passwordCredential.${name}`, value)
  }
  if ((wanted['secretText'] ?? null) !== null) {
    throw badRequest("Property 'secretText' is read-only: the directory makes the secret.")
  }
  const startDateTime = member('startDateTime') ?? isoSecond(now)
  // Counted from the call, not from a start given (recorded from the real service).
  const endDateTime = member('endDateTime') ?? isoSecond(addYears(now, DEFAULT_YEARS))
  if (Date.parse(String(endDateTime)) <= Date.parse(String(startDateTime))) {
    throw invalidValue(
      set.resourceName,
      'passwordCredential.endDateTime',
      'The end has to be after the start.',
    )
  }
  return {
    customKeyIdentifier: member('customKeyIdentifier'),
    displayName: member('displayName'),
    endDateTime,
    hint: null,
    keyId: member('keyId') ?? randomUUID(),
    secretText: null,
    startDateTime,
  }
}

/**
 * What a PATCH leaves of an object's passwords: it may leave some out and change none, since only the directory makes
 * secrets. Hashes of those left out go with them.
 *
 * @throws GraphError 400 for one that the object does not have
 */
export function keepPasswords(before: Data, after: Data): Data {
  const known = new Map(objects(before['passwordCredentials']).map((each) => [idOf(each), each]))
  const kept = objects(after['passwordCredentials']).map((sent) => {
    const existing = known.get(idOf(sent))
    if (existing !== undefined) return existing
    throw badRequest(
      `No password credential found with keyId '${String(sent['keyId'])}'. Use addPassword to add one.`,
    )
  })
  const ids = new Set(kept.map(idOf))
  const hashes = isObject(after['secretHashes']) ? after['secretHashes'] : {}
  return {
    ...after,
    passwordCredentials: kept,
    secretHashes: Object.fromEntries(Object.entries(hashes).filter(([id]) => ids.has(id.toLowerCase()))),
  }
}

const idOf = (credential: Data): string => String(credential['keyId']).toLowerCase()
