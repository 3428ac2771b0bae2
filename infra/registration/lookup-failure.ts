/** Why a look-up failed: the engine wraps what the provider says in several lines of its own; the last one is the reason. */
export function lookupFailure(cause: unknown): string {
  const lines = (cause instanceof Error ? cause.message : String(cause))
    .split('\n')
    .map((line) => line.trim())
  return lines.findLast((line) => line !== '') ?? ''
}
