import type { z } from 'zod'

/** More rounds than any declaration needs: each removes what was wrong at one depth. */
const MAX_ROUNDS = 20

/**
 * Reads what can be read of a value with mistakes of form: wrong settings are left out, lists with a wrong entry as a
 * whole, so that the places of the rest stay true.
 *
 * @returns `undefined` when nothing is left
 */
export function parsePartially<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  let rest = structuredClone(value)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const parsed = schema.safeParse(rest)
    if (parsed.success) return parsed.data
    for (const issue of parsed.error.issues) {
      const paths =
        issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
      for (const path of paths) {
        if (path.length === 0) return undefined
        rest = without(rest, path)
      }
    }
  }
  return undefined
}

/** Takes the setting at the path out; a required one that is missing takes its parent with it, unless that is the root. */
function without(root: unknown, path: readonly PropertyKey[]): unknown {
  const index = path.findIndex((step) => typeof step === 'number')
  const target = index < 0 ? path : path.slice(0, index)
  const last = target.at(-1)
  const parent = target.slice(0, -1).reduce<unknown>((node, step) => childOf(node, step), root)
  if (last === undefined || typeof parent !== 'object' || parent === null) return root
  if (last in parent) {
    delete (parent as Record<PropertyKey, unknown>)[last]
    return root
  }
  if (target.length > 1) return without(root, target.slice(0, -1))
  // Required at the top, such as the display name: anything fits, since rules find nothing in it.
  return { ...parent, [last]: 'x' }
}

function childOf(node: unknown, step: PropertyKey): unknown {
  return typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[step] : undefined
}
