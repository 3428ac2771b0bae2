import type { AppDeclaration } from './declaration.ts'
import { targetId } from './delivery-declaration.ts'
import { parseDuration } from './duration.ts'
import type { Generation } from './generation.ts'
import type { Problem } from './problems.ts'
import { mapValues } from './records.ts'
import { type RotatedCredential, rotatedCredentials } from './rotated-credentials.ts'

const DAY = 86_400_000

/** How a secret or certificate is rotated, with every default filled in. Durations are milliseconds. */
export interface SecretPolicy {
  /** Left out for a client secret. */
  readonly kind?: NonNullable<Generation['kind']>
  /** How long a newly issued generation is valid. */
  readonly lifetime: number
  /** Age of the current generation at which the next one is due. */
  readonly rotateEvery: number
  /** How long a generation stays valid after its successor took over: longer than any consumer goes without re-reading. */
  readonly overlap: number
  /** Overlap after a leak: never longer than a day. */
  readonly revokeOverlap: number
  /** A plain `pulumi up` issues, promotes and retires by itself. */
  readonly rotateWhenDue: boolean
  /** Generations that may be live at once. */
  readonly maxLive: number
  /** Ids of the places where consumers read it; nothing older is deleted before all of them hold the current one. */
  readonly targets: readonly string[]
}

/** Policies by application and name of the credential. */
export type Policies = Readonly<Record<string, Readonly<Record<string, SecretPolicy>>>>

type Durations = Pick<RotatedCredential, 'lifetime' | 'rotateEvery' | 'overlap'>

/** Audiences with personal accounts; for them an application holds two client secrets at most. */
const PERSONAL_AUDIENCES: ReadonlySet<AppDeclaration['signInAudience']> = new Set([
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
])

/** "Validation differences by supported account types": client secrets per application with personal accounts. */
const PERSONAL_SECRET_LIMIT = 2

/**
 * Entra has no fixed limit for work accounts; this one is ours: current, previous and issued, and room for one more
 * rotation that cannot wait. More would mean that nobody retires.
 */
const WORK_LIVE_LIMIT = 4

/** The policy of one declared secret or certificate. */
export function policyOf(
  app: Pick<AppDeclaration, 'signInAudience'>,
  credential: RotatedCredential,
): SecretPolicy {
  const { lifetime, rotateEvery, overlap } = durationsOf(credential)
  const { kind, rotateWhenDue, deliver } = credential
  const isLimited = kind === undefined && isPersonal(app)
  return {
    ...(kind && { kind }),
    lifetime,
    rotateEvery,
    overlap,
    revokeOverlap: Math.min(overlap, DAY),
    rotateWhenDue,
    maxLive: isLimited ? PERSONAL_SECRET_LIMIT : WORK_LIVE_LIMIT,
    targets: deliver.map(targetId),
  }
}

/** The policies of every credential that is rotated, by application and name. */
export function policiesOf(apps: Readonly<Record<string, AppDeclaration>>): Policies {
  return mapValues(apps, (app) => mapValues(rotatedCredentials(app), (each) => policyOf(app, each)))
}

/** Defaults: rotated at half of the lifetime, with a week of overlap, or half of the interval where that is shorter. */
function durationsOf(secret: Durations): Pick<SecretPolicy, 'lifetime' | 'rotateEvery' | 'overlap'> {
  const lifetime = parseDuration(secret.lifetime)
  const rotateEvery = secret.rotateEvery ? parseDuration(secret.rotateEvery) : lifetime / 2
  const overlap = secret.overlap ? parseDuration(secret.overlap) : Math.min(7 * DAY, rotateEvery / 2)
  return { lifetime, rotateEvery, overlap }
}

/** Checks the durations of one credential against each other; call it with durations that parse. */
export function checkDurations(secret: Durations): Problem[] {
  const { lifetime, rotateEvery, overlap } = durationsOf(secret)
  if (overlap >= rotateEvery) {
    return [
      {
        path: ['overlap'],
        message: `the overlap (${days(overlap)}) is not shorter than the rotation interval (${days(rotateEvery)}), so generations would pile up`,
        mend: 'shorten overlap or lengthen rotateEvery',
      },
    ]
  }
  if (rotateEvery + overlap > lifetime) {
    return [
      {
        path: [secret.rotateEvery ? 'rotateEvery' : 'overlap'],
        message: `a credential rotated after ${days(rotateEvery)} that overlaps for ${days(overlap)} needs more than its lifetime (${days(lifetime)})`,
        mend: 'make lifetime at least rotateEvery plus overlap; twice rotateEvery leaves room for late runs',
      },
    ]
  }
  return []
}

/** Checks the secrets of one application together: what the audience allows, and who may deliver. */
export function checkSecrets(app: Pick<AppDeclaration, 'signInAudience' | 'secrets'>): Problem[] {
  const names = Object.keys(app.secrets)
  if (!isPersonal(app) || names.length < PERSONAL_SECRET_LIMIT) return []
  return [
    {
      path: ['secrets', names[1] ?? ''],
      message: `with ${app.signInAudience} an application holds ${PERSONAL_SECRET_LIMIT} client secrets at most, and rotation needs one of them free`,
      mend: 'declare one secret and let its consumers share it, or register a second application',
    },
  ]
}

function isPersonal(app: Pick<AppDeclaration, 'signInAudience'>): boolean {
  return PERSONAL_AUDIENCES.has(app.signInAudience)
}

/** A duration for people: `90 days`, `12 hours`. */
export function days(ms: number): string {
  const [value, unit] = ms >= 2 * DAY || ms === DAY ? [ms / DAY, 'day'] : [ms / 3_600_000, 'hour']
  const rounded = Math.round(value * 10) / 10
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}
