import { instantAfter } from '../../lib/duration.ts'
import { currentOf, generationsOf, issuedOf, type Ledger } from './generation.ts'
import { dueAt } from './ledger.ts'
import type { Policies } from './policy.ts'
import type { Step } from './steps.ts'

/**
 * What a deployment should remind of: secrets that are due, and rotations that did not finish. A plain `pulumi up`
 * never rotates, but it should not let a secret run out in silence either.
 *
 * @param steps of the deployment under way; a secret that a rotation run is at work on needs no reminder
 */
export function reminders(ledger: Ledger, policies: Policies, steps: readonly Step[], now: Date): string[] {
  return Object.entries(policies).flatMap(([app, secrets]) =>
    Object.entries(secrets).flatMap(([secret, policy]) => {
      if (policy.isRetiring || policy.rotateWhenDue) return []
      if (steps.some((step) => step.app === app && step.secret === secret)) return []
      const generations = generationsOf(ledger, app, secret, policy.kind)
      const issued = issuedOf(generations)
      if (issued) {
        return [
          `${app}/${secret}: the rotation to g${issued.generation} has not finished; \`npm run rotate\` continues it.`,
        ]
      }
      const current = currentOf(generations)
      if (!current) return []
      const due = dueAt(current, policy)
      if (due > now) return []
      return [
        `${app}/${secret}: g${current.generation} was due for rotation on ${instantAfter(due)} and ends on ${current.endDate}; \`npm run rotate\` rotates it.`,
      ]
    }),
  )
}
