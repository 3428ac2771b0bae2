import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf, type DeliveryRecord } from '../../infra/rotation/generation.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { instantAfter } from '../../lib/duration.ts'
import type { Delivery, DeliveryTarget, GenerationLost } from '../delivery/index.ts'
import { deliverTo, deliveryOf, type SecretName } from './deliver.ts'
import { lossOf } from './fence.ts'
import type { Outcome, RotationPorts } from './ports.ts'
import { judgeGeneration, proofTarget } from './prove-generation.ts'

/** An issued generation that this run is at work on. */
export interface Candidate extends SecretName {
  readonly generation: number
  /** Issued by another run, which may have delivered it before it ended, or may still be at it. */
  readonly continued: boolean
  readonly targets: readonly DeliveryTarget[]
}

/** What is to be recorded about it, and what to say. */
export interface CandidateResult {
  readonly steps: readonly Step[]
  readonly outcome: Outcome
  /** What the steps say was delivered: to be confirmed when nothing is written any more. */
  readonly delivered?: {
    readonly targets: readonly DeliveryTarget[]
    readonly delivery: Delivery
    readonly records: readonly DeliveryRecord[]
    /** What to do where it is not confirmed. */
    readonly orElse: (reason: string) => Promise<CandidateResult>
  }
  /** Written although the generation was another run's by then. */
  readonly disturbed?: readonly DeliveryTarget[]
}

/** Proves a generation and delivers it. Whatever fails, the current generation stays what consumers have. */
export async function proveAndDeliver(
  candidate: Candidate,
  outputs: StackOutputs,
  ports: RotationPorts,
): Promise<CandidateResult> {
  const { app, secret, generation, continued, targets } = candidate
  const name = { app, secret, generation }
  const current = currentOf(outputs.ledger[app]?.[secret] ?? [])
  ports.note(`${app}/${secret}: proving g${generation}`)
  const judgement = await judgeGeneration(
    proofTarget(candidate, generation, outputs),
    current && proofTarget(candidate, current.generation, outputs),
    ports,
  )
  if (!judgement.ok) {
    return withdraw(candidate, `not proved: ${judgement.detail}`, continued ? targets : [], outputs, ports)
  }
  const provedAt = instantAfter(ports.now())
  if (targets.length > 0) ports.note(`${app}/${secret}: delivering g${generation} to ${ids(targets)}`)
  const delivery = deliveryOf(candidate, generation, outputs)
  const { records, failed, lost, exposed } = await deliverTo(targets, delivery, ports)
  if (lost) return gaveWay(name, lost, exposed)
  if (failed) {
    const reason = `not delivered: ${failed.message}`
    return withdraw(candidate, reason, continued ? targets : exposed, outputs, ports)
  }
  const delivered = targets.length > 0 ? `, delivered to ${ids(targets)}` : ''
  return {
    steps: [{ do: 'promote', ...name, provedAt, deliveries: [...records] }],
    outcome: { ...name, result: 'rotated', detail: `${judgement.detail}${delivered}` },
    delivered: {
      targets,
      delivery,
      records,
      orElse: (reason) => withdraw(candidate, `not delivered: ${reason}`, targets, outputs, ports),
    },
  }
}

/** The outcome for a generation that another run decides about by now. */
export function gaveWay(
  name: Omit<Outcome, 'result' | 'detail'>,
  lost: GenerationLost,
  disturbed: readonly DeliveryTarget[],
): CandidateResult {
  return {
    steps: [],
    outcome: { ...name, result: 'failed', detail: `${lost.message}; run the command again` },
    disturbed,
  }
}

/**
 * Takes a failed generation back. Targets from which a consumer may have read it are given the current one again
 * first; where that fails, the generation stays issued, so that nobody holds a secret that is about to go.
 */
async function withdraw(
  candidate: Candidate,
  reason: string,
  exposed: readonly DeliveryTarget[],
  outputs: StackOutputs,
  ports: RotationPorts,
): Promise<CandidateResult> {
  const { app, secret, generation } = candidate
  const name = { app, secret, generation }
  const step = { do: 'withdraw' as const, ...name, run: ports.run, exposed: exposed.length > 0 }
  const lost = await lossOf(deliveryOf(candidate, generation, outputs), ports)
  if (lost) return gaveWay(name, lost, exposed)
  const current = currentOf(outputs.ledger[app]?.[secret] ?? [])
  if (exposed.length === 0 || !current) {
    return {
      steps: [step],
      outcome: { ...name, result: 'withdrawn', detail: `${reason}; ${unchanged(current)}` },
    }
  }
  const old = `g${current.generation}`
  ports.note(`${app}/${secret}: putting ${old} back to ${ids(exposed)}`)
  const restored = await deliverTo(exposed, deliveryOf(candidate, current.generation, outputs), ports)
  if (restored.lost) return gaveWay(name, restored.lost, exposed)
  const record: Step = {
    do: 'record',
    app,
    secret,
    generation: current.generation,
    deliveries: [...restored.records],
  }
  if (restored.failed) {
    const stays = `it stays issued, because ${old} could not be put back: ${restored.failed.message}; both are valid, run again`
    return { steps: [record], outcome: { ...name, result: 'failed', detail: `${reason}; ${stays}` } }
  }
  const stays = `${old} is back at ${ids(exposed)}, and g${generation} stays valid for the overlap, since consumers may have read it`
  return { steps: [record, step], outcome: { ...name, result: 'withdrawn', detail: `${reason}; ${stays}` } }
}

function unchanged(current: { readonly generation: number } | undefined): string {
  return current ? `g${current.generation} is as it was` : 'nothing else was changed'
}

function ids(targets: readonly DeliveryTarget[]): string {
  return targets.map(({ id }) => id).join(', ')
}
