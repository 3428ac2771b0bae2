import { days, instantAfter } from '../../lib/duration.ts'
import {
  currentOf,
  type Generation,
  generationsOf,
  issuedOf,
  type Ledger,
  missingTargets,
  nextGeneration,
} from './generation.ts'
import { dueAt } from './ledger.ts'
import type { Policies, RotationPolicy } from './policy.ts'
import { hasRoom, overdueOf, retirableFrom } from './steps.ts'

/** What somebody wants from a rotation run. */
export interface RotationRequest {
  /**
   * - `due`: what the policies ask for at this moment
   * - `now`: a new generation, due or not
   * - `revoke`: the secret has leaked; the overlap is a day at most
   * - `revoke-now`: it has leaked, and its consumers may be cut off
   * - `retire`: nothing but overdue retirements
   */
  readonly mode: 'due' | 'now' | 'revoke' | 'revoke-now' | 'retire'
  /** Only this application. Default: all. */
  readonly app?: string
  /** Only secrets of this name. Default: all. */
  readonly secret?: string
}

/** What a run will do, or will not and why, for one secret. */
export type Action = { readonly app: string; readonly secret: string } & (
  | {
      /** A generation to issue, prove, deliver and promote; `continue` finds it issued by an earlier run. */
      readonly do: 'issue' | 'continue'
      readonly generation: number
      readonly because: string
      readonly targets: readonly string[]
      readonly revokes?: 'soon' | 'now'
      /** What becomes of the one that is current now. */
      readonly overlap: string
    }
  | { readonly do: 'deliver'; readonly generation: number; readonly targets: readonly string[] }
  | {
      /** Nobody has it, and the ledger does not know it: deleted with the next deployment. */
      readonly do: 'withdraw'
      readonly generation: number
      readonly because: string
    }
  | {
      readonly do: 'retire'
      readonly generation: number
      readonly because: string
      /** Before the new one is issued, which needs its place. */
      readonly first: boolean
      /** Although its overlap has not passed. */
      readonly force: boolean
    }
  | { readonly do: 'keep'; readonly generation: number; readonly until: string }
  | { readonly do: 'blocked'; readonly because: string; readonly fix: string }
  | { readonly do: 'idle'; readonly because: string; readonly due?: string }
)

/** Actions that change something; the others explain why nothing happens. */
export function isWork(action: Action): boolean {
  return (
    action.do === 'issue' ||
    action.do === 'continue' ||
    action.do === 'deliver' ||
    action.do === 'withdraw' ||
    action.do === 'retire'
  )
}

/** What a rotation run does at `now`, secret by secret. */
export function planRotation(
  ledger: Ledger,
  policies: Policies,
  request: RotationRequest,
  now: Date,
): Action[] {
  return Object.entries(policies)
    .filter(([app]) => request.app === undefined || request.app === app)
    .flatMap(([app, secrets]) =>
      Object.entries(secrets)
        .filter(([secret]) => request.secret === undefined || request.secret === secret)
        .flatMap(([secret, policy]) =>
          planSecret(generationsOf(ledger, app, secret, policy.kind), policy, request.mode, now).map(
            (action): Action => ({ app, secret, ...action }),
          ),
        ),
    )
}

/** The plan in words, a line for each action. */
export function describeAction(action: Action): string {
  const subject = `${action.app}/${action.secret}`
  switch (action.do) {
    case 'issue':
    case 'continue': {
      const verb = action.do === 'issue' ? 'issue' : 'go on with'
      const delivery = action.targets.length > 0 ? `deliver it to ${action.targets.join(', ')}, ` : ''
      return `${subject}: ${verb} g${action.generation} (${action.because}), prove it, ${delivery}promote it; ${action.overlap}`
    }
    case 'deliver':
      return `${subject}: deliver g${action.generation} to ${action.targets.join(', ')}, which does not hold it`
    case 'withdraw':
      return `${subject}: delete g${action.generation} (${action.because})`
    case 'retire': {
      const force = action.force ? '; WARNING: consumers that still hold it are cut off' : ''
      return `${subject}: retire g${action.generation}${action.first ? ' first' : ''} (${action.because})${force}`
    }
    case 'keep':
      return `${subject}: keep g${action.generation}, which stays valid until ${action.until}`
    case 'blocked':
      return `${subject}: BLOCKED, ${action.because}; ${action.fix}`
    case 'idle':
      return `${subject}: nothing to do, ${action.because}`
  }
}

type SecretAction = Action extends infer A ? (A extends Action ? Omit<A, 'app' | 'secret'> : never) : never

function planSecret(
  generations: readonly Generation[],
  policy: RotationPolicy,
  mode: RotationRequest['mode'],
  now: Date,
): SecretAction[] {
  if (policy.isRetiring) return [{ do: 'idle', because: 'the application is being retired' }]
  const current = currentOf(generations)
  if (!current) return [{ do: 'idle', because: 'it was never deployed (`up` issues its first generation)' }]
  const issue = mode === 'retire' ? [] : planIssue(generations, current, policy, mode, now)
  const missing = missingTargets(current, policy.targets)
  const deliver: SecretAction[] =
    mode !== 'retire' && !issue.some(isNew) && missing.length > 0
      ? [{ do: 'deliver', generation: current.generation, targets: missing }]
      : []
  const planned = new Set(issue.flatMap((action) => (action.do === 'retire' ? [action.generation] : [])))
  const rest = generations.filter(({ phase, generation }) => phase === 'previous' && !planned.has(generation))
  const actions = [...issue, ...deliver, ...rest.map((each) => planRetirement(each, now))]
  if (actions.some(({ do: kind }) => kind !== 'keep')) return actions
  const due = instantAfter(dueAt(current, policy))
  return [{ do: 'idle', because: `g${current.generation} is due on ${due}`, due }, ...actions]
}

function planIssue(
  generations: readonly Generation[],
  current: Generation,
  policy: RotationPolicy,
  mode: Exclude<RotationRequest['mode'], 'retire'>,
  now: Date,
): SecretAction[] {
  const revokes = REVOKES[mode]
  const common = {
    targets: policy.targets,
    overlap: overlapInWords(current, policy, revokes),
    ...(revokes && { revokes }),
  }
  const issued = issuedOf(generations)
  if (issued) {
    const because = 'an earlier run issued it and did not finish'
    return [{ do: 'continue', generation: issued.generation, because, ...common }]
  }
  const because = reason(current, policy, mode, now)
  if (!because) return []
  const room = makeRoom(generations, policy, mode, now)
  if (room.some(({ do: kind }) => kind === 'blocked')) return room
  return [...room, { do: 'issue', generation: nextGeneration(generations), because, ...common }]
}

const REVOKES: Readonly<Record<RotationRequest['mode'], 'soon' | 'now' | undefined>> = {
  due: undefined,
  now: undefined,
  revoke: 'soon',
  'revoke-now': 'now',
  retire: undefined,
}

function reason(
  current: Generation,
  policy: RotationPolicy,
  mode: RotationRequest['mode'],
  now: Date,
): string | undefined {
  if (mode === 'now') return 'asked for'
  if (mode !== 'due') return `g${current.generation} has leaked`
  const due = dueAt(current, policy)
  return due <= now ? `g${current.generation} was due on ${instantAfter(due)}` : undefined
}

/** What must go before another generation may be issued; a blocked plan if nothing may. */
function makeRoom(
  generations: readonly Generation[],
  policy: RotationPolicy,
  mode: RotationRequest['mode'],
  now: Date,
): SecretAction[] {
  if (hasRoom(generations, policy)) return []
  const overdue = overdueOf(generations, now)
  if (overdue.length > 0) return overdue.map((each) => ({ ...retirement(each), first: true }))
  const oldest = generations.filter(({ phase }) => phase === 'previous').sort(byRetirement)[0]
  if (oldest && mode === 'revoke-now') {
    return [{ ...retirement(oldest), because: 'its place is needed', first: true, force: true }]
  }
  return [
    {
      do: 'blocked',
      because: `${policy.maxLive} generations are live, which is the limit, and none may be retired before ${oldest?.retireAfter ?? 'another is current'}`,
      fix:
        mode === 'revoke'
          ? '`--revoke --immediately` retires the oldest at once and cuts off who still holds it'
          : 'run again after that',
    },
  ]
}

function planRetirement(each: Generation, now: Date): SecretAction {
  const from = retirableFrom(each)
  if (from <= now) return retirement(each)
  return { do: 'keep', generation: each.generation, until: instantAfter(from) }
}

function retirement({
  generation,
  retireAfter,
  endDate,
}: Generation): Extract<SecretAction, { do: 'retire' }> {
  return {
    do: 'retire',
    generation,
    because: `valid until ${retireAfter ?? endDate}`,
    first: false,
    force: false,
  }
}

function overlapInWords(
  current: Generation,
  policy: RotationPolicy,
  revokes: 'soon' | 'now' | undefined,
): string {
  const name = `g${current.generation}`
  if (revokes === 'now')
    return `${name} is deleted at once; WARNING: consumers that still hold it are cut off`
  return `${name} stays valid for ${days(revokes ? policy.revokeOverlap : policy.overlap)} after that`
}

function isNew(action: SecretAction): boolean {
  return action.do === 'issue' || action.do === 'continue'
}

function byRetirement(a: Generation, b: Generation): number {
  return Date.parse(a.retireAfter ?? a.endDate) - Date.parse(b.retireAfter ?? b.endDate)
}
