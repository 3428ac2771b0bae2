import type { AppDeclaration } from './declaration.ts'
import { instantAfter, parseDuration } from './duration.ts'
import { mapValues } from './records.ts'

/** One issue of a client secret. A later generation never replaces an earlier one; it is another resource. */
export interface Generation {
  /** 1 for the first; never used again. */
  readonly generation: number
  /** Which role it plays for consumers. */
  readonly phase: 'current'
  /** RFC 3339, UTC, whole seconds. */
  readonly issuedAt: string
  /** RFC 3339, UTC, whole seconds. Fixed when issued: recomputing it would replace the secret. */
  readonly endDate: string
}

/** Generations by application and secret name. Kept as a plain stack output, so that it lives and dies with the state. */
export type Ledger = Readonly<Record<string, Readonly<Record<string, readonly Generation[]>>>>

/**
 * The ledger after this deployment: secrets it knows keep their generations, newly declared ones get their first,
 * those no longer declared are left out (and their resources with them).
 *
 * @param previous the ledger of the last deployment, `{}` before the first
 */
export function advanceLedger(
  previous: Ledger,
  apps: Readonly<Record<string, Pick<AppDeclaration, 'secrets'>>>,
  now: Date,
): Ledger {
  return mapValues(apps, (app, appName) =>
    mapValues(app.secrets, (secret, secretName) => {
      const known = previous[appName]?.[secretName] ?? []
      return known.length > 0 ? known : [issue(1, secret.lifetime, now)]
    }),
  )
}

function issue(generation: number, lifetime: string, now: Date): Generation {
  return {
    generation,
    phase: 'current',
    issuedAt: instantAfter(now),
    endDate: instantAfter(now, parseDuration(lifetime)),
  }
}
