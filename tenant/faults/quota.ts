import type { Quota } from './rule.ts'

/**
 * A token bucket, which is how Graph's identity and access service throttles (Microsoft Graph service-specific throttling
 * limits): full at first, and refilled steadily.
 *
 * @param now milliseconds of a clock that nobody moves
 * @returns takes a token, and says whether there was one
 */
export function tokenBucket(
  { requests, per }: Quota,
  now: () => number = () => performance.now(),
): () => boolean {
  let tokens = requests
  let filledAt = now()
  return () => {
    const at = now()
    tokens = Math.min(requests, tokens + ((at - filledAt) * requests) / per)
    filledAt = at
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}
