type Mapping = Record<string, unknown>

/**
 * What a stack makes of the shared declaration: mappings are merged setting by setting, everything else (texts, numbers,
 * lists) is replaced, and `null` takes a setting out.
 *
 * @param override `undefined` changes nothing
 */
export function mergeDeclaration(shared: unknown, override: unknown): unknown {
  if (override === undefined) return shared
  if (!isMapping(override)) return override
  const base = isMapping(shared) ? shared : {}
  // A map, since an object would take a setting called "__proto__" for something else, and drop it.
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(override)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergeDeclaration(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** How many steps of a path lead somewhere in a value. */
export function depthOf(value: unknown, path: readonly (string | number)[]): number {
  let node = value
  for (const [i, step] of path.entries()) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return i
    node = (node as Mapping)[step]
  }
  return path.length
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
