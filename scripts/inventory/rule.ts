import type { Entry, Part, Severity } from './report.ts'

/** What a rule may know beside the entry it judges. */
export interface JudgeContext {
  readonly now: Date
  /** A credential that expires within is one that expires soon; milliseconds. */
  readonly expiringWithin: number
  /** Longest lifetime of a secret, in milliseconds. */
  readonly maxLifetime: number
  /** Without use for longer than this, something counts as unused; milliseconds. */
  readonly unusedAfter: number
  /** Parts that could not be read. */
  readonly missing: ReadonlySet<Part>
  /** Hosts of redirect URIs whose names do not exist. Default: nobody asked. */
  readonly danglingHosts?: ReadonlySet<string>
}

/** One rule about what is in a tenant. Rules are data: documentation, SARIF and tests read the same list. */
export interface InventoryRule {
  /** Stable for ever: suppressions name it. */
  readonly id: `EI${number}`
  /** Short name in kebab case. */
  readonly name: string
  readonly severity: Severity
  /** What holds when the rule is kept. One sentence. */
  readonly summary: string
  readonly fix: string
  /** Title of the document that says so. */
  readonly source: string
  /** Kinds of entries it is about. */
  readonly kinds: readonly Entry['kind'][]
  /** Parts without which it cannot be judged. */
  readonly needs?: readonly Part[]
  /** What is wrong, each as a sentence without a period. */
  readonly check: (entry: Entry, context: JudgeContext) => readonly string[]
}

/** Registrations of this tenant: the only ones whose settings its administrators can change. */
export const REGISTERED: InventoryRule['kinds'] = ['application']
/** Everything that is granted something by this tenant's administrators, Microsoft's own left aside. */
export const GRANTED: InventoryRule['kinds'] = ['application', 'elsewhere', 'managedIdentity']

/** A text from the tenant in a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}
