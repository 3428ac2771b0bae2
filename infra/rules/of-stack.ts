import type { RuleContext } from './rule.ts'

/**
 * Works something out for a stack as a whole, once, however many of its applications ask: what each of thousands of
 * applications worked out for itself would take the square of the time.
 */
export function ofStack<T>(
  workOut: (apps: RuleContext['apps'], context: RuleContext) => T,
): (context: RuleContext) => T {
  const known = new WeakMap<RuleContext['apps'], T>()
  return (context) => {
    const { apps } = context
    if (!known.has(apps)) known.set(apps, workOut(apps, context))
    return known.get(apps) as T
  }
}

/**
 * Finds, for each application, its entries that an earlier application of the stack, or the same one, has already.
 *
 * @param entriesOf the entries of one application
 * @param key what makes two entries the same
 */
export function repeatedInStack<T extends { readonly app: string }>(
  entriesOf: (name: string, app: RuleContext['apps'][string], context: RuleContext) => readonly T[],
  key: (entry: T, context: RuleContext) => string,
): (context: RuleContext) => readonly (readonly [later: T, first: T])[] {
  const repeats = ofStack((apps, context) => {
    const firsts = new Map<string, T>()
    const found = new Map<string, [T, T][]>()
    for (const entry of Object.entries(apps).flatMap(([name, app]) => entriesOf(name, app, context))) {
      const id = key(entry, context)
      const first = firsts.get(id)
      if (first === undefined) firsts.set(id, entry)
      else if (found.has(entry.app)) found.get(entry.app)?.push([entry, first])
      else found.set(entry.app, [[entry, first]])
    }
    return found
  })
  return (context) => repeats(context).get(context.name) ?? []
}

/** Names of the stack's applications. */
export const namesOf = ofStack((apps) => Object.keys(apps))
