import { currentOf } from '../../infra/rotation/generation.ts'
import { policiesOf } from '../../infra/rotation/policy.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { instantAfter } from '../../lib/duration.ts'
import { DeliveryError, type DeliveryTarget } from '../delivery/index.ts'
import { deliverTo, deliveryOf, type SecretName, targetsOf } from './deliver.ts'
import type { Outcome, RotationPorts } from './ports.ts'
import type { RotationReport } from './rotate.ts'

/** Which secrets to deliver. */
export interface Selection {
  /** Default: all. */
  readonly app?: string
  /** Default: all. */
  readonly secret?: string
}

interface Redelivered {
  readonly steps: readonly Step[]
  readonly outcome: Outcome
}

/**
 * Gives the current generation to every target that does not hold it, or cannot tell, and records what that changed.
 * Nothing is issued and nothing is retired.
 */
export async function redeliver(selection: Selection, ports: RotationPorts): Promise<RotationReport> {
  const declared = await ports.stack.declared()
  const outputs = await ports.stack.outputs()
  const names = Object.entries(policiesOf(declared)).flatMap(([app, secrets]) =>
    Object.keys(secrets).map((secret) => ({ app, secret })),
  )
  const wanted = names.filter(
    ({ app, secret }) => app === (selection.app ?? app) && secret === (selection.secret ?? secret),
  )
  const results = await Promise.all(
    wanted.map((name) => one(name, targetsOf(name, declared, ports.openTarget), outputs, ports)),
  )
  const done = results.filter((result) => result !== undefined)
  const steps = done.flatMap((result) => result.steps)
  if (steps.length > 0) await ports.stack.deploy({ at: instantAfter(ports.now()), steps })
  const outcomes = done.map(({ outcome }) => outcome)
  return { ok: outcomes.every(({ result }) => result === 'delivered'), outcomes }
}

async function one(
  name: SecretName,
  targets: readonly DeliveryTarget[],
  outputs: Awaited<ReturnType<RotationPorts['stack']['outputs']>>,
  { now, note }: RotationPorts,
): Promise<Redelivered | undefined> {
  const current = currentOf(outputs.ledger[name.app]?.[name.secret] ?? [])
  if (!current || targets.length === 0) return undefined
  const { generation, deliveries = [] } = current
  const delivery = deliveryOf(name, generation, outputs)
  const recordOf = ({ id }: DeliveryTarget) =>
    deliveries.find(({ target, keyId }) => target === id && keyId === delivery.keyId)
  note(`${name.app}/${name.secret}: g${generation} to ${targets.map(({ id }) => id).join(', ')}`)

  const news: DeliveryTarget[] = []
  const changed: DeliveryTarget[] = []
  const unsure: DeliveryTarget[] = []
  try {
    for (const target of targets) {
      const record = recordOf(target)
      if (!record) news.push(target)
      else if ((await target.holds(delivery, record.version)) === 'no') changed.push(target)
      else unsure.push(target)
    }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return { steps: [], outcome: { ...name, generation, result: 'failed', detail: error.message } }
  }
  const recorded = await deliverTo([...changed, ...news], delivery, now)
  const repeated = recorded.failed ? recorded : await deliverTo(unsure, delivery, now)
  const failed = recorded.failed ?? repeated.failed
  const record: Step = {
    do: 'record',
    ...name,
    generation,
    deliveries: [...recorded.records],
    ...(changed.length > 0 && { corrected: true }),
  }
  return {
    steps: recorded.records.length > 0 ? [record] : [],
    outcome: failed
      ? { ...name, generation, result: 'failed', detail: failed.message }
      : { ...name, generation, result: 'delivered', detail: describe(targets, [...changed, ...news]) },
  }
}

function describe(targets: readonly DeliveryTarget[], written: readonly DeliveryTarget[]): string {
  return targets
    .map((target) => `${target.id} ${written.includes(target) ? 'written' : 'confirmed'}`)
    .join(', ')
}
