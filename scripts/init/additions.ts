import { isObject } from '../../lib/is-object.ts'

/** A JSON object, as package.json and editor settings are. */
export type JsonObject = { readonly [key: string]: unknown }

/**
 * Adds to a JSON file what is missing; what is there stays as it is, in its place and with its indentation.
 *
 * @param additions of what is there already, so that they can depend on it
 * @returns the same text when nothing is missing; undefined when it is not a JSON object, such as JSON with comments, which
 *   are not thrown away
 */
export function addToJson(
  existing: string,
  additions: (there: JsonObject) => JsonObject,
): string | undefined {
  const there = parseObject(existing)
  if (there === undefined) return undefined
  const merged = withMissing(there, additions(there))
  if (JSON.stringify(merged) === JSON.stringify(there)) return existing
  const indentation = /^[ \t]+(?=")/m.exec(existing)?.[0] ?? 2
  return `${JSON.stringify(merged, undefined, indentation)}\n`
}

/** Adds the lines that are missing, for files such as .gitignore. */
export function addLines(existing: string, lines: readonly string[]): string {
  const bare = (line: string) => line.trim().replace(/^\/|\/$/g, '')
  const there = new Set(existing.split('\n').map(bare))
  const missing = lines.filter((line) => !there.has(bare(line)))
  if (missing.length === 0) return existing
  const start = existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`
  return `${start}${missing.join('\n')}\n`
}

function withMissing(there: JsonObject, wanted: JsonObject): JsonObject {
  const added = Object.entries(wanted).map(([key, value]) => {
    const present = Object.hasOwn(there, key) ? there[key] : undefined
    if (present === undefined) return [key, value]
    return [key, isObject(present) && isObject(value) ? withMissing(present, value) : present]
  })
  return { ...there, ...Object.fromEntries(added) }
}

/** @returns undefined for a text that is not a JSON object */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
