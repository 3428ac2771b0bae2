import { mapValues } from '../../lib/map-values.ts'
import type { Rotated } from './schema/rotated.ts'
import type { AppDeclaration } from './schema.ts'

/** A declared credential that is issued in generations. */
export interface RotatedCredential extends Rotated {
  /** Left out for a client secret, as in the ledger. */
  readonly kind?: 'certificate'
}

/** A certificate that is made here. */
export type GeneratedCertificate = NonNullable<AppDeclaration['certificates'][string]['generate']>

/** The certificates that are made here, by name; the others are given. */
export function generatedCertificates({
  certificates,
}: Pick<AppDeclaration, 'certificates'>): Record<string, GeneratedCertificate> {
  return Object.fromEntries(
    Object.entries(certificates).flatMap(([name, { generate }]) => (generate ? [[name, generate]] : [])),
  )
}

/**
 * Everything of an application that is rotated, by name: its client secrets, and the certificates that are made here. A
 * rule sees to it that no certificate has the name of a secret.
 */
export function rotatedCredentials(
  app: Pick<AppDeclaration, 'secrets' | 'certificates'>,
): Record<string, RotatedCredential> {
  const certificates = mapValues(
    generatedCertificates(app),
    (each): RotatedCredential => ({ ...each, kind: 'certificate' }),
  )
  return { ...certificates, ...app.secrets }
}
