import { parse } from 'yaml'
import { z } from 'zod'
import { suggest } from '../../lib/nearest.ts'
import { CommandError } from '../lib/errors.ts'
import type { Finding } from './report.ts'

const suppression = z.strictObject({
  rule: z.string(),
  /** Application (client) id; default: every application. */
  appId: z.guid().toLowerCase().optional(),
  reason: z.string().trim().min(1),
})

export type Suppression = z.infer<typeof suppression>

/**
 * Reads a file of suppressions: a YAML list of `{ rule, appId, reason }`.
 *
 * @param name how messages call it
 * @param rules ids of the rules that there are
 * @throws CommandError BAD_OPTIONS
 */
export function parseSuppressions(text: string, name: string, rules: readonly string[]): Suppression[] {
  const read = z.array(suppression).safeParse(parsed(text, name))
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw bad(`${name} is not a list of suppressions ({ rule, appId, reason }): ${problems.join('; ')}.`)
  }
  for (const { rule } of read.data) {
    if (rules.includes(rule)) continue
    throw bad(
      `${name}: there is no rule "${rule}" to suppress. To fix it: ${suggest(rule, rules, 'write the id that the finding shows')}.`,
    )
  }
  return read.data
}

function parsed(text: string, name: string): unknown {
  try {
    return parse(text) ?? []
  } catch (error) {
    throw bad(`${name} is not YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function bad(message: string): CommandError {
  return new CommandError('BAD_OPTIONS', message)
}

/** The reason of the first suppression that covers a finding. */
export function reasonFor(
  { ruleId, appId }: Pick<Finding, 'ruleId' | 'appId'>,
  suppressions: readonly Suppression[],
): string | undefined {
  return suppressions.find((each) => each.rule === ruleId && (each.appId ?? appId) === appId)?.reason
}

/** Suppressions that cover nothing, as people would look for them: `EI101 (appId)`. */
export function unusedSuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
): string[] {
  return suppressions
    .filter((each) => !findings.some((finding) => reasonFor(finding, [each]) !== undefined))
    .map(({ rule, appId }) => (appId === undefined ? rule : `${rule} of ${appId}`))
}
