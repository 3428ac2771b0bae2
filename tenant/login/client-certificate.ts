import {
  constants,
  createHash,
  type KeyObject,
  type VerifyKeyObjectInput,
  verify,
  X509Certificate,
} from 'node:crypto'
import type { ProtectedHeaderParameters } from 'jose'
import { certificatesOf } from '../rules/key-credentials.ts'
import { objects } from '../store/entity.ts'
import type { Assertion } from './assertion.ts'
import { type Client, credentialHolders, type Proof, type ProofContext } from './client.ts'
import {
  assertionForAnother,
  assertionOfAnother,
  keyNotAccepted,
  malformedAssertion,
  wrongSignature,
} from './refusals/client.ts'

/** A registered certificate with the time in which it may be used. */
interface RegisteredKey {
  readonly keyId: string
  readonly certificate: X509Certificate
  readonly start: string
  readonly end: string
}

/** Signature algorithms by their JWS name (RFC 7518 section 3.1): the key they take and how the signature is laid out. */
const ALGORITHMS: {
  readonly [alg: string]: {
    readonly keyType: string
    readonly options: (signature: Buffer) => Omit<VerifyKeyObjectInput, 'key'>
  }
} = {
  RS256: { keyType: 'rsa', options: () => ({ padding: constants.RSA_PKCS1_PADDING }) },
  PS256: {
    keyType: 'rsa',
    options: () => ({
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  },
  // 64 bytes are r and s as JWS wants them; the azuread provider sends ASN.1 DER instead.
  ES256: { keyType: 'ec', options: ({ length }) => ({ dsaEncoding: length === 64 ? 'ieee-p1363' : 'der' }) },
}

/**
 * Checks an assertion that the client signed itself (Microsoft identity platform: application authentication certificate
 * credentials).
 *
 * @throws LoginError AADSTS700027 for a key that is not registered, not valid now, or did not sign; 700021 and 700023
 *   for an assertion of or for somebody else
 */
export function checkCertificateAssertion(
  context: ProofContext,
  client: Client,
  assertion: Assertion,
): Proof {
  const { appId } = client
  if (assertion.issuer.toLowerCase() !== appId || assertion.subject.toLowerCase() !== appId) {
    throw assertionOfAnother()
  }
  const thumbprint = thumbprintOf(assertion.header)
  const key = registeredKeys(client).find(({ certificate }) =>
    digest(certificate, thumbprint.hash).equals(thumbprint.value),
  )
  const shown = thumbprint.value.toString('hex').toUpperCase()
  if (key === undefined) throw keyNotAccepted(appId, 'The key was not found.', shown)
  const now = context.directory.now().getTime()
  if (now < Date.parse(key.start) || now >= Date.parse(key.end)) {
    throw keyNotAccepted(
      appId,
      `The key used is expired., Found key 'Start=${key.start}, End=${key.end}'`,
      shown,
    )
  }
  if (!isSignedBy(key.certificate.publicKey, assertion)) throw wrongSignature(appId, shown)
  if (!assertion.audiences.some((audience) => isOneOf(audience, context.audiences))) {
    throw assertionForAnother(assertion.audiences.join(' '))
  }
  return { kind: 'certificate', credentialId: key.keyId }
}

function registeredKeys(client: Client): readonly RegisteredKey[] {
  return credentialHolders(client).flatMap(({ data }) => {
    const certificates = certificatesOf(data)
    return objects(data['keyCredentials']).flatMap((credential) => {
      const keyId = String(credential['keyId'])
      const der = certificates[keyId.toLowerCase()]
      if (der === undefined || String(credential['usage']).toLowerCase() !== 'verify') return []
      return {
        keyId,
        certificate: new X509Certificate(Buffer.from(der, 'base64')),
        start: String(credential['startDateTime']),
        end: String(credential['endDateTime']),
      }
    })
  })
}

/** Clients name their certificate by `x5t#S256` or `x5t`; the azuread provider puts what `x5t` is into `kid`. */
function thumbprintOf(header: ProtectedHeaderParameters): { hash: 'sha1' | 'sha256'; value: Buffer } {
  const sha256 = header['x5t#S256']
  if (typeof sha256 === 'string') return { hash: 'sha256', value: Buffer.from(sha256, 'base64url') }
  const sha1 = header.x5t ?? header.kid
  if (typeof sha1 === 'string') return { hash: 'sha1', value: Buffer.from(sha1, 'base64url') }
  throw malformedAssertion('Its header names no certificate: x5t#S256, x5t or kid.')
}

function digest({ raw }: X509Certificate, hash: 'sha1' | 'sha256'): Buffer {
  return createHash(hash).update(raw).digest()
}

function isSignedBy(key: KeyObject, { jwt, header }: Assertion): boolean {
  const algorithm = ALGORITHMS[header.alg ?? '']
  if (algorithm === undefined) {
    throw malformedAssertion(`Its algorithm has to be one of: ${Object.keys(ALGORITHMS).join(', ')}.`)
  }
  if (key.asymmetricKeyType !== algorithm.keyType) return false
  const [protectedHeader = '', payload = '', encoded = ''] = jwt.split('.')
  const signature = Buffer.from(encoded, 'base64url')
  const options = algorithm.options(signature)
  return verify('sha256', Buffer.from(`${protectedHeader}.${payload}`), { key, ...options }, signature)
}

/** Addresses compare without regard to case and to doubled slashes in the path, which the endpoint tolerates too. */
function isOneOf(audience: string, allowed: readonly string[]): boolean {
  const plain = (address: string): string => address.toLowerCase().replaceAll(/(?<!:)\/{2,}/g, '/')
  return allowed.some((each) => plain(each) === plain(audience))
}
