import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { currentOf, issuedOf } from '../../infra/rotation/generation.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { instantAfter } from '../../lib/duration.ts'
import type { DeliveryTarget } from '../delivery/index.ts'
import { deliverTo, deliveryOf, type SecretName } from './deliver.ts'
import type { RotationPorts } from './ports.ts'

/** Targets that a run has written a generation to which it had lost by then. */
export interface Disturbed {
  readonly name: SecretName & { readonly generation: number }
  readonly targets: readonly DeliveryTarget[]
}

/** How often the current generation may change while it is being put back. */
const ATTEMPTS = 4

/**
 * Gives targets the current generation of the ledger, whichever that is when it is done, and records it: readers of
 * those targets may hold an older one, and an issued one of another run has to be delivered again.
 *
 * A generation that another run took over is left to that run, which delivers or withdraws it everywhere.
 */
export async function putBack(disturbed: readonly Disturbed[], ports: RotationPorts): Promise<void> {
  let left = disturbed.filter(({ targets }) => targets.length > 0)
  for (let attempt = 0; left.length > 0 && attempt < ATTEMPTS; attempt++) {
    const outputs = await ports.stack.outputs({ fresh: true })
    left = left.filter(({ name }) => needsCurrent(name, outputs))
    const steps = (await Promise.all(left.map((each) => giveCurrent(each, outputs, ports)))).flat()
    if (steps.length > 0) await ports.stack.deploy({ at: instantAfter(ports.now()), steps })
    const after = await ports.stack.outputs({ fresh: true })
    left = left.filter(({ name }) => generationOf(name, after) !== generationOf(name, outputs))
  }
}

function needsCurrent({ app, secret, generation }: Disturbed['name'], { ledger }: StackOutputs): boolean {
  const generations = ledger[app]?.[secret] ?? []
  const isSettled = [currentOf(generations), issuedOf(generations)].some(
    (each) => each?.generation === generation,
  )
  return currentOf(generations) !== undefined && !isSettled
}

function generationOf({ app, secret }: SecretName, { ledger }: StackOutputs): number | undefined {
  return currentOf(ledger[app]?.[secret] ?? [])?.generation
}

async function giveCurrent(
  { name: { app, secret }, targets }: Disturbed,
  outputs: StackOutputs,
  ports: RotationPorts,
): Promise<Step[]> {
  const generation = generationOf({ app, secret }, outputs)
  if (generation === undefined) return []
  ports.note(`${app}/${secret}: putting g${generation} back to ${targets.map(({ id }) => id).join(', ')}`)
  const { records, failed } = await deliverTo(
    targets,
    deliveryOf({ app, secret }, generation, outputs),
    ports,
  )
  if (failed) ports.note(`${app}/${secret}: ${failed.message}`)
  if (records.length === 0) return []
  return [{ do: 'record', app, secret, generation, deliveries: [...records], corrected: true }]
}
