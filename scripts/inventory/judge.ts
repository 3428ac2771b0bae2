import { credentialRules } from './credential-rules.ts'
import { ownershipRules } from './ownership-rules.ts'
import { permissionRules } from './permission-rules.ts'
import type { Entry, Finding } from './report.ts'
import { SEVERITIES, type Severity } from './report.ts'
import type { InventoryRule, JudgeContext } from './rule.ts'
import { signInRules } from './sign-in-rules.ts'
import { reasonFor, type Suppression } from './suppressions.ts'

/** Every rule, in the order of their ids. */
export const INVENTORY_RULES: readonly InventoryRule[] = [
  ...credentialRules,
  ...ownershipRules,
  ...permissionRules,
  ...signInRules,
].sort((a, b) => (a.id < b.id ? -1 : 1))

/** Judges entries by every rule that can be judged with what was read; the gravest findings first. Pure. */
export function judgeInventory(
  entries: readonly Entry[],
  context: JudgeContext,
  suppressions: readonly Suppression[] = [],
): Finding[] {
  const rules = INVENTORY_RULES.filter(({ needs = [] }) => needs.every((part) => !context.missing.has(part)))
  const findings = entries.flatMap((entry) =>
    rules
      .filter(({ kinds }) => kinds.includes(entry.kind))
      .flatMap((rule) => rule.check(entry, context).map((message) => toFinding(rule, entry, message))),
  )
  const judged = findings.map((finding) => {
    const reason = reasonFor(finding, suppressions)
    return reason === undefined ? finding : { ...finding, suppressed: reason }
  })
  return judged.sort(
    (a, b) =>
      gravity(b.severity) - gravity(a.severity) ||
      compare(a.displayName, b.displayName) ||
      compare(a.appId, b.appId) ||
      compare(a.ruleId, b.ruleId),
  )
}

function toFinding({ id, name, severity, fix }: InventoryRule, entry: Entry, message: string): Finding {
  const { appId, displayName } = entry
  return { ruleId: id, rule: name, severity, appId, displayName, message, fix }
}

/** Whether a finding that is not suppressed is at least so grave. */
export function isAtLeast({ severity, suppressed }: Finding, least: Severity): boolean {
  return suppressed === undefined && gravity(severity) >= gravity(least)
}

function gravity(severity: Severity): number {
  return SEVERITIES.indexOf(severity)
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
