import { DAY } from '../../lib/duration.ts'
import { mapValues } from '../../lib/map-values.ts'
import { includesPersonalAccounts, PERSONAL_SECRET_LIMIT } from '../../microsoft/audiences.ts'
import type { Problem } from '../declaration/problems.ts'
import { type RotatedCredential, rotatedCredentials } from '../declaration/rotated-credentials.ts'
import { durationsOf, type RotationDurations } from '../declaration/rotation-durations.ts'
import { targetId } from '../declaration/schema/delivery.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Generation } from './generation.ts'

/** How a secret or certificate is rotated, with every default filled in. Durations are milliseconds. */
export interface RotationPolicy extends RotationDurations {
  /** Left out for a client secret. */
  readonly kind?: NonNullable<Generation['kind']>
  /** Overlap after a leak: never longer than a day. */
  readonly revokeOverlap: number
  /** The application is at its end: nothing is rotated any more. */
  readonly isRetiring?: true
  /** A plain `pulumi up` issues, promotes and retires by itself. */
  readonly rotateWhenDue: boolean
  /** Generations that may be live at once. */
  readonly maxLive: number
  /** Ids of the places where consumers read it; nothing older is deleted before all of them hold the current one. */
  readonly targets: readonly string[]
}

/** Policies by application and name of the credential. */
export type Policies = Readonly<Record<string, Readonly<Record<string, RotationPolicy>>>>

/**
 * Entra has no fixed limit for work accounts; this one is ours: current, previous and issued, and room for one more
 * rotation that cannot wait. More would mean that nobody retires.
 */
const WORK_LIVE_LIMIT = 4

/** The policy of one declared secret or certificate. */
function policyOf(
  app: Pick<AppDeclaration, 'signInAudience' | 'retire'>,
  credential: RotatedCredential,
): RotationPolicy {
  const { lifetime, rotateEvery, overlap } = durationsOf(credential)
  const { kind, rotateWhenDue, deliver } = credential
  const isLimited = kind === undefined && includesPersonalAccounts(app)
  return {
    ...(kind && { kind }),
    lifetime,
    rotateEvery,
    overlap,
    revokeOverlap: Math.min(overlap, DAY),
    ...(app.retire && { isRetiring: true }),
    rotateWhenDue: rotateWhenDue && !app.retire,
    maxLive: isLimited ? PERSONAL_SECRET_LIMIT : WORK_LIVE_LIMIT,
    targets: deliver.map(targetId),
  }
}

/** The policies of every credential that is rotated, by application and name. */
export function policiesOf(
  apps: Readonly<
    Record<string, Pick<AppDeclaration, 'signInAudience' | 'secrets' | 'certificates' | 'retire'>>
  >,
): Policies {
  return mapValues(apps, (app) => mapValues(rotatedCredentials(app), (each) => policyOf(app, each)))
}

/** Checks the secrets of one application together: what the audience allows, and who may deliver. */
export function checkSecrets(app: Pick<AppDeclaration, 'signInAudience' | 'secrets'>): Problem[] {
  const names = Object.keys(app.secrets)
  if (!includesPersonalAccounts(app) || names.length < PERSONAL_SECRET_LIMIT) return []
  return [
    {
      path: ['secrets', names[1] ?? ''],
      message: `with ${app.signInAudience} an application holds ${PERSONAL_SECRET_LIMIT} client secrets at most, and rotation needs one of them free`,
      fix: 'declare one secret and let its consumers share it, or register a second application',
    },
  ]
}
