import { suggest } from '../../lib/nearest.ts'
import { wildcard } from '../../lib/wildcard.ts'
import { CommandError } from '../lib/errors.ts'
import { INVENTORY_RULES } from './judge.ts'
import type { Entry, Finding, InventoryReport } from './report.ts'

/** What is known of a registration. */
interface Known {
  readonly entry: Entry
  /** Those that nobody suppressed. */
  readonly findings: readonly Finding[]
  /** Number of its wave; absent when none was planned for it. */
  readonly wave: number | undefined
}

type TextsOf = (known: Known) => readonly string[]

/** What a condition can be about: it holds when one of these texts is the wanted one. */
const SUBJECTS: Readonly<Record<string, TextsOf>> = {
  name: ({ entry }) => [entry.displayName],
  owner: ({ entry }) => entry.owners.flatMap(({ id, name }) => [id, name ?? []].flat()),
  rule: ({ findings }) => findings.flatMap(({ ruleId, rule }) => [ruleId, rule]),
  wave: ({ wave }) => (wave === undefined ? [] : [String(wave)]),
}

/** One condition of a selection. */
export interface Condition {
  /** As it was written. */
  readonly text: string
  readonly holds: (known: Known) => boolean
}

/**
 * Reads `name=…`, `owner=…`, `rule=…` or `wave=…`; `*` stands for any characters and `?` for one, letters of either case are the same.
 *
 * @throws CommandError BAD_OPTIONS
 */
export function parseCondition(text: string): Condition {
  const [, subject = '', wanted = ''] = /^(\w+)=(.+)$/s.exec(text) ?? []
  const textsOf = Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject] : undefined
  if (!textsOf) {
    const subjects = Object.keys(SUBJECTS).map((each) => `${each}=…`)
    throw bad(`--match: "${text}" is not a condition; write ${subjects.join(', ')}.`)
  }
  const expression = wildcard(wanted, { flags: 'i' })
  const rules = INVENTORY_RULES.flatMap(({ id, name }) => [id, name])
  if (subject === 'rule' && !rules.some((each) => expression.test(each))) {
    throw bad(
      `--match: there is no rule "${wanted}". To fix it: ${suggest(wanted, rules, 'write the id that the finding shows')}.`,
    )
  }
  return { text, holds: (known) => textsOf(known).some((each) => expression.test(each)) }
}

/**
 * Registrations that no stack manages and for which every condition holds, in the order of the inventory. Suppressed
 * findings do not count.
 *
 * @throws CommandError NO_SUCH_REGISTRATION when there is none
 */
export function selectUnmanaged(report: InventoryReport, conditions: readonly Condition[]): Entry[] {
  const open = report.findings.filter(({ suppressed }) => suppressed === undefined)
  const findings = Map.groupBy(open, ({ appId }) => appId)
  const waves = new Map(
    report.waves?.flatMap(({ wave, applications }) =>
      applications.map(({ appId }) => [appId, wave] as const),
    ),
  )
  const registrations = report.entries.filter(({ kind }) => kind === 'application')
  const unmanaged = registrations.filter(({ managedBy }) => managedBy === undefined)
  const selected = unmanaged.filter((entry) =>
    conditions.every(({ holds }) =>
      holds({ entry, findings: findings.get(entry.appId) ?? [], wave: waves.get(entry.appId) }),
    ),
  )
  if (selected.length > 0) return selected
  const wanted = conditions.map(({ text }) => text).join(' and ')
  throw new CommandError(
    'NO_SUCH_REGISTRATION',
    `The inventory of ${report.at} has ${registrations.length} registrations, of which no stack manages ${unmanaged.length}, and none of these matches ${wanted}.`,
  )
}

function bad(message: string): CommandError {
  return new CommandError('BAD_OPTIONS', message)
}
