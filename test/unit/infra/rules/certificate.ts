import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { X509CertificateGenerator } from '@peculiar/x509'
import forge from 'node-forge'
import { makeKeyPair } from '../../../../infra/keys/key-pair.ts'

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

export interface PfxOptions {
  readonly notAfter: string
  readonly passphrase: string
  /** As new tools encrypt, or as Windows does. Default: aes256. */
  readonly algorithm?: 'aes256' | '3des'
}

/** A PFX file with key and certificate, made for the test. */
export async function pfxOf({ notAfter, passphrase, algorithm = 'aes256' }: PfxOptions): Promise<Uint8Array> {
  const pair = await makeKeyPair({
    subject: 'CN=test',
    keySize: 2048,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date(notAfter),
  })
  const pfx = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(pair),
    forge.pki.certificateFromPem(pair.slice(pair.indexOf('-----BEGIN CERTIFICATE'))),
    passphrase,
    { algorithm },
  )
  return Buffer.from(forge.asn1.toDer(pfx).getBytes(), 'binary')
}
