import pLimit from 'p-limit'
import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf } from '../../infra/rotation/generation.ts'
import { type Action, isWork, planRotation, type RotationRequest } from '../../infra/rotation/plan.ts'
import { type Policies, policiesOf } from '../../infra/rotation/policy.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { instantAfter } from '../../lib/duration.ts'
import { unrecordedIn } from '../stack/unrecorded.ts'
import { blockIfFull, dueIfGone, goneFrom, isLimitedBy } from './changed-by-others.ts'
import { deliverTo, deliveryOf, type SecretName, targetsOf } from './deliver.ts'
import { isFailure, type Outcome, type RotationPorts } from './ports.ts'
import { type Candidate, type CandidateResult, gaveWay, proveAndDeliver } from './promote.ts'
import { recordResults } from './record-results.ts'
import { repair } from './repair.ts'
import { type Retirement, retire } from './retire.ts'
import { withdrawalOf, withdrawUnrecorded } from './unrecorded.ts'

/** What a run will do, before it does it. */
export interface PlannedRotation {
  readonly request: RotationRequest
  readonly actions: readonly Action[]
  readonly declared: Awaited<ReturnType<RotationPorts['stack']['declared']>>
  readonly policies: Policies
  readonly outputs: StackOutputs
}

export interface RotationReport {
  readonly ok: boolean
  readonly outcomes: readonly Outcome[]
}

/** Secrets that are proved and delivered at the same time; more would have the tenant throttle the proofs. */
const PARALLEL = 8

type NewGeneration = Extract<Action, { do: 'issue' | 'continue' }>

/** Works out what is to be done. Changes nothing. */
export async function plan(request: RotationRequest, ports: RotationPorts): Promise<PlannedRotation> {
  const declared = await ports.stack.declared()
  const policies = policiesOf(declared)
  // In this order: what is recorded in between is in the ledger then.
  const credentials = await ports.stack.credentials()
  const outputs = await ports.stack.outputs()
  const unrecorded = unrecordedIn(credentials, outputs.ledger, policies)
  const planned = planRotation(outputs.ledger, policies, request, ports.now())
  const isLimited = planned.some((action) => action.do === 'issue' && isLimitedBy(action, declared))
  const held = request.mode === 'due' || isLimited ? await ports.heldKeys?.(outputs) : undefined
  const gone = request.mode === 'due' ? goneFrom(held, outputs.ledger) : []
  const actions = planned.flatMap((action) => dueIfGone(action, gone, outputs, policies, ports.now()))
  return {
    request,
    actions: [
      ...unrecorded.filter((each) => isSelected(each, request)).map(withdrawalOf),
      ...blockIfFull(actions, { held, credentials, declared, outputs }),
    ],
    declared,
    policies,
    outputs,
  }
}

/**
 * Carries a plan out: issue, prove, deliver, promote, retire. It can be ended at any moment and run again: what the
 * ledger holds is all it needs to continue, and until a generation is promoted the one before it is untouched.
 *
 * @throws CommandError when a deployment fails; consumers keep what they have, and the next run continues
 */
export async function rotate(planned: PlannedRotation, ports: RotationPorts): Promise<RotationReport> {
  const { actions, declared, policies } = planned
  const blocked = actions.flatMap(blockedOutcome)
  const withdrawn = await withdrawUnrecorded(actions, ports)
  const isFirst = (action: Action): action is Retirement => action.do === 'retire' && action.first
  const freed = await retire(actions.filter(isFirst), declared, policies, ports)
  const renewed = await renew(planned, ports)
  const later = planRotation(
    (await ports.stack.outputs()).ledger,
    policies,
    { ...planned.request, mode: 'retire' },
    ports.now(),
  )
  const retired = actions.some(isWork)
    ? await retire(
        later.filter((action) => action.do === 'retire'),
        declared,
        policies,
        ports,
      )
    : []
  const repaired = planned.request.mode === 'retire' ? [] : await repair(actions, declared, ports)
  const outcomes = [...blocked, ...withdrawn, ...freed, ...renewed, ...retired, ...repaired]
  return { ok: !outcomes.some(isFailure), outcomes }
}

/** Issues what is to be issued, proves and delivers it, and records how that ended. */
async function renew(planned: PlannedRotation, ports: RotationPorts): Promise<Outcome[]> {
  const news = planned.actions.filter(isNew)
  const deliveries = planned.actions.filter((action) => action.do === 'deliver')
  if (news.length === 0 && deliveries.length === 0) return []
  if (news.length > 0)
    await ports.stack.deploy({ at: instantAfter(ports.now()), steps: news.map((each) => issue(each, ports)) })
  const outputs = await ports.stack.outputs()
  const limit = pLimit(PARALLEL)
  const results = await Promise.all([
    ...news.map((each) => limit(() => renewOne(each, planned, outputs, ports))),
    ...deliveries.map((each) => limit(() => deliverCurrent(each, planned, outputs, ports))),
  ])
  return (await recordResults(results, ports, checkPromotion)).map(({ outcome }) => outcome)
}

/** Whether a request is about a credential. */
export function isSelected(
  { app, secret }: SecretName,
  wanted: Pick<RotationRequest, 'app' | 'secret'>,
): boolean {
  return app === (wanted.app ?? app) && secret === (wanted.secret ?? secret)
}

function isNew(action: Action): action is NewGeneration {
  return action.do === 'issue' || action.do === 'continue'
}

function issue({ app, secret, generation, revokes }: NewGeneration, { run }: RotationPorts): Step {
  return { do: 'issue', app, secret, generation, run, ...(revokes && { revokes }) }
}

async function renewOne(
  action: NewGeneration,
  { declared }: PlannedRotation,
  outputs: StackOutputs,
  ports: RotationPorts,
): Promise<CandidateResult> {
  const { app, secret, generation } = action
  const entry = outputs.ledger[app]?.[secret]?.find((each) => each.generation === generation)
  if (entry?.phase !== 'issued' || entry.run !== ports.run) {
    const detail = entry
      ? `it is ${entry.phase}, and another run is at work on it`
      : 'the deployment did not issue it; its warnings say why'
    return { steps: [], outcome: { app, secret, generation, result: 'blocked', detail } }
  }
  const targets = targetsOf(action, declared, ports.openTarget)
  const candidate: Candidate = { app, secret, generation, continued: entry.takenOver === true, targets }
  return proveAndDeliver(candidate, outputs, ports)
}

/** Gives the current generation to targets that never got it. */
async function deliverCurrent(
  { app, secret, generation, targets }: Extract<Action, { do: 'deliver' }>,
  { declared }: PlannedRotation,
  outputs: StackOutputs,
  ports: RotationPorts,
): Promise<CandidateResult> {
  const name = { app, secret, generation }
  ports.note(`${app}/${secret}: delivering g${generation} to ${targets.join(', ')}`)
  const opened = targetsOf(name, declared, ports.openTarget, targets)
  const delivery = deliveryOf(name, generation, outputs)
  const { records, failed, lost, exposed } = await deliverTo(opened, delivery, ports)
  if (lost) return gaveWay(name, lost, exposed)
  const steps: Step[] = records.length > 0 ? [{ do: 'record', ...name, deliveries: [...records] }] : []
  const undelivered = (reason: string): Outcome => ({
    ...name,
    result: 'failed',
    detail: `not delivered: ${reason}`,
  })
  if (failed) return { steps, outcome: undelivered(failed.message) }
  return {
    steps,
    outcome: { ...name, result: 'delivered', detail: `delivered to ${targets.join(', ')}` },
    delivered: {
      targets: opened,
      delivery,
      records,
      orElse: async (reason) => ({ steps: [], outcome: undelivered(reason) }),
    },
  }
}

/** Another run may have taken a generation over after this one had delivered it. */
function checkPromotion(result: CandidateResult, { ledger }: StackOutputs): CandidateResult {
  const { outcome, delivered } = result
  if (outcome.result !== 'rotated') return result
  const current = currentOf(ledger[outcome.app]?.[outcome.secret] ?? [])
  if (current?.generation === outcome.generation) return result
  const detail = 'it was not promoted: another run changed this credential meanwhile; run the command again'
  return {
    ...result,
    outcome: { ...outcome, result: 'failed', detail },
    disturbed: delivered?.targets ?? [],
  }
}

function blockedOutcome(action: Action): Outcome[] {
  if (action.do !== 'blocked') return []
  const { app, secret, because, fix } = action
  return [{ app, secret, generation: 0, result: 'blocked', detail: `${because}; ${fix}` }]
}
