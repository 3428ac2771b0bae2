import 'reflect-metadata'
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { DAY } from '../../lib/duration.ts'
import { writePrivateFile } from './private-file.ts'

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const

const CA_DAYS = 3650
const CA_RENEW_DAYS = 400
const LEAF_DAYS = 397

/** The tenant's own certificate authority, and where its public half lies for clients to trust. */
export interface CertificateAuthority {
  readonly file: string
  readonly pem: string
  readonly keyPem: string
}

/** What the HTTPS server presents. */
export interface ServerCertificate {
  readonly certificatePem: string
  readonly keyPem: string
}

/**
 * The data directory's certificate authority: `ca.pem`, and `ca-key.pem` with mode 0600. It is made on first use and
 * anew when it would soon expire. Clients judge certificates by the system's clock, so this does too, whatever
 * clock the tenant runs on.
 */
export async function certificateAuthority(dataDir: string, durable = true): Promise<CertificateAuthority> {
  const file = join(dataDir, 'ca.pem')
  const keyFile = join(dataDir, 'ca-key.pem')
  if (existsSync(file) && existsSync(keyFile)) {
    const kept = { file, pem: readFileSync(file, 'utf8'), keyPem: readFileSync(keyFile, 'utf8') }
    if (isUsable(kept)) return kept
  }
  const { pem, keyPem } = await createAuthority()
  writePrivateFile(keyFile, keyPem, durable)
  writeFileSync(file, pem, { mode: 0o644 })
  return { file, pem, keyPem }
}

/** A certificate for `localhost`, `127.0.0.1` and `::1`, issued by the authority, valid for a little over a year. */
export async function serverCertificate(authority: CertificateAuthority): Promise<ServerCertificate> {
  const issuer = new x509.X509Certificate(authority.pem)
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: 'CN=localhost',
      issuer: issuer.subject,
      ...validity(LEAF_DAYS),
      publicKey: keys.publicKey,
      signingKey: await importAuthorityKey(authority.keyPem),
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return { certificatePem: certificate.toString('pem'), keyPem: await exportKey(keys.privateKey) }
}

/** A key pair for signing tokens, and the self-signed certificate whose thumbprint names it. */
export interface TokenSigningMaterial {
  readonly privateKeyPem: string
  readonly certificatePem: string
}

/** Makes an RSA key of 2048 bits for RS256, with a self-signed certificate as Entra publishes one with its keys. */
export async function createTokenSigningMaterial(): Promise<TokenSigningMaterial> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: 'CN=Local tenant token signing', ...validity(CA_DAYS), keys, signingAlgorithm: RSA },
    webcrypto,
  )
  return { privateKeyPem: await exportKey(keys.privateKey), certificatePem: certificate.toString('pem') }
}

/** Key and certificate belong together (a kill may have come between the two writes), with time left. */
function isUsable({ pem, keyPem }: CertificateAuthority): boolean {
  const certificate = new X509Certificate(pem)
  const remaining = certificate.validToDate.getTime() - Date.now()
  return remaining > CA_RENEW_DAYS * DAY && certificate.checkPrivateKey(createPrivateKey(keyPem))
}

async function createAuthority(): Promise<{ readonly pem: string; readonly keyPem: string }> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      // Each authority has a name of its own: clients that trust two of them pick by name.
      name: `CN=Local tenant CA ${webcrypto.randomUUID().slice(0, 8)}`,
      ...validity(CA_DAYS),
      keys,
      signingAlgorithm: ECDSA,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  return { pem: certificate.toString('pem'), keyPem: await exportKey(keys.privateKey) }
}

/** From an hour ago, so that a clock slightly behind accepts it too. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + days * DAY) }
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key)
  return x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')
}

async function importAuthorityKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ECDSA, false, ['sign'])
}
