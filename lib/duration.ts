import { plural } from './plural.ts'

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Milliseconds of a day. */
export const DAY = UNITS.d

/** What {@link parseDuration} reads, for schemas and messages. */
export const DURATION_PATTERN = /^([1-9]\d{0,4})(m|h|d|w)$/

/**
 * Reads a duration such as `90d`, `12h`, `30m` or `2w`.
 *
 * Months and years are left out on purpose: their length depends on the date, and a secret's end must not.
 *
 * @returns milliseconds
 * @throws RangeError when the text is not a duration
 */
export function parseDuration(text: string): number {
  const match = DURATION_PATTERN.exec(text)
  if (!match) throw new RangeError(`"${text}" is not a duration such as "90d", "12h", "30m" or "2w"`)
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]
}

/**
 * The instant a duration after `from`, as Graph writes dates: UTC, whole seconds, no milliseconds.
 *
 * The azuread provider compares dates as text, so `2027-01-01T00:00:00.000Z` would read as another date than
 * `2027-01-01T00:00:00Z` and replace the credential.
 */
export function instantAfter(from: Date, durationMs = 0): string {
  return `${new Date(from.getTime() + durationMs).toISOString().slice(0, 19)}Z`
}

/** A duration for people: `90 days`, `12 hours`. */
export function days(ms: number): string {
  const [value, unit] = ms >= 2 * DAY || ms === DAY ? [ms / DAY, 'day'] : [ms / UNITS.h, 'hour']
  const rounded = Math.round(value * 10) / 10
  return plural(rounded, unit)
}
