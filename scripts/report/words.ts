import { days } from '../../infra/rotation-policy.ts'
import type { CredentialReport, ReportedCredential } from './credentials.ts'

/** The columns of every form of the report, in order. */
export const COLUMNS = [
  'credential',
  'phase',
  'age',
  'ends',
  'proved',
  'last used',
  'delivered to',
  'attention',
] as const

/** One live credential in words, by column. */
export function wordsOf(
  each: ReportedCredential,
  report: CredentialReport,
): Record<(typeof COLUMNS)[number], string> {
  const now = Date.parse(report.at)
  const left = Date.parse(each.endDate) - now
  const retire = each.phase === 'previous' && each.retireAfter ? ` (until ${day(each.retireAfter)})` : ''
  return {
    credential: `${each.app}/${each.secret} g${each.generation}`,
    phase: `${each.phase}${retire}`,
    age: days(Math.max(0, now - Date.parse(each.issuedAt))),
    ends: left > 0 ? `${day(each.endDate)}, in ${days(left)}` : `${day(each.endDate)}, expired`,
    proved: each.provedAt ? day(each.provedAt) : '–',
    'last used': lastUse(each, report),
    'delivered to': each.deliveries.map(({ target }) => target).join(', ') || '–',
    attention: each.failing ? 'it ends too soon' : (each.attention ?? ''),
  }
}

/** The credentials that exist in the tenant: what a table shows. */
export function liveOf({ credentials }: CredentialReport): ReportedCredential[] {
  return credentials.filter(({ phase }) => phase !== 'retired')
}

/** The result in one sentence. */
export function summaryOf(report: CredentialReport): string {
  const live = liveOf(report)
  const counted = `${live.length} live ${live.length === 1 ? 'credential' : 'credentials'}`
  const attention = live.filter((each) => each.attention !== undefined || each.failing).length
  const usage = report.usageReported ? '' : '; the tenant does not report when they were last used'
  if (attention === 0) return `${counted}, nothing to look at${usage}.`
  return `${counted}, ${attention} to look at${usage}.`
}

/** The date of an instant, in UTC. */
export function day(instant: string): string {
  return instant.slice(0, 10)
}

function lastUse({ lastUsedAt }: ReportedCredential, { usageReported }: CredentialReport): string {
  if (!usageReported) return 'not reported'
  return lastUsedAt ? day(lastUsedAt) : 'never'
}
