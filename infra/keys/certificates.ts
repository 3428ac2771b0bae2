import { X509Certificate } from 'node:crypto'
import { instantAfter } from '../../lib/duration.ts'
import { isPfxName } from '../declaration/schema/credentials.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import { PfxError, readPfx } from './pfx.ts'

type CertificateDeclaration = AppDeclaration['certificates'][string]

/** What may be read beside the declaration. */
export interface CertificateSources {
  /** Reads a file that a declaration names; `undefined` when it is not there. */
  readonly read: (file: string) => Uint8Array | undefined
  /** Holds the passphrases of PFX files. */
  readonly env: NodeJS.ProcessEnv
}

/** A certificate without its key: what everybody may know. */
export interface PublicCertificate {
  readonly pem: string
  /** RFC 3339, as Graph writes dates. */
  readonly endDate: string
  /** SHA-1, 40 upper-case hexadecimal digits: what portal and Graph show as thumbprint. */
  readonly thumbprint: string
  readonly subject: string
  /** Left out for other kinds of keys. */
  readonly rsaBits: number | undefined
}

/** What is known of a declared certificate. */
export type CertificateFact =
  | (PublicCertificate & { readonly holdsPrivateKey: boolean })
  | { readonly unreadable: string; readonly holdsPrivateKey: boolean }
  /** The variable with its passphrase is not set here. */
  | { readonly passphraseMissing: string; readonly holdsPrivateKey: false }

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

/**
 * Reads a given certificate. Of a PFX file, which holds the private key by its nature, only the certificate is kept.
 *
 * @param declared with `file` or `pem`
 */
export function readCertificate(
  declared: CertificateDeclaration,
  sources: CertificateSources,
): CertificateFact {
  const { file, pem } = declared
  const bytes = file === undefined ? undefined : sources.read(file)
  if (pem === undefined && bytes === undefined) return unreadable(`the file "${file}" is not there`)
  if (file !== undefined && bytes && isPfxName(file)) return fromPfx(bytes, declared, sources.env)
  const text = pem ?? new TextDecoder().decode(bytes)
  const holdsPrivateKey = PRIVATE_KEY.test(text)
  const certificate = certificateIn(text)
  if (certificate) return { ...certificate, holdsPrivateKey }
  return unreadable(
    CERTIFICATE.test(text) ? 'the certificate in it cannot be read' : 'there is no certificate in it',
    holdsPrivateKey,
  )
}

/** The first certificate of a PEM text; undefined when there is none, or none that can be read. */
export function certificateIn(text: string): PublicCertificate | undefined {
  const block = CERTIFICATE.exec(text)?.[0]
  if (!block) return undefined
  try {
    const certificate = new X509Certificate(block)
    const { asymmetricKeyDetails } = certificate.publicKey
    return {
      pem: `${block}\n`,
      endDate: instantAfter(certificate.validToDate),
      thumbprint: certificate.fingerprint.replaceAll(':', ''),
      subject: certificate.subject.replaceAll('\n', ', '),
      rsaBits: asymmetricKeyDetails?.modulusLength,
    }
  } catch {
    return undefined
  }
}

function fromPfx(
  bytes: Uint8Array,
  { passphraseFrom }: CertificateDeclaration,
  env: NodeJS.ProcessEnv,
): CertificateFact {
  const passphrase = passphraseFrom === undefined ? '' : env[passphraseFrom]
  if (passphraseFrom !== undefined && !passphrase) {
    return { passphraseMissing: passphraseFrom, holdsPrivateKey: false }
  }
  try {
    const certificate = certificateIn(readPfx(bytes, passphrase ?? '').certificatePem)
    if (certificate) return { ...certificate, holdsPrivateKey: false }
    return unreadable('the certificate in it cannot be read')
  } catch (error) {
    if (!(error instanceof PfxError)) throw error
    const where = passphraseFrom === undefined ? '' : ` (passphrase from ${passphraseFrom})`
    return unreadable(`${error.message}${where}`)
  }
}

function unreadable(reason: string, holdsPrivateKey = false): CertificateFact {
  return { unreadable: reason, holdsPrivateKey }
}
