import { z } from 'zod'
import type { Problem } from '../declaration/problems.ts'
import { entryName } from '../declaration/schema/names.ts'
import { type AppDeclaration, appDeclaration } from '../declaration/schema.ts'
import { parseEntries, parseEntry } from './parse-entries.ts'
import { judge } from './registry.ts'
import type { Finding, RuleContext } from './rule.ts'

/** The value with every default filled in, or every mistake found; warnings come with either. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly problems: readonly Finding[]; readonly warnings: readonly Finding[] }

/** What rules may know beside the declaration. */
export interface ReadingOptions {
  /** Default: now. */
  readonly now?: Date
  /** Default: the public one. */
  readonly cloud?: RuleContext['cloud']
  /** Reads files that the declaration names. Default: none are there. */
  readonly read?: RuleContext['read']
  /** Holds the passphrases that the declaration names variables for. Default: none are set. */
  readonly env?: RuleContext['env']
  /** Published permission names. Default: names are not checked here. */
  readonly catalogue?: RuleContext['catalogue']
  /** Whether the stack declares identities, so that it need not declare an application. Default: no. */
  readonly hasIdentities?: boolean
}

/** A declaration whose form is checked. */
export interface ParsedDeclaration {
  /** What can be read of each application, with every default filled in. */
  readonly apps: Record<string, AppDeclaration>
  /** Mistakes of form; paths start at the application's name. */
  readonly shape: readonly Finding[]
  /** The path as it is written, of a path in {@link apps}. */
  readonly pathAsWritten: (path: Problem['path']) => Problem['path']
}

/** The form of the whole; that of each application is checked by itself. */
const appsOrNone = z.record(entryName, z.unknown())

const appsByName = appsOrNone.refine((apps) => Object.keys(apps).length > 0, 'no application is declared')

/**
 * Checks the value of the config key `apps`: its form, then every rule.
 *
 * Needs no tenant: permission names are checked later, against the tenant's own service principals. An application
 * whose form is wrong in one place is judged by the rules in all others, so that a file is corrected in one pass.
 */
export function readDeclaration(
  value: unknown,
  options: ReadingOptions = {},
): Checked<Record<string, AppDeclaration>> {
  const parsed = parseDeclaration(value, options.hasIdentities)
  const findings = judgeDeclaration(parsed, options)
  return outcome(parsed.apps, findings)
}

/**
 * Checks the form of the value of the config key `apps`.
 *
 * @param mayBeEmpty because the stack declares identities; default false
 */
export function parseDeclaration(value: unknown, mayBeEmpty = false): ParsedDeclaration {
  const whole = mayBeEmpty ? appsOrNone : appsByName
  const { entries, ...parsed } = parseEntries(value ?? (mayBeEmpty ? {} : value), {
    whole,
    entry: appDeclaration,
  })
  return { ...parsed, apps: entries }
}

/**
 * Judges every application by every rule.
 *
 * @returns findings of form and of rules, application by application, with paths from the config key down
 */
export function judgeDeclaration(
  { apps, shape, pathAsWritten }: ParsedDeclaration,
  options: ReadingOptions = {},
): readonly Finding[] {
  const incomplete = new Set(shape.map(({ path }) => String(path[0])))
  const judged = Object.entries(apps).flatMap(([name, app]) =>
    judge(app, { ...contextOf(name, apps, options), incomplete }).map((finding) => {
      const { path } = under([name], finding)
      return { ...finding, path: pathAsWritten(path) }
    }),
  )
  return groupByApp([...shape, ...judged]).map((finding) => under(['apps'], finding))
}

function groupByApp(findings: readonly Finding[]): Finding[] {
  return [...Map.groupBy(findings, ({ path }) => path[0]).values()].flat()
}

/**
 * Checks one application, for programs that use the component without stack config.
 *
 * @param apps the whole stack, already checked; default: this application alone
 */
export function readAppDeclaration(
  name: string,
  value: unknown,
  options: ReadingOptions = {},
  apps: Readonly<Record<string, AppDeclaration>> = {},
): Checked<AppDeclaration> {
  const { value: app, shape, pathAsWritten } = parseEntry(value, appDeclaration)
  if (!app) return outcome<AppDeclaration>(undefined, shape)
  const context = contextOf(name, { ...apps, [name]: app }, options)
  const judged = judge(app, { ...context, incomplete: new Set(shape.length > 0 ? [name] : []) })
  return outcome(app, [
    ...shape,
    ...judged.map((finding) => ({ ...finding, path: pathAsWritten(finding.path) })),
  ])
}

/** What rules may know beside the application with that name. */
export function contextOf(name: string, apps: RuleContext['apps'], options: ReadingOptions): RuleContext {
  const { now = new Date(), cloud = 'public', read = () => undefined, env = {} } = options
  const { catalogue = new Map() } = options
  return { name, apps, now, cloud, read, env, catalogue }
}

/** The value, unless there is a mistake in it. */
export function outcome<T>(value: T | undefined, findings: readonly Finding[]): Checked<T> {
  const problems = findings.filter(({ severity }) => severity === 'error')
  const warnings = findings.filter(({ severity }) => severity === 'warning')
  if (value === undefined || problems.length > 0) return { ok: false, problems, warnings }
  return { ok: true, value, warnings }
}

function under(root: Problem['path'], finding: Finding): Finding {
  return { ...finding, path: [...root, ...finding.path] }
}
