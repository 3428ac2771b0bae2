import * as azuread from '@pulumi/azuread'
import * as pulumi from '@pulumi/pulumi'
import { mapValues } from '../../lib/map-values.ts'
import { type GeneratedCertificate, generatedCertificates } from '../declaration/rotated-credentials.ts'
import { certificateIn, type PublicCertificate, readCertificate } from '../keys/certificates.ts'
import { type Generation, hasConsumers, isLive } from '../rotation/generation.ts'
import type { ApplicationContext } from './context.ts'
import type { IssuedCredential, IssuedGeneration } from './generations.ts'

/** A certificate whose private key is somewhere else. */
export interface GivenCertificate extends Omit<PublicCertificate, 'pem'> {
  readonly keyId: pulumi.Output<string>
}

/** Certificates, given: the private key never comes near the state. */
export function addCertificates({
  name,
  app,
  application,
  read,
  env,
  parent,
}: ApplicationContext): Record<string, GivenCertificate> {
  const given = Object.entries(app.certificates).filter(([, { generate }]) => !generate)
  return Object.fromEntries(
    given.map(([certificate, declared]) => {
      const fact = readCertificate(declared, { read, env })
      if (!('pem' in fact)) {
        const reason = 'unreadable' in fact ? fact.unreadable : `${fact.passphraseMissing} is not set`
        throw new RangeError(`The certificate "${certificate}": ${reason}`)
      }
      const { pem: value, holdsPrivateKey: _, ...facts } = fact
      const { keyId } = new azuread.ApplicationCertificate(
        `${name}-certificate-${certificate}`,
        { applicationId: application.id, type: 'AsymmetricX509Cert', value, endDate: fact.endDate },
        { parent },
      )
      return [certificate, { ...facts, keyId }]
    }),
  )
}

/** A certificate that was made here. */
export interface IssuedCertificate extends IssuedCredential {
  readonly thumbprint: pulumi.Output<string>
  readonly subject: pulumi.Output<string>
}

/**
 * Certificates, made here. Each live generation is two resources: a stash, which keeps the key pair that is made first,
 * and the certificate in the tenant.
 *
 * The stash is in the state before the certificate goes to the tenant. An engine that is killed in between, or that
 * never records its outputs, leaves a key that the next deployment finds again, and no certificate without its key.
 */
export function issueCertificates(
  context: ApplicationContext,
): Record<string, IssuedGeneration<IssuedCertificate>[]> {
  return mapValues(generatedCertificates(context.app), (declared, certificate) =>
    (context.generations[certificate] ?? []).map((generation) =>
      isLive(generation)
        ? { generation, credential: issue(certificate, declared, generation, context) }
        : { generation },
    ),
  )
}

function issue(
  certificate: string,
  declared: GeneratedCertificate,
  generation: Generation,
  { name, knownValues, application, parent }: ApplicationContext,
): IssuedCertificate {
  const resourceName = `${name}-${certificate}-g${generation.generation}`
  const protect = hasConsumers(generation)
  // What the last deployment made need not be made again.
  const keyPair = knownValues.apply(async (values) => {
    const value = values[certificate]?.[generation.generation]
    // A client secret that had this name the last time is not a key.
    if (value !== undefined && certificateIn(value)) return value
    // Only who makes a key needs the libraries for it, which take long to load.
    const { makeKeyPair } = await import('../keys/key-pair.ts')
    return makeKeyPair({
      subject: declared.subject ?? `CN=${name} ${certificate} g${generation.generation}`,
      keySize: declared.keySize,
      notBefore: new Date(Date.parse(generation.issuedAt) - CLOCK_TOLERANCE_MS),
      notAfter: new Date(generation.endDate),
    })
  })
  const stash = new pulumi.Stash(
    `${resourceName}-key`,
    { input: pulumi.secret(keyPair) },
    { parent, protect, ignoreChanges: ['input'] },
  )
  const value = stash.output as pulumi.Output<string>
  // Everything but the key is public, and what is derived from a secret would count as one.
  const facts = pulumi.unsecret(value.apply((pem) => certificateOf(pem, resourceName)))
  const { keyId, endDate } = new azuread.ApplicationCertificate(
    resourceName,
    {
      applicationId: application.id,
      type: 'AsymmetricX509Cert',
      value: facts.pem,
      endDate: facts.endDate,
    },
    { parent, protect, ignoreChanges: ['value', 'endDate'] },
  )
  return { keyId, endDate, value, thumbprint: facts.thumbprint, subject: facts.subject }
}

/** The tenant's clock may be behind this computer's, and a certificate must not begin in its future. */
const CLOCK_TOLERANCE_MS = 600_000

function certificateOf(pem: string, name: string): PublicCertificate {
  const certificate = certificateIn(pem)
  if (certificate) return certificate
  throw new RangeError(`The state holds no certificate in "${name}-key"`)
}
