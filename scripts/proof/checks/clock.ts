import type { Check } from '../model/report.ts'
import { passed, warning } from './check.ts'

/** Entra takes assertions that are off by five minutes; beyond, AADSTS700024. */
const TOLERATED_MS = 300_000

/**
 * Compares this machine's clock with the tenant's, as the answers' `Date` headers tell it.
 *
 * @param aheadMs how far the tenant's clock is ahead, once for each answer; the median counts, since a slow answer
 *   looks like a slow clock
 */
export function judgeClock(aheadMs: readonly number[]): Check[] {
  if (aheadMs.length === 0) return []
  const median = [...aheadMs].sort((a, b) => a - b)[Math.floor(aheadMs.length / 2)]!
  const seconds = Math.round(Math.abs(median) / 1000)
  const name = 'clock'
  if (Math.abs(median) <= TOLERATED_MS)
    return [passed(name, `within ${Math.max(2, seconds)} s of the tenant's`)]
  const side = median > 0 ? 'behind' : 'ahead of'
  const consequence = 'assertions are refused (AADSTS700024) and tokens are judged expired or not yet valid'
  return [
    warning(
      name,
      `CLOCK_SKEW: this machine is ${seconds} s ${side} the tenant; ${consequence}. Synchronise it (NTP)`,
    ),
  ]
}
