import { randomUUID, X509Certificate } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { badRequest, GraphError, invalidValue, valueRequired } from '../errors/graph-error.ts'
import { isoDate, isoSecond } from '../lib/clock.ts'
import type { EntitySet } from '../model/entity-set.ts'
import { type Data, isObject, objects } from '../store/entity.ts'
import { requireCredentialAllowed } from './credential-policy.ts'

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/

/**
 * Completes the list of key credentials that a client sends: Microsoft Graph's keyCredential resource type. An entry
 * that the object has already, named by its keyId, keeps its key; a new one brings a certificate, which also says
 * when it starts and ends and what it is called. The certificates go into the hidden property `certificates`, since
 * reading an object does not show them.
 *
 * @param before the object's data until now, undefined for a new object
 * @param after its data with the list as sent
 * @throws GraphError 400 for a certificate that cannot be read, dates that do not fit it, or one that a policy forbids
 */
export function completeKeyCredentials(
  set: EntitySet,
  before: Data | undefined,
  after: Data,
  directory: Directory,
): Data {
  const now = directory.now()
  const kept = certificatesOf(before)
  const known = new Map(objects(before?.['keyCredentials']).map((each) => [keyIdOf(each), each]))
  const certificates: Record<string, string> = {}
  const named = new Set<string>()
  const credentials = objects(after['keyCredentials']).map((sent) => {
    const keyId = keyIdOf(sent) ?? randomUUID()
    if (named.has(keyId)) throw badRequest(`The keyId '${keyId}' is there twice.`)
    named.add(keyId)
    const existing = known.get(keyId)
    if (sent['key'] === null && existing !== undefined) {
      const certificate = kept[keyId]
      if (certificate !== undefined) certificates[keyId] = certificate
      return existing
    }
    const read = readCredential(set, sent, now)
    const kind = read.credential['type'] === 'Symmetric' ? 'symmetricKey' : 'certificate'
    requireCredentialAllowed(directory, set, before ?? {}, kind, read.credential)
    if (read.certificate !== undefined) certificates[keyId] = read.certificate
    return { ...read.credential, keyId }
  })
  return { ...after, keyCredentials: credentials, certificates }
}

/** The certificates of an object as base64 of DER, by lower-case keyId. */
export function certificatesOf(data: Data | undefined): { readonly [keyId: string]: string } {
  const kept = data?.['certificates']
  return isObject(kept) ? (kept as { readonly [keyId: string]: string }) : {}
}

function readCredential(
  set: EntitySet,
  sent: Data,
  now: Date,
): { readonly credential: Data; readonly certificate?: string } {
  const { key } = sent
  if (typeof key !== 'string' || key === '') throw valueRequired(set.resourceName, 'keyCredentials.key')
  if (sent['type'] === 'Symmetric') {
    return { credential: { ...sent, key: null, startDateTime: sent['startDateTime'] ?? isoSecond(now) } }
  }
  const certificate = readCertificate(set, key)
  const validity = checkDates(sent, certificate)
  return {
    certificate: certificate.raw.toString('base64'),
    credential: {
      ...sent,
      ...validity,
      // The thumbprint as 40 hexadecimal digits, which is how the real service fills it in.
      customKeyIdentifier: sent['customKeyIdentifier'] ?? certificate.fingerprint.replaceAll(':', ''),
      displayName: sent['displayName'] ?? certificate.subject.replaceAll('\n', ', '),
      key: null,
      type: sent['type'] || 'AsymmetricX509Cert',
      usage: sent['usage'] || 'Verify',
    },
  }
}

/** Clients send base64 of the DER bytes or base64 of the PEM text. */
function readCertificate(set: EntitySet, key: string): X509Certificate {
  const bytes = Buffer.from(key, 'base64')
  const pem = PEM.exec(bytes.toString('latin1'))?.[0]
  try {
    return new X509Certificate(pem ?? bytes)
  } catch {
    throw invalidValue(
      set.resourceName,
      'keyCredentials.key',
      'It holds no X.509 certificate, in DER or PEM.',
    )
  }
}

function checkDates(sent: Data, certificate: X509Certificate): Data {
  const [from, to] = [certificate.validFromDate, certificate.validToDate]
  const startDateTime = String(sent['startDateTime'] ?? isoDate(from))
  const endDateTime = String(sent['endDateTime'] ?? isoDate(to))
  if (Date.parse(startDateTime) < from.getTime()) {
    throw new GraphError(400, 'KeyCredentialsInvalidStartDate', 'Key credential start date is invalid.')
  }
  if (Date.parse(endDateTime) > to.getTime()) {
    throw new GraphError(400, 'KeyCredentialsInvalidEndDate', 'Key credential end date is invalid.')
  }
  if (Date.parse(endDateTime) <= Date.parse(startDateTime)) {
    throw badRequest('Key credential end date has to be after its start date.')
  }
  return { startDateTime, endDateTime }
}

function keyIdOf(credential: Data): string | undefined {
  const { keyId } = credential
  return typeof keyId === 'string' ? keyId.toLowerCase() : undefined
}
