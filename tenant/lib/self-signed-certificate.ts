import { generateKeyPairSync, randomBytes } from 'node:crypto'
import forge from 'node-forge'

const RSA_BITS = 2048

/** Bytes of a serial number; the first must not be negative (RFC 5280, 4.1.2.2). */
const SERIAL_BYTES = 16

/**
 * A self-signed certificate as PEM, made at once: whoever needs it is inside a transaction, and Web Crypto makes its
 * callers wait. The private key is not kept.
 */
export function selfSignedCertificate(commonName: string, from: Date, to: Date): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const key = forge.pki.privateKeyFromPem(privateKey)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e)
  certificate.serialNumber = `01${randomBytes(SERIAL_BYTES - 1).toString('hex')}`
  certificate.validity.notBefore = from
  certificate.validity.notAfter = to
  const subject = [{ name: 'commonName', value: commonName }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.sign(key, forge.md.sha256.create())
  return forge.pki.certificateToPem(certificate)
}
