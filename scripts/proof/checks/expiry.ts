import { DAY } from '../../../lib/duration.ts'
import { contractFailure } from '../catalogue/index.ts'
import type { Check } from '../model/report.ts'
import { failed, passed, skipped, warning } from './check.ts'

/** Without a threshold of the caller's, people are told this early. */
const WARN_WITHIN_MS = 30 * DAY

/** What is known about the end of a credential. */
export interface Ending {
  /** RFC 3339. */
  readonly endDate: string
  /** Replaced by a newer one: it is meant to end. */
  readonly superseded: boolean
}

/**
 * Judges how long a credential still lives.
 *
 * @param failWithinMs it must live longer than this; left out, a month's end is a warning only
 * @param now by the tenant's clock, which decides
 */
export function judgeExpiry(
  { endDate, superseded }: Ending,
  failWithinMs: number | undefined,
  now: Date,
): Check {
  const name = 'expiry'
  const left = Date.parse(endDate) - now.getTime()
  if (Number.isNaN(left)) return warning(name, `"${endDate}" is not a date`)
  if (left <= 0) return failed(name, contractFailure('EXPIRED', `expired ${endDate}, ${inDays(-left)} ago`))
  const detail = `${endDate}, in ${inDays(left)}`
  if (superseded) return skipped(name, `${detail}; a newer one has taken its place`)
  if (failWithinMs !== undefined && left < failWithinMs) {
    return failed(name, contractFailure('EXPIRES_SOON', `${detail}, within ${inDays(failWithinMs)}`))
  }
  if (failWithinMs === undefined && left < WARN_WITHIN_MS) return warning(name, detail)
  return passed(name, detail)
}

function inDays(ms: number): string {
  if (ms < DAY) return `${Math.max(1, Math.round(ms / 3_600_000))} h`
  return `${Math.floor(ms / DAY)} d`
}
