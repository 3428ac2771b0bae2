import { z } from 'zod'
import { instantAfter } from '../../lib/duration.ts'
import {
  currentOf,
  type DeliveryRecord,
  deliveryRecord,
  type Generation,
  instant,
  isLive,
  issuedOf,
  missingTargets,
  nextGeneration,
} from './generation.ts'
import type { RotationPolicy } from './policy.ts'

const on = { app: z.string(), secret: z.string(), generation: z.number().int().positive() }

/**
 * One step of a rotation, naming the generation it is about: doing it twice, or late, changes nothing more.
 *
 * - `issue`: a new generation for the run to prove; for one that is issued already, the run takes it over.
 * - `promote`: it was proved and delivered, and becomes current.
 * - `withdraw`: it failed. Once a consumer may have read it (`exposed`, or more than one run was at work on it), it
 *   stays valid for the overlap.
 * - `retire`: a previous generation whose time has come; `force` does not wait for that.
 * - `record`: where a live generation was delivered again. Where the target held something else until then
 *   (`corrected`), its readers may hold any previous generation, which therefore gets another overlap.
 */
export const step = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('issue'),
    ...on,
    run: z.string(),
    revokes: z.enum(['soon', 'now']).optional(),
  }),
  z.strictObject({
    do: z.literal('promote'),
    ...on,
    /** Left out where nothing but `pulumi up` runs, and nobody proves. */
    provedAt: instant.optional(),
    deliveries: z.array(deliveryRecord),
  }),
  z.strictObject({ do: z.literal('withdraw'), ...on, run: z.string(), exposed: z.boolean() }),
  z.strictObject({ do: z.literal('retire'), ...on, force: z.boolean().optional() }),
  z.strictObject({
    do: z.literal('record'),
    ...on,
    deliveries: z.array(deliveryRecord),
    corrected: z.boolean().optional(),
  }),
])

export type Step = z.infer<typeof step>

/** Whether another generation may be issued, judged before anything is retired: Pulumi creates before it deletes. */
export function hasRoom(generations: readonly Generation[], { maxLive }: RotationPolicy): boolean {
  return generations.filter(isLive).length < maxLive
}

/** When a previous generation may go: its overlap has passed, or it has expired and admits nobody anyway. */
export function retirableFrom({ retireAfter, endDate }: Generation): Date {
  return new Date(Math.min(Date.parse(endDate), Date.parse(retireAfter ?? endDate)))
}

/** The previous generations that may go now. */
export function overdueOf(generations: readonly Generation[], now: Date): Generation[] {
  return generations.filter((each) => each.phase === 'previous' && retirableFrom(each) <= now)
}

/** What a step is judged by. */
export interface StepContext {
  /** The generations before the first step of this deployment. */
  readonly atStart: readonly Generation[]
  readonly policy: RotationPolicy
  readonly now: Date
}

type Outcome = readonly Generation[] | string
type StepOf<Kind extends Step['do']> = Extract<Step, { do: Kind }>

/** @returns the generations of the secret after a step, or why it does not apply */
export function applyStep(wanted: Step, generations: readonly Generation[], context: StepContext): Outcome {
  const target = generations.find((each) => each.generation === wanted.generation)
  if (wanted.do === 'issue' && !target) return issue(wanted, generations, context)
  if (!target) return 'there is no such generation'
  if (target.phase === 'retired') return 'it is retired'
  switch (wanted.do) {
    case 'issue':
      return changed(generations, target, takeOver(wanted, target))
    case 'promote':
      return promote(wanted, target, generations, context)
    case 'withdraw':
      return changed(generations, target, withdraw(wanted, target, context))
    case 'retire':
      return changed(generations, target, retire(wanted, target, currentOf(generations), context))
    case 'record':
      return record(wanted, target, generations, context)
  }
}

function changed(generations: readonly Generation[], from: Generation, to: Generation | string): Outcome {
  return typeof to === 'string' ? to : generations.map((each) => (each === from ? to : each))
}

function issue(
  { generation, run, revokes }: StepOf<'issue'>,
  generations: readonly Generation[],
  { atStart, policy, now }: StepContext,
): Outcome {
  if (generation !== nextGeneration(generations)) return 'its number is not the next one'
  if (issuedOf(generations)) return 'another generation is issued and not yet current'
  // Pulumi creates before it deletes: what this deployment retires is still there beside what it issues.
  const issuedHere = generations.filter(
    (each) => !atStart.some((known) => known.generation === each.generation),
  )
  if (!hasRoom([...atStart, ...issuedHere], policy)) {
    return `${policy.maxLive} generations are live, which is the limit`
  }
  return [...generations, { ...fresh(generation, 'issued', policy, now), run, ...(revokes && { revokes }) }]
}

function takeOver({ run, revokes }: StepOf<'issue'>, target: Generation): Generation | string {
  if (target.phase !== 'issued') return `it is ${target.phase} already`
  const takenOver = target.takenOver || target.run !== run
  return { ...target, run, ...(takenOver && { takenOver }), ...(revokes && { revokes }) }
}

function promote(
  { provedAt, deliveries }: StepOf<'promote'>,
  target: Generation,
  generations: readonly Generation[],
  { policy, now }: StepContext,
): Outcome {
  if (target.phase !== 'issued') return `it is ${target.phase}, not issued`
  const promoted: Generation = {
    ...withoutRun(target),
    phase: 'current',
    ...(provedAt && { provedAt }),
    currentSince: instantAfter(now),
    deliveries: merge(target.deliveries, deliveries),
  }
  const missing = missingTargets(promoted, policy.targets)
  if (missing.length > 0) return `it is not delivered to ${missing.join(', ')}`
  const overwritten = overwrittenTargets(deliveries, target, generations)
  if (overwritten.length > 0) return `another generation was delivered to ${overwritten.join(', ')} after it`
  return generations.map((each) => (each === target ? promoted : succeed(each, promoted, policy, now)))
}

/** The targets that were given another generation after this one, by a run that put the current one back. */
function overwrittenTargets(
  deliveries: readonly DeliveryRecord[],
  target: Generation,
  generations: readonly Generation[],
): string[] {
  const others = generations.filter((each) => each !== target).flatMap((each) => each.deliveries ?? [])
  return deliveries
    .filter((own) =>
      others.some((other) => other.target === own.target && Date.parse(other.at) > Date.parse(own.at)),
    )
    .map((own) => own.target)
}

/** What becomes of the others when a generation is promoted. */
function succeed(each: Generation, successor: Generation, policy: RotationPolicy, now: Date): Generation {
  const overlap = overlapAfter(successor, policy)
  if (each.phase === 'current') {
    return supersede(each, successor.revokes ? 'revoked' : 'superseded', overlap, now)
  }
  // After a leak, older generations go as soon as the leaked one: who read that one may have read them too.
  if (each.phase !== 'previous' || !successor.revokes) return each
  return { ...each, retireAfter: earlier(each.retireAfter, instantAfter(now, overlap)) }
}

function overlapAfter({ revokes }: Generation, policy: RotationPolicy): number {
  if (revokes === 'now') return 0
  return revokes === 'soon' ? policy.revokeOverlap : policy.overlap
}

function supersede(
  each: Generation,
  ended: NonNullable<Generation['ended']>,
  overlap: number,
  now: Date,
): Generation {
  const since = { previousSince: instantAfter(now), retireAfter: instantAfter(now, overlap) }
  return { ...each, phase: 'previous', ...since, ended }
}

function withdraw(
  { run, exposed }: StepOf<'withdraw'>,
  target: Generation,
  { policy, now }: StepContext,
): Generation | string {
  if (target.phase !== 'issued') return `it is ${target.phase}, not issued`
  if (target.run !== run) return 'another run has taken it over'
  const released = withoutRun(target)
  if (exposed || target.takenOver) return supersede(released, 'withdrawn', policy.overlap, now)
  return { ...released, phase: 'retired', retiredAt: instantAfter(now), ended: 'withdrawn' }
}

function retire(
  { force }: StepOf<'retire'>,
  target: Generation,
  current: Generation | undefined,
  { policy, now }: StepContext,
): Generation | string {
  if (target.phase !== 'previous') return `it is ${target.phase}, not previous`
  const from = retirableFrom(target)
  if (!force && from > now) return `it stays valid until ${instantAfter(from)}`
  const missing = missingTargets(current ?? target, policy.targets)
  if (missing.length > 0) return `${missing.join(', ')} may still hold it: the current one is not there`
  return { ...target, phase: 'retired', retiredAt: instantAfter(now) }
}

function record(
  { deliveries, corrected }: StepOf<'record'>,
  target: Generation,
  generations: readonly Generation[],
  { policy, now }: StepContext,
): Outcome {
  return generations.map((each) => {
    if (each === target) return { ...each, deliveries: merge(each.deliveries, deliveries) }
    if (!corrected || each.phase !== 'previous') return each
    const overlap = each.ended === 'revoked' ? policy.revokeOverlap : policy.overlap
    return { ...each, retireAfter: later(each.retireAfter, instantAfter(now, overlap)) }
  })
}

/** A generation as it begins, its end computed once and for all. */
export function fresh(
  generation: number,
  phase: 'issued' | 'current',
  { kind, lifetime }: RotationPolicy,
  now: Date,
): Generation {
  const dates = { issuedAt: instantAfter(now), endDate: instantAfter(now, lifetime) }
  return { generation, ...(kind && { kind }), phase, ...dates }
}

function withoutRun({ run: _run, takenOver: _takenOver, ...rest }: Generation): Generation {
  return rest
}

/** The latest record for each target. */
function merge(
  known: readonly DeliveryRecord[] = [],
  added: readonly DeliveryRecord[] = [],
): DeliveryRecord[] {
  const replaced = new Set(added.map(({ target }) => target))
  return [...known.filter(({ target }) => !replaced.has(target)), ...added]
}

function later(a: string | undefined, b: string): string {
  return a !== undefined && Date.parse(a) >= Date.parse(b) ? a : b
}

function earlier(a: string | undefined, b: string): string {
  return a !== undefined && Date.parse(a) <= Date.parse(b) ? a : b
}
