import type { FailureSource } from './failure.ts'

/** Whose change replication may still be carrying. */
export type ChangeKind = 'credential' | 'application' | 'consent'

/**
 * Whether waiting can fix it: never, always (the service itself is in trouble), once (a new token is worth one try),
 * or only while a change of some kind is younger than a number of minutes.
 */
export type Wait =
  | 'never'
  | 'always'
  | 'once'
  | { readonly youngerThanMinutes: number; readonly change: ChangeKind }

/**
 * Which side has to be fixed: the identity that is proved, this machine's environment, the service, or the workload
 * behind the identity (a licence, a OneDrive that was never opened), which is not a fault of the credential.
 */
export type Fault = 'identity' | 'environment' | 'service' | 'workload'

/** What one refusal means. Data only: every place that shows an error reads it from here. */
export interface CatalogueEntry {
  readonly source: FailureSource
  readonly code: string
  /** For codes whose meaning hangs on the sentence: the service's message must match. */
  readonly message?: RegExp
  /** What it means, in one sentence without a full stop. */
  readonly meaning: string
  readonly wait: Wait
  readonly fault: Fault
  /** What to do, in one sentence without a full stop. */
  readonly fix: string
  /** Title of the page the fact is from. */
  readonly reference: string
}

/** Rows as they are written in the tables: code, meaning, wait, fault, fix, reference. */
export type Row = readonly [
  code: string,
  meaning: string,
  wait: Wait,
  fault: Fault,
  fix: string,
  reference: string,
  message?: RegExp,
]

/** Turns a table's rows into entries. */
export function entries(source: FailureSource, rows: readonly Row[]): CatalogueEntry[] {
  return rows.map(([code, meaning, wait, fault, fix, reference, message]) => ({
    source,
    code,
    meaning,
    wait,
    fault,
    fix,
    reference,
    ...(message && { message }),
  }))
}

/** A wait that ends when the change is so many minutes old. */
export function whileYoung(change: ChangeKind, youngerThanMinutes: number): Wait {
  return { change, youngerThanMinutes }
}
