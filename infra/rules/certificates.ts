import { parseDuration } from '../../lib/duration.ts'
import { generatedCertificates } from '../declaration/rotated-credentials.ts'
import { type CertificateFact, readCertificate } from '../keys/certificates.ts'
import { above, type Rule, type RuleContext, type Violation } from './rule.ts'

const CREDENTIALS = 'Add and manage application credentials in Microsoft Entra ID'
const CERTIFICATES = 'Microsoft identity platform application authentication certificate credentials'
const OWN = 'Rules of entra-apps'

const DAY = 86_400_000
const MIN_RSA_BITS = 2048
const ADVISED_LIFETIME = 365

/** Judges each certificate that is given; what is made here is right by construction. */
function eachGiven(
  judge: (fact: CertificateFact, context: RuleContext) => string | undefined,
): Rule['check'] {
  return ({ certificates }, context) =>
    Object.entries(certificates).flatMap(([name, declared]): Violation[] => {
      if (declared.generate) return []
      const message = judge(readCertificate(declared, context), context)
      return message ? [{ path: ['certificates', name, declared.file ? 'file' : 'pem'], message }] : []
    })
}

/** Rules about certificates, given or made here. */
export const certificateRules: readonly Rule[] = [
  {
    code: 'EA411',
    name: 'certificate-readable',
    severity: 'error',
    summary: 'A certificate is one X.509 certificate, as PEM or in a PFX file that its passphrase opens.',
    fix: 'give the PEM of the certificate, from BEGIN CERTIFICATE to END CERTIFICATE, or a PFX file with the variable of its passphrase in passphraseFrom',
    source: CERTIFICATES,
    check: eachGiven((fact) => ('unreadable' in fact ? fact.unreadable : undefined)),
  },
  {
    code: 'EA412',
    name: 'certificate-private-key',
    severity: 'error',
    summary: 'A certificate as PEM comes without its private key.',
    fix: 'remove the private key: only the certificate is registered',
    source: CERTIFICATES,
    check: eachGiven((fact) =>
      fact.holdsPrivateKey ? 'a private key stands beside the certificate' : undefined,
    ),
  },
  {
    code: 'EA413',
    name: 'certificate-expired',
    severity: 'error',
    summary: 'A certificate has not expired.',
    fix: 'give the next certificate under a name of its own, and remove this one once consumers use it',
    source: CREDENTIALS,
    check: eachGiven((fact, { now }) =>
      'endDate' in fact && Date.parse(fact.endDate) <= now.getTime()
        ? `the certificate expired on ${fact.endDate}`
        : undefined,
    ),
  },
  {
    code: 'EA414',
    name: 'certificate-key-size',
    severity: 'warning',
    summary: `An RSA key has at least ${MIN_RSA_BITS} bits.`,
    limit: MIN_RSA_BITS,
    fix: 'make a certificate with a larger key',
    source: CERTIFICATES,
    check: eachGiven((fact) =>
      'rsaBits' in fact && fact.rsaBits !== undefined && fact.rsaBits < MIN_RSA_BITS
        ? `the key has ${fact.rsaBits} bits`
        : undefined,
    ),
  },
  {
    code: 'EA415',
    name: 'certificate-passphrase',
    severity: 'error',
    summary: 'The environment holds the passphrase that opens a PFX file.',
    fix: 'set the variable, or give the certificate alone as PEM: openssl pkcs12 -in FILE -nokeys -clcerts',
    source: OWN,
    check: eachGiven((fact) =>
      'passphraseMissing' in fact ? `the variable ${fact.passphraseMissing} is not set` : undefined,
    ),
  },
  {
    code: 'EA416',
    name: 'certificate-name',
    severity: 'error',
    summary: 'A certificate that is made here has another name than every client secret of its application.',
    fix: 'rename it: secrets and certificates share one ledger, and `rotate --secret` names either',
    source: OWN,
    check: (app) =>
      Object.keys(generatedCertificates(app))
        .filter((name) => Object.hasOwn(app.secrets, name))
        .map((name) => ({
          path: ['certificates', name],
          message: `"${name}" is the name of a client secret, too`,
          found: name,
        })),
  },
  {
    code: 'EA417',
    name: 'certificate-lifetime-advised',
    severity: 'warning',
    summary: `A certificate that is made here lives at most ${ADVISED_LIFETIME} days, as Microsoft advises for secrets.`,
    limit: ADVISED_LIFETIME,
    fix: 'shorten lifetime; 90d to 180d is usual',
    source: CREDENTIALS,
    check: (app) =>
      Object.entries(generatedCertificates(app)).flatMap(([name, { lifetime }]) =>
        above(
          ADVISED_LIFETIME,
          parseDuration(lifetime) / DAY,
          ['certificates', name, 'generate', 'lifetime'],
          (count) => `the certificate lives ${count} days`,
        ),
      ),
  },
]
