import { days } from '../../lib/duration.ts'
import type { Credential, Entry } from './report.ts'
import { GRANTED, type InventoryRule, type JudgeContext, quoted, REGISTERED } from './rule.ts'

/** A rotation has two for a while: the next one and the one before. */
const LIVE_SECRETS = 2

const CREDENTIALS = 'Security best practices for application properties in Microsoft Entra ID'

/** Rules about secrets and certificates. */
export const credentialRules: readonly InventoryRule[] = [
  {
    id: 'EI101',
    name: 'credential-expired',
    severity: 'low',
    summary: 'Credentials that have expired are removed.',
    fix: 'remove it; where the application is still in use, make sure that it has another',
    source: CREDENTIALS,
    kinds: REGISTERED,
    check: (entry, { now }) =>
      withEnd(own(entry))
        .filter(({ end }) => end <= now.getTime())
        .map(({ credential }) => `${nameOf(credential)} expired at ${credential.endsAt}`),
  },
  {
    id: 'EI102',
    name: 'credential-expires-soon',
    severity: 'medium',
    summary: 'No credential expires soon (`--expiring-within`, 30 days).',
    fix: 'replace it before, and adopt the application so that it is rotated (`entra-apps adopt`)',
    source: CREDENTIALS,
    kinds: REGISTERED,
    check: (entry, { now, expiringWithin }) =>
      withEnd(own(entry))
        .filter(({ end }) => end > now.getTime() && end <= now.getTime() + expiringWithin)
        .map(({ credential }) => `${nameOf(credential)} expires at ${credential.endsAt}`),
  },
  {
    id: 'EI103',
    name: 'several-secrets',
    severity: 'low',
    summary: `An application has at most ${LIVE_SECRETS} live secrets, as a rotation needs.`,
    fix: 'find out which are in use, and remove the others',
    source: CREDENTIALS,
    kinds: REGISTERED,
    check: (entry, context) => {
      const live = own(entry).filter((each) => each.type === 'secret' && isLive(each, context))
      return live.length > LIVE_SECRETS ? [`${live.length} secrets are live`] : []
    },
  },
  {
    id: 'EI104',
    name: 'secret-lifetime',
    severity: 'medium',
    summary: 'No live secret has a lifetime above the limit (`--max-lifetime`, 366 days).',
    fix: 'replace it by one that lives shorter, or by a federated credential',
    source: 'Add and manage app credentials in Microsoft Entra ID',
    kinds: REGISTERED,
    check: (entry, context) =>
      own(entry).flatMap((each) => {
        const lifetime = Date.parse(each.endsAt ?? '') - Date.parse(each.startsAt ?? '')
        if (each.type !== 'secret' || !isLive(each, context) || !(lifetime > context.maxLifetime)) return []
        return `${nameOf(each)} has a lifetime of ${days(lifetime)}, the limit is ${days(context.maxLifetime)}`
      }),
  },
  {
    id: 'EI105',
    name: 'credential-on-service-principal',
    severity: 'high',
    summary: 'No service principal has credentials of its own, which the portal does not show.',
    fix: 'find out who made it, remove it, and put a credential on the registration instead',
    source: 'Application and service principal objects in Microsoft Entra ID',
    // Azure itself keeps the certificates of managed identities there.
    kinds: ['application', 'elsewhere', 'microsoft'],
    check: ({ credentials }, context) =>
      credentials
        .filter((each) => each.on === 'servicePrincipal' && each.type !== 'samlSigning')
        .filter((each) => isLive(each, context))
        .map((each) => `${nameOf(each)} is on the service principal itself`),
  },
  {
    id: 'EI106',
    name: 'credential-unused',
    severity: 'medium',
    summary: 'Every live credential was used lately (`--unused-after`, 90 days).',
    fix: 'remove it, after a look at the sign-in logs',
    source: 'Remove unused credentials from apps',
    kinds: GRANTED.filter((kind) => kind !== 'managedIdentity'),
    needs: ['credentialUse'],
    check: ({ credentials }, context) =>
      credentials
        .filter((each) => each.type !== 'samlSigning' && isLive(each, context))
        .flatMap((each) => unused(each, context)),
  },
]

function unused(credential: Credential, { now, unusedAfter }: JudgeContext): string[] {
  const since = Date.parse(credential.lastUsedAt ?? credential.startsAt ?? '')
  if (!(now.getTime() - since > unusedAfter)) return []
  const last = credential.lastUsedAt
  const used = last === undefined ? 'no use of it is reported' : `it was last used at ${last}`
  return [`${nameOf(credential)} is not in use: ${used}`]
}

/** The credentials on the registration. */
function own({ credentials }: Entry): readonly Credential[] {
  return credentials.filter(({ on }) => on === 'application')
}

/** Credentials with a readable end, in milliseconds since 1970. */
function withEnd(credentials: readonly Credential[]) {
  return credentials
    .map((credential) => ({ credential, end: Date.parse(credential.endsAt ?? '') }))
    .filter(({ end }) => !Number.isNaN(end))
}

/** Whether it can be used, now or later. */
function isLive({ endsAt }: Credential, { now }: JudgeContext): boolean {
  return !(Date.parse(endsAt ?? '') <= now.getTime())
}

function nameOf({ type, displayName, keyId }: Credential): string {
  const kind = type === 'samlSigning' ? 'SAML signing certificate' : type
  return `${kind} ${displayName === undefined ? keyId : quoted(displayName)}`
}
