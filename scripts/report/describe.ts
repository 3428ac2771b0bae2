import { days } from '../../lib/duration.ts'
import type { CredentialReport, ReportedCredential } from './credentials.ts'
import { wordsOfProof } from './proofs.ts'
import type { UnrotatedCredential } from './unrotated.ts'

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

/** A credential in words, and how much somebody should look at it. */
export interface Row {
  readonly words: Readonly<Record<(typeof COLUMNS)[number], string>>
  readonly level: 'failing' | 'attention' | 'fine'
}

/** The credentials that exist in the tenant: what a table shows. */
export function rowsOf(report: CredentialReport): Row[] {
  const live = report.credentials.filter(({ phase }) => phase !== 'retired')
  return [
    ...live.map((each) => ({ words: wordsOf(each, report), level: levelOf(each) })),
    ...report.unrotated.map((each) => ({ words: wordsOfUnrotated(each, report), level: levelOf(each) })),
  ]
}

function wordsOf(each: ReportedCredential, report: CredentialReport): Row['words'] {
  const now = Date.parse(report.at)
  const retire = each.phase === 'previous' && each.retireAfter ? ` (until ${day(each.retireAfter)})` : ''
  return {
    credential: `${each.app}/${each.secret} g${each.generation}`,
    phase: `${each.phase}${retire}`,
    age: days(Math.max(0, now - Date.parse(each.issuedAt))),
    ends: endOf(each.endDate, now),
    proved: wordsOfProof(each),
    'last used': lastUse(each, report),
    'delivered to': each.deliveries.map(({ target }) => target).join(', ') || '–',
    attention: attentionOf(each),
  }
}

/** The columns of what is proved of whole applications. */
export const APPLICATION_COLUMNS = ['application', 'client id', 'proved', 'attention'] as const

/** Applications and identities in words; none where nobody has run `verify`. */
export function applicationRowsOf({ applications }: CredentialReport): string[][] {
  if (applications.every(({ lastVerified }) => lastVerified === undefined)) return []
  return applications.map((each) => [each.app, each.clientId, wordsOfProof(each), each.attention ?? ''])
}

const PHASES: Readonly<Record<string, string>> = { federated: 'federated', signing: 'SAML signing' }

function wordsOfUnrotated(each: UnrotatedCredential, report: CredentialReport): Row['words'] {
  const isFederated = each.kind === 'federated'
  const isForeign = each.foreign === true
  return {
    credential: `${each.app}/${each.name}`,
    phase: isForeign ? `foreign ${each.kind}` : (PHASES[each.kind] ?? 'given certificate'),
    age: '–',
    ends: each.endDate ? endOf(each.endDate, Date.parse(report.at)) : '–',
    proved: wordsOfProof(each),
    // The tenant's report is by key id, which a federated credential has none of.
    'last used': isFederated ? '–' : lastUse(each, report),
    'delivered to': '–',
    attention: attentionOf(each),
  }
}

const USAGE_UNKNOWN =
  '; when they were last used is not known: AuditLog.Read.All is needed, and Microsoft Entra ID P1 or P2'

/** The result in one sentence. */
export function summaryOf(report: CredentialReport): string {
  const rows = rowsOf(report)
  const counted = `${rows.length} live ${rows.length === 1 ? 'credential' : 'credentials'}`
  const attention = rows.filter(({ level }) => level !== 'fine').length
  const unproved = report.applications.filter((each) => each.attention !== undefined).length
  const usage = report.usageReported ? '' : USAGE_UNKNOWN
  const proof =
    unproved === 0 ? '' : `, ${unproved} ${unproved === 1 ? 'application' : 'applications'} not proved`
  const found = attention + unproved === 0 ? 'no findings' : `${attention} to look at`
  return `${counted}, ${found}${proof}${usage}.`
}

type Judged = Pick<ReportedCredential, 'failing' | 'attention'>

function levelOf({ failing, attention }: Judged): Row['level'] {
  if (failing) return 'failing'
  return attention === undefined ? 'fine' : 'attention'
}

function attentionOf({ failing, attention, gone }: Judged & { readonly gone?: true }): string {
  return failing && !gone ? 'it ends too soon' : (attention ?? '')
}

function endOf(endDate: string, now: number): string {
  const left = Date.parse(endDate) - now
  return left > 0 ? `${day(endDate)}, in ${days(left)}` : `${day(endDate)}, expired`
}

/** The date of an instant, in UTC. */
export function day(instant: string): string {
  return instant.slice(0, 10)
}

function lastUse(
  { lastUsedAt }: Pick<ReportedCredential, 'lastUsedAt'>,
  { usageReported }: CredentialReport,
): string {
  if (!usageReported) return 'not reported'
  return lastUsedAt ? day(lastUsedAt) : 'never'
}
