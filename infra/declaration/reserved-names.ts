import type { Problem } from './problems.ts'

/**
 * Settings called `__proto__`, at any depth: JavaScript takes that name of a property for something else, so that the
 * setting would be lost without a word.
 */
export function reservedNames(value: unknown): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<object>()
  const pending: { readonly node: unknown; readonly path: Problem['path'] }[] = [{ node: value, path: [] }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next
    if (typeof node !== 'object' || node === null || seen.has(node)) continue
    seen.add(node)
    for (const [key, child] of Object.entries(node)) {
      const step = Array.isArray(node) ? Number(key) : key
      if (key === '__proto__') {
        problems.push({ path: [...path, key], message: '"__proto__" cannot be a name', fix: 'rename it' })
      } else pending.push({ node: child, path: [...path, step] })
    }
  }
  return problems
}
