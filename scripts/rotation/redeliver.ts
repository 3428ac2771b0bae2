import { currentOf } from '../../infra/rotation/generation.ts'
import { policiesOf } from '../../infra/rotation/policy.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { DeliveryError, type DeliveryTarget } from '../delivery/index.ts'
import { unrecordedIn } from '../stack/unrecorded.ts'
import { type Delivered, deliverTo, deliveryOf, type SecretName, targetsOf } from './deliver.ts'
import type { Outcome, RotationPorts } from './ports.ts'
import { type CandidateResult, gaveWay } from './promote.ts'
import { recordResults } from './record-results.ts'
import { isSelected, type RotationReport } from './rotate.ts'
import { withdrawalOf, withdrawUnrecorded } from './unrecorded.ts'

/** Which secrets to deliver. */
export interface Selection {
  /** Default: all. */
  readonly app?: string
  /** Default: all. */
  readonly secret?: string
}

/**
 * Gives the current generation to every target that does not hold it, or cannot tell, and records what that changed.
 * Nothing is issued and nothing is retired.
 */
export async function redeliver(selection: Selection, ports: RotationPorts): Promise<RotationReport> {
  const declared = await ports.stack.declared()
  const policies = policiesOf(declared)
  const credentials = await ports.stack.credentials()
  const unrecorded = unrecordedIn(credentials, (await ports.stack.outputs()).ledger, policies)
  const withdrawn = await withdrawUnrecorded(
    unrecorded.filter((each) => isSelected(each, selection)).map(withdrawalOf),
    ports,
  )
  const outputs = await ports.stack.outputs()
  const names = Object.entries(policies).flatMap(([app, secrets]) =>
    Object.keys(secrets).map((secret) => ({ app, secret })),
  )
  const wanted = names.filter((name) => isSelected(name, selection))
  const results = await Promise.all(
    wanted.map((name) => redeliverOne(name, targetsOf(name, declared, ports.openTarget), outputs, ports)),
  )
  const delivered = results.filter((result) => result !== undefined)
  const outcomes = (await recordResults(delivered, ports)).map(({ outcome }) => outcome)
  return {
    ok: outcomes.every(({ result }) => result === 'delivered'),
    outcomes: [...withdrawn, ...outcomes],
  }
}

async function redeliverOne(
  name: SecretName,
  targets: readonly DeliveryTarget[],
  outputs: Awaited<ReturnType<RotationPorts['stack']['outputs']>>,
  ports: RotationPorts,
): Promise<CandidateResult | undefined> {
  const current = currentOf(outputs.ledger[name.app]?.[name.secret] ?? [])
  if (!current || targets.length === 0) return undefined
  const { generation, deliveries = [] } = current
  const delivery = deliveryOf(name, generation, outputs)
  const recordOf = ({ id }: DeliveryTarget) =>
    deliveries.find(({ target, keyId }) => target === id && keyId === delivery.keyId)
  ports.note(`${name.app}/${name.secret}: g${generation} to ${targets.map(({ id }) => id).join(', ')}`)

  const news: DeliveryTarget[] = []
  const changed: DeliveryTarget[] = []
  const unsure: DeliveryTarget[] = []
  try {
    for (const target of targets) {
      const record = recordOf(target)
      const holds = record && (await target.holds(delivery, record.version))
      if (holds === undefined) news.push(target)
      else if (holds === 'no') changed.push(target)
      else if (holds === 'unknown') unsure.push(target)
    }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return { steps: [], outcome: { ...name, generation, result: 'failed', detail: error.message } }
  }
  const recorded = await deliverTo([...changed, ...news], delivery, ports)
  const repeated =
    recorded.failed || recorded.lost ? NOTHING_DELIVERED : await deliverTo(unsure, delivery, ports)
  const lost = recorded.lost ?? repeated.lost
  if (lost) return gaveWay({ ...name, generation }, lost, [...recorded.exposed, ...repeated.exposed])
  // What a target names anew has to be asked for by that name; the rest is recorded already.
  const renamed = repeated.records.filter(({ version }) => version !== undefined)
  const record: Step = {
    do: 'record',
    ...name,
    generation,
    deliveries: [...recorded.records, ...renamed],
    ...(changed.length > 0 && { corrected: true }),
  }
  const steps = record.deliveries.length > 0 ? [record] : []
  const failedWith = (detail: string): Outcome => ({ ...name, generation, result: 'failed', detail })
  const failed = recorded.failed ?? repeated.failed
  if (failed) return { steps, outcome: failedWith(failed.message) }
  return {
    steps,
    outcome: { ...name, generation, result: 'delivered', detail: describe(targets, [...changed, ...news]) },
    delivered: {
      targets,
      delivery,
      records: [...record.deliveries, ...deliveries],
      orElse: async (reason) => ({ steps: [], outcome: failedWith(reason) }),
    },
  }
}

const NOTHING_DELIVERED: Delivered = { records: [], exposed: [] }

function describe(targets: readonly DeliveryTarget[], written: readonly DeliveryTarget[]): string {
  return targets
    .map((target) => `${target.id} ${written.includes(target) ? 'written' : 'confirmed'}`)
    .join(', ')
}
