import { distance } from 'fastest-levenshtein'

/**
 * Names whose letters are compared, at most, for one misspelt name. Among thousands of names that are alike, such as
 * `service-0001` and so on, a better one further on would help nobody, and thousands of misspelt names would take minutes.
 */
const MOST_COMPARED = 250

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
  for (const name of compared(target, known, most)) {
    const points = score(target, name.toLowerCase())
    if (points <= most) found.push({ name, score: points })
  }
  return found
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** The names that are worth a comparison: first those that begin alike for longest. */
function compared(target: string, known: Iterable<string>, most: number): string[] {
  const byBeginning: string[][] = Array.from({ length: target.length + 1 }, () => [])
  for (const name of known) {
    // A difference in length needs as many edits; that alone rules out most of many names.
    const isNear = Math.abs(name.length - target.length) <= most
    if (isNear || isPart(target, name.toLowerCase())) byBeginning[commonBeginning(target, name)]?.push(name)
  }
  const chosen: string[] = []
  for (const names of byBeginning.reverse()) {
    chosen.push(...names.slice(0, MOST_COMPARED - chosen.length))
    if (chosen.length === MOST_COMPARED) break
  }
  return chosen
}

/** How many characters two texts have in common from the start on, the case of ASCII letters aside. */
function commonBeginning(target: string, name: string): number {
  let length = 0
  while (length < target.length && length < name.length) {
    const [a, b] = [target.charCodeAt(length), name.charCodeAt(length)]
    if (a !== b && (a | CASE) !== (b | CASE)) break
    length += 1
  }
  return length
}

/** The bit that tells a lower-case letter of ASCII. */
const CASE = 0x20

function score(target: string, name: string): number {
  const edits = distance(target, name)
  return isPart(target, name) ? edits / 4 : edits
}

function isPart(target: string, name: string): boolean {
  return name.length >= target.length ? name.includes(target) : target.includes(name)
}

/** `did you mean "A", "B" or "C"`, or the fallback when nothing is near. */
export function suggest(wanted: string, known: Iterable<string>, fallback: string): string {
  const names = nearest(wanted, known).map((name) => `"${name}"`)
  if (names.length === 0) return fallback
  const last = names.pop()
  return `did you mean ${names.length > 0 ? `${names.join(', ')} or ${last}` : last}`
}
