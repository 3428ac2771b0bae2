import { days } from '../../lib/duration.ts'
import { plural } from '../../lib/plural.ts'
import type { LastProof } from '../proof/last-proofs.ts'
import type { CredentialReport, ReportedCredential } from './credentials.ts'
import { laterThanProof, type Proved } from './proofs.ts'
import type { RetiringApp } from './retirements.ts'
import type { UnrotatedCredential } from './unrotated.ts'

/** The columns of the credentials in every form of the report, in order. */
const COLUMNS = [
  'credential',
  'phase',
  'age',
  'ends',
  'proved',
  'last used',
  'delivered to',
  'attention',
] as const

type Words = Readonly<Record<(typeof COLUMNS)[number], string>>

/** A table of the report in words. */
export interface ReportTable {
  readonly title: string
  /** The last one says what somebody should do. */
  readonly head: readonly string[]
  readonly rows: readonly Row[]
}

/** A line of a table, and how much somebody should look at it. */
export interface Row {
  readonly cells: readonly string[]
  readonly level: 'failing' | 'attention' | 'fine'
}

/** The credentials that exist in the tenant, the applications once they were verified, and those at their end. */
export function tablesOf(report: CredentialReport): ReportTable[] {
  const others = [
    { title: 'Applications', head: APPLICATION_COLUMNS, rows: applicationRows(report) },
    { title: 'Applications at their end', head: RETIREMENT_COLUMNS, rows: retiringRows(report) },
  ]
  return [
    { title: 'Live credentials', head: COLUMNS, rows: credentialRows(report) },
    ...others.filter(({ rows }) => rows.length > 0),
  ]
}

function credentialRows(report: CredentialReport): Row[] {
  const live = report.credentials.filter(({ phase }) => phase !== 'retired')
  const cells = (words: Words) => COLUMNS.map((column) => words[column])
  return [
    ...live.map((each) => ({ cells: cells(wordsOf(each, report)), level: levelOf(each) })),
    ...report.unrotated.map((each) => ({
      cells: cells(wordsOfUnrotated(each, report)),
      level: levelOf(each),
    })),
  ]
}

const APPLICATION_COLUMNS = ['application', 'client id', 'proved', 'attention'] as const

const RETIREMENT_COLUMNS = ['application', 'sign-in disabled', 'deletion', 'last used', 'next'] as const

function retiringRows({ retirements, at }: CredentialReport): Row[] {
  return retirements.map((each) => ({
    cells: [
      each.app,
      each.phase === 'disabled' ? day(each.since) : '–',
      deletionOf(each, Date.parse(at)),
      lastUseOf(each),
      each.next ?? '',
    ],
    level: each.due ? 'attention' : 'fine',
  }))
}

function deletionOf({ since, deleteFrom, restorableUntil, due }: RetiringApp, now: number): string {
  if (restorableUntil !== undefined) return `${day(since)}, restorable until ${day(restorableUntil)}`
  if (deleteFrom === undefined) return '–'
  return due ? `${day(deleteFrom)}, due` : `${day(deleteFrom)}, in ${days(Date.parse(deleteFrom) - now)}`
}

function lastUseOf({ phase, uses }: RetiringApp): string {
  if (phase === 'deleted') return '–'
  if (!uses) return 'not reported'
  const [latest] = uses
  return latest ? `${day(latest.at)}: ${latest.what}` : 'never'
}

function wordsOf(each: ReportedCredential, report: CredentialReport): Words {
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

/** Applications and identities in words; none where nobody has run `verify`. */
function applicationRows({ applications }: CredentialReport): Row[] {
  if (applications.every(({ lastVerified }) => lastVerified === undefined)) return []
  return applications.map((each) => ({
    cells: [each.app, each.clientId, wordsOfProof(each), each.attention ?? ''],
    level: each.attention === undefined ? 'fine' : 'attention',
  }))
}

const RESULTS: Readonly<Record<LastProof['verdict'], string>> = {
  proved: 'proved',
  wrong: 'wrong',
  notReady: 'not ready',
  couldNotRun: 'not asked',
}

/** When it was last proved; before that what has been found since. */
function wordsOfProof(proved: Proved): string {
  const unproved = laterThanProof(proved)
  const last = proved.provedAt && day(proved.provedAt)
  if (!unproved) return last ?? '–'
  const said = `${RESULTS[unproved.verdict]} on ${day(unproved.at)}`
  return last === undefined ? said : `${said}, proved on ${last}`
}

const PHASES: Readonly<Record<string, string>> = { federated: 'federated', signing: 'SAML signing' }

function wordsOfUnrotated(each: UnrotatedCredential, report: CredentialReport): Words {
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
  const [live, retiring] = [credentialRows(report), retiringRows(report)]
  const attention = [...live, ...retiring].filter(({ level }) => level !== 'fine').length
  const unproved = report.applications.filter((each) => each.attention !== undefined).length
  const atTheirEnd = `${plural(retiring.length, 'application')} at ${retiring.length === 1 ? 'its' : 'their'} end`
  const said = [
    plural(live.length, 'live credential'),
    ...(retiring.length > 0 ? [atTheirEnd] : []),
    ...(attention > 0 ? [`${attention} to look at`] : []),
    ...(unproved > 0 ? [`${plural(unproved, 'application')} not proved`] : []),
    ...(attention + unproved === 0 ? ['no findings'] : []),
  ].join(', ')
  return `${said}${report.usageReported ? '' : USAGE_UNKNOWN}.`
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
