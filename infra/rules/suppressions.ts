import { suggest } from '../../lib/nearest.ts'
import type { AppDeclaration } from '../declaration/schema.ts'
import type { Rule } from './rule.ts'

const SILENCE = 'Rules of entra-apps'

/** The form of a declaration; found by its schema rather than by a check. */
export const SHAPE = {
  code: 'EA001',
  name: 'form',
  severity: 'error',
  summary: 'The declaration has the form that its JSON Schema describes.',
  mend: 'correct the value',
  source: 'JSON Schema of the declaration',
  check: () => [],
} as const satisfies Rule

/** A silence whose rule found nothing; it is judged after all others. */
export const UNUSED_SILENCE = {
  code: 'EA003',
  name: 'silence-unused',
  severity: 'warning',
  summary: 'A silenced rule is broken; otherwise the silence would hide the next mistake.',
  mend: 'remove the entry',
  source: SILENCE,
  check: () => [],
} as const satisfies Rule

/** Refuses a silence of a rule that does not exist, or that cannot be silenced. */
export function unknownSilence(codes: () => readonly string[]): Rule {
  return {
    code: 'EA002',
    name: 'silence-unknown',
    severity: 'error',
    summary: 'Only rules that exist are silenced; the form of the declaration cannot be.',
    mend: 'write the code that the finding shows',
    source: SILENCE,
    check: ({ silence }: AppDeclaration) =>
      silence.flatMap(({ rule }, i) => {
        const known = codes().filter((code) => code > 'EA003')
        if (known.includes(rule)) return []
        return [
          {
            path: ['silence', i, 'rule'],
            message: `there is no rule "${rule}" to silence`,
            mend: suggest(rule, known, 'write the code that the finding shows'),
            found: rule,
          },
        ]
      }),
  }
}
