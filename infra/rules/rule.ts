import type { PublishedApi } from '../../microsoft/apis.ts'
import { includesPersonalAccounts } from '../../microsoft/audiences.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import type { Problem } from '../declaration/problems.ts'
import type { AppDeclaration } from '../declaration/schema.ts'

/** error: Entra or the provider refuses it, or it cannot work. warning: it works, and is seldom what people want. */
export type Severity = 'error' | 'warning'

/** Reads a file that a declaration names; `undefined` when it is not there. */
export interface FileReader {
  (file: string): Uint8Array | undefined
  /** The file itself, whether it is there or not, by whatever path it is named. Default: the path as it is written. */
  readonly realPath?: (file: string) => string
}

/** What a rule may know beside the application it judges. */
export interface RuleContext {
  /** Name of the application in the declaration. */
  readonly name: string
  /** Every application of the stack, the judged one included. */
  readonly apps: Readonly<Record<string, AppDeclaration>>
  readonly now: Date
  readonly cloud: Cloud
  /** Reads a file that the declaration names; `undefined` when it is not there. */
  readonly read: FileReader
  /** Holds the passphrases that the declaration names variables for. */
  readonly env: NodeJS.ProcessEnv
  /** Published permissions by the API's display name and app id; empty where the tenant itself is asked. */
  readonly catalogue: ReadonlyMap<string, PublishedApi>
  /** Applications of which something could not be read. Default: none. */
  readonly incomplete?: ReadonlySet<string>
}

/** One place where a rule is broken. */
export interface Violation {
  /** Path below the application. */
  readonly path: Problem['path']
  readonly message: string
  /** Default: the fix of the rule. */
  readonly fix?: string
  /** The value as found, where it can be shown. */
  readonly found?: string | number
}

/** One rule about a declared application. Rules are data, so that documentation, SARIF and tests read the same list. */
export interface Rule {
  /** Stable for ever: declarations suppress rules by it. */
  readonly code: `EA${number}`
  /** Short name in kebab case. */
  readonly name: string
  readonly severity: Severity
  /** What holds when the rule is kept. One sentence. */
  readonly summary: string
  readonly limit?: number
  /**
   * Set for a rule that finds what is missing in the application, or in the stack: it is not applied while something
   * there could not be read, since that may be what seems to be missing.
   */
  readonly needsWhole?: 'application' | 'stack'
  readonly fix: string
  /** Title of the document that says so. */
  readonly source: string
  readonly check: (app: AppDeclaration, context: RuleContext) => readonly Violation[]
}

/** A broken rule, or a mistake of form, at its place in the whole declaration. */
export interface Finding extends Problem {
  readonly code: Rule['code']
  readonly severity: Severity
  readonly found?: string | number
  readonly limit?: number
  readonly source: string
}

/** A violation when `count` is above the limit. */
export function above(
  limit: number,
  count: number,
  path: Problem['path'],
  describe: (count: number) => string,
): readonly Violation[] {
  return count > limit ? [{ path, message: `${describe(count)}, the limit is ${limit}`, found: count }] : []
}

/** Each later entry that is the same as an earlier one under `key`. */
export function repeated<T>(
  entries: readonly T[],
  key: (entry: T) => string,
): readonly [later: T, first: T][] {
  const seen = new Map<string, T>()
  return entries.flatMap((entry): [T, T][] => {
    const first = seen.get(key(entry))
    if (first !== undefined) return [[entry, first]]
    seen.set(key(entry), entry)
    return []
  })
}

/** A check for applications with personal accounts, and another for the rest. Default: nothing is found there. */
export const whenPersonal =
  (check: Rule['check'], otherwise: Rule['check'] = () => []): Rule['check'] =>
  (app, context) =>
    includesPersonalAccounts(app) ? check(app, context) : otherwise(app, context)
