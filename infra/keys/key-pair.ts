import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface KeyPairOptions {
  /** Distinguished name, such as `CN=files signing g1`. */
  readonly subject: string
  /** Bits of the RSA key. */
  readonly keySize: number
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Makes an RSA key and a self-signed certificate that may do nothing but prove who a client is.
 *
 * RSA, because the Microsoft identity platform takes nothing else from clients ("Microsoft identity platform application
 * authentication certificate credentials": RS256 or PS256).
 *
 * @returns PEM: the key (PKCS#8), then the certificate, as Azure Identity reads it
 */
export async function makeKeyPair({
  subject,
  keySize,
  notBefore,
  notAfter,
}: KeyPairOptions): Promise<string> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: keySize,
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: subject,
      // Positive, and at most 20 bytes (RFC 5280 section 4.1.2.2).
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      notBefore,
      notAfter,
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY')
  return `${key}\n${certificate.toString('pem')}\n`
}
