import 'reflect-metadata'
import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const ALGORITHMS = {
  RSA: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
  EC: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const

/** A self-signed certificate with its key, as an application signs in with. */
export interface ClientCertificate {
  readonly certificatePem: string
  readonly privateKeyPem: string
  /** DER, base64. */
  readonly der: string
  /** SHA-1 and SHA-256 of the DER bytes. */
  readonly sha1: Buffer
  readonly sha256: Buffer
}

export interface ClientCertificateOptions {
  /** Default: RSA of 2048 bits. */
  readonly kind?: keyof typeof ALGORITHMS
  /** Default: an hour ago. */
  readonly from?: Date
  /** Default: in a year. */
  readonly to?: Date
}

const HOUR_MS = 3_600_000

export async function createClientCertificate(
  options: ClientCertificateOptions = {},
): Promise<ClientCertificate> {
  const algorithm = ALGORITHMS[options.kind ?? 'RSA']
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=client.example.com',
      notBefore: options.from ?? new Date(Date.now() - HOUR_MS),
      notAfter: options.to ?? new Date(Date.now() + 365 * 24 * HOUR_MS),
      keys,
      signingAlgorithm: algorithm,
    },
    webcrypto,
  )
  const certificatePem = certificate.toString('pem')
  const { raw } = new X509Certificate(certificatePem)
  return {
    certificatePem,
    privateKeyPem: x509.PemConverter.encode(
      await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
      'PRIVATE KEY',
    ),
    der: raw.toString('base64'),
    sha1: createHash('sha1').update(raw).digest(),
    sha256: createHash('sha256').update(raw).digest(),
  }
}
