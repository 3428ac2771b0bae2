import { parseDuration } from './duration.ts'

/** What {@link parseTimeout} reads, for schemas. */
export const TIMEOUT_PATTERN = /^\d{1,5}[smh]$/

/**
 * Reads how long to wait: `90s`, `10m`, `1h`; `0s` waits for nothing.
 *
 * @returns milliseconds
 * @throws RangeError when the text is not a time
 */
export function parseTimeout(text: string): number {
  const seconds = /^(\d{1,5})s$/.exec(text)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1000
  if (TIMEOUT_PATTERN.test(text)) return parseDuration(text)
  throw new RangeError(`"${text}" is not a time such as "90s", "10m" or "1h"`)
}
