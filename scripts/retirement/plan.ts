import type { Retirement } from '../../infra/retirement/retirement.ts'
import { days } from '../../lib/duration.ts'
import type { Usage } from './usage.ts'

/** What somebody asks for. */
export interface RetireRequest {
  /** How long its sign-in is to be disabled, such as `30d`. Default: as declared, else {@link DEFAULT_AFTER}. */
  readonly after?: string | undefined
  /** How long it must not have been used, in milliseconds. */
  readonly unusedForMs: number
  /** Go on although it was used, or nothing is known about its use. */
  readonly force: boolean
}

/** What there is. */
export interface Situation {
  /** As deployed. */
  readonly retirement: Retirement | undefined
  /** As declared, such as `30d`. */
  readonly after: string | undefined
  /** Whether the tenant issues tokens to it. */
  readonly isEnabled: boolean
  readonly usage: Usage
  /** Applications of the stack that refer to it. */
  readonly dependents: readonly string[]
  readonly now: Date
}

/** Why the next step is not taken. */
export interface Refusal {
  readonly reason: string
  readonly fix: string
}

export interface RetirePlan {
  /** The next step; with refusals it is not taken. */
  readonly next: 'disable' | 'wait' | 'delete'
  /** What is to be declared. */
  readonly after: string
  readonly refusals: readonly Refusal[]
}

export const DEFAULT_AFTER = '30d'

const ENABLED_BY_HAND: Refusal = {
  reason: 'somebody enabled its sign-in in the tenant, though it is declared to be retired',
  fix: 'find out who needs it, and give it up with --cancel; or disable it again: pulumi refresh, then npm run up',
}

/**
 * The next step of a retirement: disable, wait, delete. No step is taken while the application was used within the time,
 * or may have been, unless forced; it is never deleted while another application of the stack refers to it, or before
 * its time, forced or not.
 */
export function planRetirement(situation: Situation, request: RetireRequest): RetirePlan {
  const { retirement, dependents, now } = situation
  const after = request.after ?? situation.after ?? DEFAULT_AFTER
  if (!retirement || situation.after !== after) {
    return { next: 'disable', after, refusals: useRefusals(situation, request) }
  }
  const next = Date.parse(retirement.deleteFrom) > now.getTime() ? 'wait' : 'delete'
  if (situation.isEnabled) return { next, after, refusals: [ENABLED_BY_HAND] }
  if (next === 'wait') return { next, after, refusals: [] }
  const needed = dependents.map((name) => ({
    reason: `${name} of this stack refers to it`,
    fix: `remove what refers to it from the declaration of ${name}`,
  }))
  return { next, after, refusals: [...needed, ...useRefusals(situation, request)] }
}

function useRefusals(
  { usage, now }: Pick<Situation, 'usage' | 'now'>,
  { unusedForMs, force }: RetireRequest,
): Refusal[] {
  if (force) return []
  const recent = usage.uses.filter(({ at }) => now.getTime() - Date.parse(at) < unusedForMs)
  return [
    ...recent.map(({ what, at }) => ({
      reason: `it ${what} at ${at}, which is within ${days(unusedForMs)}`,
      fix: 'find out who uses it; --force retires it all the same',
    })),
    ...usage.unknown.map((reason) => ({
      reason: withoutPeriod(reason),
      fix: 'grant that to the deployer, or make sure by other means that nobody uses it, and add --force',
    })),
  ]
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, '')
}
