import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificateIn, readCertificate } from '../../../../infra/keys/certificates.ts'
import { makeKeyPair } from '../../../../infra/keys/key-pair.ts'
import { PfxError, readPfx } from '../../../../infra/keys/pfx.ts'
import { readAppDeclaration } from '../../../../infra/rules/validate.ts'
import { certificatePem, pfxOf } from '../rules/certificate.ts'

const NOT_AFTER = '2027-01-01T00:00:00Z'

/** Primes are found by chance, and on a busy machine late. */
const TIMEOUT_MS = 60_000

describe('a key pair', { timeout: TIMEOUT_MS }, () => {
  it.each(['CN=a', 'CN=files.example.com, OU=IT,O=Contoso, L=Bern, ST=BE, C=CH, DC=example'])(
    'has the subject %s, which a declaration may have',
    async (subject) => {
      const generate = { lifetime: '90d', subject }
      const read = readAppDeclaration('app', { displayName: 'App', certificates: { signing: { generate } } })
      expect(read.ok).toBe(true)
      const dates = { notBefore: new Date('2026-06-01T00:00:00Z'), notAfter: new Date(NOT_AFTER) }
      const made = certificateIn(await makeKeyPair({ subject, keySize: 2048, ...dates }))
      expect(made?.subject).toBe(subject.replaceAll(/, */g, ', '))
    },
  )

  it.each([2048, 3072, 4096])('of %i bits is a key with its own certificate', async (keySize) => {
    const pem = await makeKeyPair({
      subject: 'CN=files signing g1, O=Contoso',
      keySize,
      notBefore: new Date('2026-06-01T00:00:00Z'),
      notAfter: new Date(NOT_AFTER),
    })
    const certificate = new X509Certificate(pem)
    const ownPublicKey = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' })
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' })).toEqual(ownPublicKey)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(certificateIn(pem)).toMatchObject({
      subject: 'CN=files signing g1, O=Contoso',
      endDate: NOT_AFTER,
      rsaBits: keySize,
      thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    })
    expect(certificateIn(pem)?.pem).not.toContain('PRIVATE KEY')
  })
})

describe('a PFX file', () => {
  it.each(['aes256', '3des'] as const)(
    'encrypted with %s gives up key and certificate',
    async (algorithm) => {
      const pfx = await pfxOf({ notAfter: NOT_AFTER, passphrase: 'right', algorithm })
      const { certificatePem: certificate, privateKeyPem: key } = readPfx(pfx, 'right')
      expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key ?? ''))).toBe(true)
    },
  )

  it.each([
    ['wrong', 'the passphrase does not open it'],
    ['', 'it needs a passphrase'],
  ])('does not open with "%s"', async (passphrase, reason) => {
    const pfx = await pfxOf({ notAfter: NOT_AFTER, passphrase: 'right' })
    expect(() => readPfx(pfx, passphrase)).toThrow(new PfxError(reason))
  })

  it.each([
    ['text', Buffer.from('-----BEGIN CERTIFICATE-----')],
    ['nothing', Buffer.alloc(0)],
    ['other ASN.1', Buffer.from('3003020101', 'hex')],
  ])('is not %s', (_, bytes) => {
    expect(() => readPfx(bytes, '')).toThrow(new PfxError('it is not a PFX file'))
  })

  it('gives the declaration its certificate alone, and says which variable held the wrong passphrase', async () => {
    const pfx = await pfxOf({ notAfter: NOT_AFTER, passphrase: 'right' })
    const read = (passphrase: string) =>
      readCertificate(
        { file: 'main.pfx', passphraseFrom: 'MAIN' },
        { read: () => pfx, env: { MAIN: passphrase } },
      )
    const fact = read('right')
    expect(fact).toMatchObject({ endDate: NOT_AFTER, holdsPrivateKey: false })
    expect(JSON.stringify(fact)).not.toContain('PRIVATE KEY')
    expect(read('wrong')).toEqual({
      unreadable: 'the passphrase does not open it (passphrase from MAIN)',
      holdsPrivateKey: false,
    })
  })
})

describe('a PEM text', () => {
  it('is read as a file even without its usual name', async () => {
    const pem = await certificatePem({ notAfter: NOT_AFTER, bits: 2048 })
    const fact = readCertificate({ file: 'main.crt' }, { read: () => Buffer.from(pem), env: {} })
    expect(fact).toMatchObject({ endDate: NOT_AFTER, subject: 'CN=test' })
  })
})
