/** How much of each text is shown from the first difference on, in characters. */
const SHOWN = 24

/**
 * Where two texts part, for people: `from character 13 on: "@123/files" instead of "/files"`.
 *
 * @returns undefined when they are the same
 */
export function describeFirstDifference(found: string, wanted: string): string | undefined {
  if (found === wanted) return undefined
  const length = Math.max(found.length, wanted.length)
  const at = Array.from({ length }).findIndex((_, i) => found[i] !== wanted[i])
  return `from character ${at + 1} on: ${excerpt(found, at)} instead of ${excerpt(wanted, at)}`
}

function excerpt(text: string, at: number): string {
  const rest = text.slice(at)
  if (rest === '') return 'the end'
  return rest.length > SHOWN ? `"${rest.slice(0, SHOWN)}…"` : `"${rest}"`
}
