import { X509Certificate } from 'node:crypto'
import type { AppDeclaration } from './declaration.ts'
import { instantAfter } from './duration.ts'

type CertificateDeclaration = AppDeclaration['certificates'][string]

/** What is known of a declared certificate. */
export type CertificateFact =
  | {
      readonly pem: string
      /** RFC 3339, as Graph writes dates. */
      readonly endDate: string
      /** Left out for other kinds of keys. */
      readonly rsaBits: number | undefined
      readonly holdsPrivateKey: boolean
    }
  | { readonly unreadable: string; readonly holdsPrivateKey: boolean }

/**
 * Reads a declared certificate.
 *
 * @param read reads the file that the declaration names
 */
export function readCertificate(
  { file, pem }: CertificateDeclaration,
  read: (file: string) => Uint8Array | undefined,
): CertificateFact {
  const bytes = file === undefined ? undefined : read(file)
  const text = pem ?? (bytes && new TextDecoder().decode(bytes))
  if (text === undefined) return { unreadable: `the file "${file}" is not there`, holdsPrivateKey: false }
  const holdsPrivateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)
  const block = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text)?.[0]
  if (!block) return { unreadable: 'there is no certificate in it', holdsPrivateKey }
  try {
    const certificate = new X509Certificate(block)
    const { asymmetricKeyDetails } = certificate.publicKey
    return {
      pem: `${block}\n`,
      endDate: instantAfter(certificate.validToDate),
      rsaBits: asymmetricKeyDetails?.modulusLength,
      holdsPrivateKey,
    }
  } catch {
    return { unreadable: 'the certificate in it cannot be read', holdsPrivateKey }
  }
}
