import { createRequire } from 'node:module'
import type forge from 'node-forge'

/** Loaded by the first PFX file: most declarations have none, and every check would have to wait for it. */
const load = createRequire(import.meta.url)

/** What a PFX file (PKCS#12, RFC 7292) holds, as PEM. */
export interface PfxContents {
  readonly certificatePem: string
  /** Left out where the file holds none. */
  readonly privateKeyPem?: string
}

/** A PFX file cannot be read. */
export class PfxError extends Error {
  readonly code = 'UNREADABLE_PFX'

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'PfxError'
  }
}

/**
 * Reads a PFX file: the certificate of its private key, or its only one.
 *
 * Both ways of encrypting are read: AES as new tools write it, and 3DES with RC2 as Windows and Key Vault do. Node's own
 * OpenSSL has no RC2 any more, and Web Crypto knows neither of the two, so node-forge does it.
 *
 * @param passphrase `''` for a file without one
 * @throws PfxError
 */
export function readPfx(bytes: Uint8Array, passphrase: string): PfxContents {
  const library = load('node-forge') as typeof forge
  const pfx = open(library, bytes, passphrase)
  const { certBag, pkcs8ShroudedKeyBag, keyBag } = library.pki.oids as Record<string, string>
  const bagsOf = (type = '') => pfx.getBags({ bagType: type })[type] ?? []
  const certificates = bagsOf(certBag)
  const key = [...bagsOf(pkcs8ShroudedKeyBag), ...bagsOf(keyBag)][0]
  const keyId = localKeyId(key)
  const own = certificates.find((each) => keyId !== undefined && localKeyId(each) === keyId)
  const certificate = own ?? (certificates.length === 1 ? certificates[0] : undefined)
  if (!certificate) {
    throw new PfxError(
      certificates.length === 0
        ? 'there is no certificate in it'
        : `it holds ${certificates.length} certificates, and none of them is named by a private key`,
    )
  }
  return {
    certificatePem: certificatePem(library, certificate),
    ...(key?.key && { privateKeyPem: pkcs8Pem(library, key.key) }),
  }
}

function open(
  { asn1: format, pkcs12, util }: typeof forge,
  bytes: Uint8Array,
  passphrase: string,
): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1
  try {
    asn1 = format.fromDer(util.createBuffer(Buffer.from(bytes).toString('binary')))
  } catch (error) {
    throw new PfxError('it is not a PFX file', error)
  }
  try {
    return pkcs12.pkcs12FromAsn1(asn1, passphrase)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (!/password|MAC|decrypt/i.test(reason)) throw new PfxError('it is not a PFX file', error)
    throw new PfxError(passphrase ? 'the passphrase does not open it' : 'it needs a passphrase', error)
  }
}

function localKeyId(bag: forge.pkcs12.Bag | undefined): string | undefined {
  const ids: unknown = bag?.attributes?.['localKeyId']
  return Array.isArray(ids) ? String(ids[0]) : undefined
}

/** Of keys other than RSA the library keeps the bytes alone. */
function certificatePem(library: typeof forge, { cert, asn1 }: forge.pkcs12.Bag): string {
  const body = library.asn1.toDer(cert ? library.pki.certificateToAsn1(cert) : asn1).getBytes()
  return unixLines(library.pem.encode({ type: 'CERTIFICATE', body }))
}

/** PKCS#8, which every library reads. */
function pkcs8Pem({ pki }: typeof forge, key: forge.pki.PrivateKey): string {
  return unixLines(pki.privateKeyInfoToPem(pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(key))))
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
