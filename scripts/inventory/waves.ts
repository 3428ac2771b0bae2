import type { Credential, Entry, Finding, Wave, WaveApplication, WaveReason } from './report.ts'
import { type JudgeContext, REGISTERED } from './rule.ts'

/** Why applications are in a wave, in the order of the waves. */
export const WAVE_REASONS: Readonly<Record<WaveReason, string>> = {
  unused: 'nothing uses these credentials: remove them',
  expiring: 'a credential expires soon',
  risky: 'the application has a finding of high severity',
  plain: 'nothing else is known of them',
  dependedOn: 'other applications have permissions of its API: agree on a time with their owners',
}
const ORDER = Object.keys(WAVE_REASONS) as WaveReason[]

export interface WaveContext extends JudgeContext {
  /** Most applications in a wave. */
  readonly size: number
}

/**
 * In which order the credentials that no stack issued are replaced or removed: what is safe first, then what is urgent, what
 * others depend on last. Pure.
 */
export function planWaves(
  entries: readonly Entry[],
  findings: readonly Finding[],
  context: WaveContext,
): Wave[] {
  const risky = new Set(
    findings.filter((each) => each.severity === 'high' && each.suppressed === undefined).map(appIdOf),
  )
  const dependents = dependentsOf(entries)
  const planned = entries
    .filter(({ kind, credentials }) => REGISTERED.includes(kind) && credentials.some(isForeign))
    .map((entry) => {
      const application = toWaveApplication(entry, dependents.get(entry.appId)?.size ?? 0, context)
      return { application, reason: reasonFor(application, risky, context) }
    })
    .sort((a, b) => compare(endOf(a.application), endOf(b.application)) || compare(nameOf(a), nameOf(b)))
  const waves = ORDER.flatMap((reason) => {
    const applications = planned.filter((each) => each.reason === reason).map((each) => each.application)
    return chunks(applications, context.size).map((part) => ({ reason, applications: part }))
  })
  return waves.map((wave, i) => ({ wave: i + 1, ...wave }))
}

function isForeign({ type, managedBy }: Credential): boolean {
  return type !== 'samlSigning' && managedBy === undefined
}

/** Applications that have consent to permissions of an API, by the app id of the API. */
function dependentsOf(entries: readonly Entry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const dependents = new Map<string, Set<string>>()
  for (const { appId, permissions } of entries) {
    for (const { apiAppId, granted } of permissions) {
      if (!granted || apiAppId === appId) continue
      const known = dependents.get(apiAppId) ?? new Set()
      dependents.set(apiAppId, known.add(appId))
    }
  }
  return dependents
}

function toWaveApplication(entry: Entry, dependents: number, context: WaveContext): WaveApplication {
  const { appId, displayName, managedBy } = entry
  return {
    appId,
    displayName,
    ...(managedBy !== undefined && { managedBy }),
    owners: [...new Set(entry.owners.map(({ name, id }) => name ?? id))],
    dependents,
    credentials: entry.credentials.filter(isForeign).map((each) => ({
      ...each,
      action: isUnused(each, context) ? 'remove' : 'replace',
    })),
  }
}

/** Expired, or without use for long where the tenant reports use. */
function isUnused({ endsAt, lastUsedAt, startsAt }: Credential, context: WaveContext): boolean {
  const now = context.now.getTime()
  if (Date.parse(endsAt ?? '') <= now) return true
  const since = Date.parse(lastUsedAt ?? startsAt ?? '')
  return !context.missing.has('credentialUse') && now - since > context.unusedAfter
}

function reasonFor(
  application: WaveApplication,
  risky: ReadonlySet<string>,
  { now, expiringWithin }: WaveContext,
): WaveReason {
  const end = endOf(application)
  if (application.credentials.every(({ action }) => action === 'remove')) return 'unused'
  if (Date.parse(end) <= now.getTime() + expiringWithin) return 'expiring'
  if (risky.has(application.appId)) return 'risky'
  return application.dependents > 0 ? 'dependedOn' : 'plain'
}

/** When the first credential that is to be replaced expires; far away for none. */
function endOf({ credentials }: WaveApplication): string {
  const ends = credentials.flatMap(({ action, endsAt }) => (action === 'replace' ? (endsAt ?? []) : []))
  return ends.sort()[0] ?? '9999'
}

function appIdOf({ appId }: Finding): string {
  return appId
}

function nameOf({ application }: { readonly application: WaveApplication }): string {
  return application.displayName
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
