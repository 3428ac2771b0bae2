import { namesOf } from './of-stack.ts'
import { above, type Rule } from './rule.ts'

/** Each step writes the whole state, so that twice the applications take up to four times the time. */
const MAX_APPLICATIONS = 100

/** The rule about how many applications are deployed together. */
export const stackSizeRules: readonly Rule[] = [
  {
    code: 'EA216',
    name: 'stack-size',
    severity: 'warning',
    summary: `A stack has at most ${MAX_APPLICATIONS} applications; the time of a first deployment grows faster than their number.`,
    limit: MAX_APPLICATIONS,
    fix: 'divide the applications among several stacks',
    source: 'Benchmarks of entra-apps (docs/benchmarks.md)',
    check: (_, context) => {
      const names = namesOf(context)
      if (names[0] !== context.name) return []
      return above(MAX_APPLICATIONS, names.length, [], (count) => `the stack has ${count} applications`)
    },
  },
]
