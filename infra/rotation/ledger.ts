import { instantAfter } from '../../lib/duration.ts'
import { mapValues } from '../../lib/map-values.ts'
import {
  currentOf,
  type Generation,
  generationsOf,
  issuedOf,
  type Ledger,
  nextGeneration,
} from './generation.ts'
import type { Policies, RotationPolicy } from './policy.ts'
import { applyStep, fresh, hasRoom, overdueOf, type Step } from './steps.ts'

/** A step that did not apply, and why. */
export interface Ignored {
  readonly step: Step
  readonly reason: string
}

/** Retired generations that are remembered for each secret: five years of monthly rotation. */
const REMEMBERED = 60

/**
 * The ledger after this deployment.
 *
 * Credentials it does not know get their first generation, which is current at once, since nothing else can be; those no
 * longer declared are left out, and their resources with them. Without steps nothing else happens, unless a secret is
 * declared with `rotateWhenDue`.
 *
 * @param previous the ledger of the last deployment, `{}` before the first
 * @param policies of every credential that is rotated, by application and name
 * @param steps what a rotation run wants done, `[]` for a plain `pulumi up`
 */
export function advanceLedger(
  previous: Ledger,
  policies: Policies,
  steps: readonly Step[],
  now: Date,
): { readonly ledger: Ledger; readonly ignored: readonly Ignored[] } {
  const ignored: Ignored[] = []
  const next = mapValues(policies, (secrets, app) =>
    mapValues(secrets, (policy, secret) => {
      const known = generationsOf(previous, app, secret, policy.kind)
      if (known.length === 0)
        return [{ ...fresh(1, 'current', policy, now), currentSince: instantAfter(now) }]
      const own = steps.filter((each) => each.app === app && each.secret === secret)
      const wanted =
        own.length > 0 || !policy.rotateWhenDue ? own : stepsWhenDue(app, secret, known, policy, now)
      const advanced = wanted.reduce((generations, each) => {
        const result = applyStep(each, generations, { atStart: known, policy, now })
        if (typeof result !== 'string') return result
        ignored.push({ step: each, reason: result })
        return generations
      }, known)
      return forget(advanced)
    }),
  )
  const undeclared = steps.filter(({ app, secret }) => !policies[app]?.[secret])
  return {
    ledger: next,
    ignored: [...ignored, ...undeclared.map((each) => ({ step: each, reason: 'it is not declared' }))],
  }
}

/** When the successor of a generation is due: at its age, and early enough for the overlap to fit before its end. */
export function dueAt({ issuedAt, endDate }: Generation, { rotateEvery, overlap }: RotationPolicy): Date {
  return new Date(Math.min(Date.parse(issuedAt) + rotateEvery, Date.parse(endDate) - overlap))
}

/** What a plain `pulumi up` does for a secret with `rotateWhenDue`: one thing at a time, each in a run of its own. */
function stepsWhenDue(
  app: string,
  secret: string,
  generations: readonly Generation[],
  policy: RotationPolicy,
  now: Date,
): Step[] {
  const name = (each: Generation) => ({ app, secret, generation: each.generation })
  const waiting = generations.find(({ phase, run }) => phase === 'issued' && run === UNATTENDED)
  if (waiting) return [{ do: 'promote', ...name(waiting), deliveries: [] }]
  const overdue = overdueOf(generations, now)
  if (overdue.length > 0) return overdue.map((each) => ({ do: 'retire', ...name(each) }))
  const current = currentOf(generations)
  const isDue = current !== undefined && dueAt(current, policy) <= now && !issuedOf(generations)
  if (!isDue || !hasRoom(generations, policy)) return []
  return [{ do: 'issue', app, secret, generation: nextGeneration(generations), run: UNATTENDED }]
}

/** Marks what a plain `pulumi up` issued by itself, apart from what a rotation run is at work on. */
const UNATTENDED = 'pulumi up'

function forget(generations: readonly Generation[]): readonly Generation[] {
  const retired = generations.filter(({ phase }) => phase === 'retired')
  const forgotten = new Set(retired.slice(0, Math.max(0, retired.length - REMEMBERED)))
  return forgotten.size === 0 ? generations : generations.filter((each) => !forgotten.has(each))
}
