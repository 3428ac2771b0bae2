import { distance } from 'fastest-levenshtein'

/**
 * The known names a misspelt one most likely meant, best first.
 *
 * Case is ignored. A name that contains the wanted text counts as near however long it is, since people write
 * `Files.Read` when they mean `Files.Read.All`.
 *
 * @param limit how many names at most; default 3
 */
export function nearest(wanted: string, known: Iterable<string>, limit = 3): string[] {
  const target = wanted.toLowerCase()
  const most = Math.max(2, target.length * 0.4)
  const found: { name: string; score: number }[] = []
  for (const name of known) {
    const points = score(target, name.toLowerCase(), most)
    if (points <= most) found.push({ name, score: points })
  }
  return found
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** A difference in length needs as many edits, so that most of many names are ruled out without a look at their letters. */
function score(target: string, name: string, most: number): number {
  const longer = name.length - target.length
  const isPart = longer >= 0 ? name.includes(target) : target.includes(name)
  if (!isPart && Math.abs(longer) > most) return Number.POSITIVE_INFINITY
  const edits = distance(target, name)
  return isPart ? edits / 4 : edits
}

/** `did you mean "A", "B" or "C"`, or the fallback when nothing is near. */
export function suggest(wanted: string, known: Iterable<string>, fallback: string): string {
  const names = nearest(wanted, known).map((name) => `"${name}"`)
  if (names.length === 0) return fallback
  const last = names.pop()
  return `did you mean ${names.length > 0 ? `${names.join(', ')} or ${last}` : last}`
}
