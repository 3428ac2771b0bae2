import type { RuleContext } from '../../../../infra/rules/rule.ts'
import type { Case, Cases, Declared } from './case.ts'
import { certificatePem, pfxOf, privateKeyPem } from './certificate.ts'

const valid = await certificatePem({ notAfter: '2027-01-01T00:00:00Z', bits: 2048 })
const pem = (text: string): Declared => ({ certificates: { main: { pem: text } } })
const closedPfx = await pfxOf({ notAfter: '2027-01-01T00:00:00Z', passphrase: 'right' })
const openPfx = await pfxOf({ notAfter: '2027-01-01T00:00:00Z', passphrase: '' })

const inFile = (name: string, content: string | Uint8Array): Case => ({
  app: { certificates: { main: { file: name } } },
  context: { read: (file) => (file === name ? Buffer.from(content) : undefined) },
})

/** A PFX file whose passphrase is `right`. */
const pfxFile = (passphrase: string | undefined, more: Partial<RuleContext> = {}): Case => ({
  app: { certificates: { main: { file: 'main.pfx', passphraseFrom: 'MAIN_PASSPHRASE' } } },
  context: {
    read: () => closedPfx,
    env: passphrase === undefined ? {} : { MAIN_PASSPHRASE: passphrase },
    ...more,
  },
})

const generate = (lifetime = '180d'): Declared => ({ certificates: { main: { generate: { lifetime } } } })

export const certificateCases: Cases = {
  EA411: {
    pass: [pem(valid), inFile('cert.pem', valid), pfxFile('right'), inFile('open.p12', openPfx)],
    fail: [
      [pem('no certificate'), 'certificates.main.pem: there is no certificate in it'],
      [pem(valid.replace('MII', 'AAA')), 'certificates.main.pem: the certificate in it cannot be read'],
      [
        { certificates: { main: { file: 'missing.pem' } } },
        'certificates.main.file: the file "missing.pem" is not there',
      ],
      [
        pfxFile('wrong'),
        'certificates.main.file: the passphrase does not open it (passphrase from MAIN_PASSPHRASE)',
      ],
      [inFile('cert.pfx', valid), 'certificates.main.file: it is not a PFX file'],
      [inFile('closed.pfx', closedPfx), 'certificates.main.file: it needs a passphrase'],
    ],
  },
  EA412: {
    pass: [pem(valid), pfxFile('right')],
    fail: [
      [
        pem(`${privateKeyPem()}${valid}`),
        'certificates.main.pem: a private key stands beside the certificate',
      ],
    ],
  },
  EA413: {
    pass: [{ app: pem(valid), context: { now: new Date('2026-12-31T23:59:59Z') } }],
    fail: [
      [
        { app: pem(valid), context: { now: new Date('2027-01-01T00:00:00Z') } },
        'certificates.main.pem: the certificate expired on 2027-01-01T00:00:00Z',
      ],
      [
        pfxFile('right', { now: new Date('2027-01-01T00:00:00Z') }),
        'certificates.main.file: the certificate expired on 2027-01-01T00:00:00Z',
      ],
    ],
  },
  EA414: {
    pass: [pem(valid)],
    fail: [
      [
        pem(await certificatePem({ notAfter: '2027-01-01T00:00:00Z', bits: 1024 })),
        'certificates.main.pem: the key has 1024 bits',
      ],
    ],
  },
  EA415: {
    pass: [pfxFile('right'), pfxFile('wrong')],
    fail: [
      [pfxFile(undefined), 'certificates.main.file: the variable MAIN_PASSPHRASE is not set'],
      [pfxFile(''), 'certificates.main.file: the variable MAIN_PASSPHRASE is not set'],
    ],
  },
  EA416: {
    pass: [
      { ...generate(), secrets: { other: { displayName: 's', lifetime: '90d' } } },
      { ...pem(valid), secrets: { main: { displayName: 's', lifetime: '90d' } } },
    ],
    fail: [
      [
        { ...generate(), secrets: { main: { displayName: 's', lifetime: '90d' } } },
        'certificates.main: "main" is the name of a client secret, too',
      ],
    ],
  },
  EA417: {
    pass: [generate('365d')],
    fail: [
      [
        generate('366d'),
        'certificates.main.generate.lifetime: the certificate lives 366 days, the limit is 365',
      ],
    ],
  },
}
