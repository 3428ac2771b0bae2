import { suggest } from '../../lib/nearest.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Rule } from './rule.ts'

const SUPPRESSION = 'Rules of entra-apps'

/** The form of a declaration; found by its schema rather than by a check. */
export const SHAPE = {
  code: 'EA001',
  name: 'form',
  severity: 'error',
  summary: 'The declaration has the form that its JSON Schema describes.',
  fix: 'correct the value',
  source: 'JSON Schema of the declaration',
  check: () => [],
} as const satisfies Rule

/** A suppression whose rule found nothing; it is judged after all others. */
export const UNUSED_SUPPRESSION = {
  code: 'EA003',
  name: 'suppress-unused',
  severity: 'warning',
  needsWhole: 'stack',
  summary: 'A suppressed rule is broken; otherwise the suppression would hide the next mistake.',
  fix: 'remove the entry',
  source: SUPPRESSION,
  check: () => [],
} as const satisfies Rule

/** Refuses a suppression of a rule that does not exist, or that cannot be suppressed. */
export function unknownSuppression(codes: () => readonly string[]): Rule {
  return {
    code: 'EA002',
    name: 'suppress-unknown',
    severity: 'error',
    summary: 'Only rules that exist are suppressed; the form of the declaration cannot be.',
    fix: 'write the code that the finding shows',
    source: SUPPRESSION,
    check: ({ suppress }: AppDeclaration) =>
      suppress.flatMap(({ rule }, i) => {
        const known = codes().filter((code) => code > 'EA003')
        if (known.includes(rule)) return []
        return [
          {
            path: ['suppress', i, 'rule'],
            message: `there is no rule "${rule}" to suppress`,
            fix: suggest(rule, known, 'write the code that the finding shows'),
            found: rule,
          },
        ]
      }),
  }
}
