import type { z } from 'zod'
import { parsePartially } from '../declaration/parse-partially.ts'
import type { Problem } from '../declaration/problems.ts'
import { type AppDeclaration, appDeclaration, declaration } from '../declaration/schema.ts'
import { shapeProblems } from '../declaration/shape-problems.ts'
import { judge, shapeFinding } from './registry.ts'
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
}

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
  const parsed = declaration.safeParse(value, { reportInput: true })
  const apps = parsed.success ? parsed.data : parseAppsPartially(value)
  const shape = parsed.success ? [] : toFindings(parsed.error, declaration)
  const misshapen = new Set(shape.map(({ path }) => path[0]))
  const judged = Object.entries(apps).flatMap(([name, app]) => {
    const findings = judge(app, contextOf(name, apps, options)).map((finding) => under([name], finding))
    // What a half-readable application lacks may only seem to be missing, so its warnings wait for its form.
    return misshapen.has(name) ? findings.filter(({ severity }) => severity === 'error') : findings
  })
  const findings = groupByApp([...shape, ...judged]).map((finding) => under(['apps'], finding))
  return outcome(parsed.success ? parsed.data : undefined, findings)
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
  const parsed = appDeclaration.safeParse(value, { reportInput: true })
  if (!parsed.success) return outcome<AppDeclaration>(undefined, toFindings(parsed.error, appDeclaration))
  const context = contextOf(name, { ...apps, [name]: parsed.data }, options)
  return outcome(parsed.data, judge(parsed.data, context))
}

function contextOf(name: string, apps: RuleContext['apps'], options: ReadingOptions): RuleContext {
  const { now = new Date(), cloud = 'public', read = () => undefined, env = {} } = options
  const { catalogue = new Map() } = options
  return { name, apps, now, cloud, read, env, catalogue }
}

function outcome<T>(value: T | undefined, findings: readonly Finding[]): Checked<T> {
  const problems = findings.filter(({ severity }) => severity === 'error')
  const warnings = findings.filter(({ severity }) => severity === 'warning')
  if (value === undefined || problems.length > 0) return { ok: false, problems, warnings }
  return { ok: true, value, warnings }
}

function parseAppsPartially(value: unknown): Record<string, AppDeclaration> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, app]) => {
      const saved = parsePartially(appDeclaration, app)
      return saved ? [[name, saved]] : []
    }),
  )
}

function under(root: Problem['path'], finding: Finding): Finding {
  return { ...finding, path: [...root, ...finding.path] }
}

function toFindings(error: z.ZodError, schema: z.ZodType): Finding[] {
  return error.issues.flatMap((issue) => shapeProblems(issue, schema)).map(shapeFinding)
}
