import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import type { Directory } from '../directory/directory.ts'
import { badRequest, invalidValue } from '../errors/graph-error.ts'
import { addYears, isoSecond } from '../lib/clock.ts'
import { selfSignedCertificate } from '../lib/self-signed-certificate.ts'
import { moment } from '../model/property.ts'
import { readScalar } from '../model/scalar.ts'
import { servicePrincipals } from '../model/service-principals.ts'
import { type Data, type Entity, isObject, objects } from '../store/entity.ts'
import { certificatesOf } from './key-credentials.ts'

/** Microsoft Graph: servicePrincipal: addTokenSigningCertificate. */
const DEFAULT_NAME = 'CN=Microsoft Azure Federated SSO Certificate'
const DEFAULT_YEARS = 3

const RESOURCE = servicePrincipals.resourceName

/**
 * Gives a service principal a certificate to sign SAML tokens with: as Graph does it, two key credentials (one that signs,
 * one that verifies) and a password credential, which one `customKeyIdentifier` holds together. No SAML token is issued
 * here, so the private key is forgotten at once.
 *
 * @param wanted the body of the request
 * @returns the service principal's data with them, and the certificate as the request is answered with it
 * @throws GraphError 400 for a name that does not begin with `CN=`, or an end that is not ahead
 */
export function addTokenSigningCertificate(
  directory: Directory,
  principal: Entity,
  wanted: unknown,
): { readonly data: Data; readonly certificate: Data } {
  const { displayName, endDateTime } = isObject(wanted) ? wanted : {}
  const name = displayName ?? DEFAULT_NAME
  if (typeof name !== 'string' || !/^CN=.+/.test(name)) {
    throw invalidValue(RESOURCE, 'displayName', "It has to begin with 'CN='.")
  }
  const now = directory.now()
  const end = new Date(
    endDateTime == null
      ? addYears(now, DEFAULT_YEARS)
      : String(readScalar(RESOURCE, moment(), 'endDateTime', endDateTime)),
  )
  if (end <= now) throw badRequest('Key credential end date is invalid.')
  const raw = new X509Certificate(selfSignedCertificate(name.slice('CN='.length), now, end)).raw
  const thumbprint = createHash('sha1').update(raw).digest()
  const shared = {
    customKeyIdentifier: thumbprint.toString('base64'),
    displayName: name,
    endDateTime: isoSecond(end),
    startDateTime: isoSecond(now),
  }
  const [signing, verifying] = [randomUUID(), randomUUID()]
  const key = raw.toString('base64')
  const { data } = principal
  return {
    data: {
      ...data,
      keyCredentials: [
        ...objects(data['keyCredentials']),
        { ...shared, key: null, keyId: signing, type: 'X509CertAndPassword', usage: 'Sign' },
        { ...shared, key: null, keyId: verifying, type: 'AsymmetricX509Cert', usage: 'Verify' },
      ],
      passwordCredentials: [
        ...objects(data['passwordCredentials']),
        { ...shared, keyId: signing, hint: null, secretText: null },
      ],
      certificates: { ...certificatesOf(data), [signing]: key, [verifying]: key },
    },
    certificate: {
      ...shared,
      key,
      keyId: verifying,
      thumbprint: thumbprint.toString('hex').toUpperCase(),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    },
  }
}
