import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'

/** A self-signed certificate, made for the test. */
export async function certificatePem(options: { notAfter: string; bits: number }): Promise<string> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: options.bits,
  }
  const keys = await webcrypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=test',
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date(options.notAfter),
      signingAlgorithm: algorithm,
      keys: keys as webcrypto.CryptoKeyPair,
    },
    webcrypto,
  )
  return `${certificate.toString('pem')}\n`
}

/** A private key that opens nothing. */
export function privateKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
