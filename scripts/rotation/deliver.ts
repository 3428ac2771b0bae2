import type { RotationOutputs, StackOutputs } from '../../infra/contract/outputs.ts'
import { rotatedCredentials } from '../../infra/declaration/rotated-credentials.ts'
import { targetId } from '../../infra/declaration/schema/delivery.ts'
import type { DeliveryRecord, Generation } from '../../infra/rotation/generation.ts'
import { instantAfter } from '../../lib/duration.ts'
import { type Delivery, DeliveryError, type DeliveryTarget, GenerationLost } from '../delivery/index.ts'
import { requireOwned } from './fence.ts'
import type { RotationPorts } from './ports.ts'

/** Which secret, or certificate that is made here. */
export interface SecretName {
  readonly app: string
  readonly secret: string
}

/** What a delivery needs from the world. */
export type DeliveryPorts = Pick<RotationPorts, 'stack' | 'run' | 'now'>

/** What became of a delivery to several targets. */
export interface Delivered {
  readonly records: readonly DeliveryRecord[]
  /** The first target that failed; those after it were not tried. */
  readonly failed?: DeliveryError
  /** The generation is another run's by now; what is exposed may hold what no consumer should get any more. */
  readonly lost?: GenerationLost
  /** Targets from which a consumer may have read the secret. */
  readonly exposed: readonly DeliveryTarget[]
}

/** The targets a secret is declared with. */
export function targetsOf(
  { app, secret }: SecretName,
  declared: Readonly<Record<string, RotationOutputs>>,
  openTarget: RotationPorts['openTarget'],
  only?: readonly string[],
): DeliveryTarget[] {
  const declaration = declared[app]
  const declarations = declaration ? (rotatedCredentials(declaration)[secret]?.deliver ?? []) : []
  return declarations.filter((each) => !only || only.includes(targetId(each))).map(openTarget)
}

/**
 * What consumers need of one generation.
 *
 * @throws RangeError when the stack's outputs do not hold it
 */
export function deliveryOf({ app, secret }: SecretName, generation: number, outputs: StackOutputs): Delivery {
  const facts = outputs.apps[app]
  const isIt = (each: { readonly generation?: number | undefined }) => each.generation === generation
  const asSecret = facts?.secrets[secret]?.find(isIt)
  const issued = asSecret ?? facts?.certificates[secret]?.find(isIt)
  const value = outputs.secretValues[app]?.[secret]?.[generation]
  if (!facts || !issued || value === undefined) {
    throw new RangeError(`The stack holds no value for g${generation} of ${app}/${secret}`)
  }
  const { tenantId, clientId } = facts
  const { keyId, endDate } = issued
  const kind = asSecret ? 'secret' : 'certificate'
  return { app, secret, kind, generation, tenantId, clientId, keyId, endDate, value }
}

/**
 * Delivers to one target after the other, and stops at the first that fails: the rest keep what they have. Before each
 * write, and after the last one, the generation has to be this run's in the ledger.
 */
export async function deliverTo(
  targets: readonly DeliveryTarget[],
  delivery: Delivery,
  ports: DeliveryPorts,
): Promise<Delivered> {
  const records: DeliveryRecord[] = []
  const exposed: DeliveryTarget[] = []
  let isWritten = false
  const beforeWrite = async () => {
    await requireOwned(delivery, ports)
    isWritten = true
  }
  const deliver = async (target: DeliveryTarget) => {
    const { version } = await target.deliver(delivery, { beforeWrite })
    exposed.push(target)
    const record = { target: target.id, at: instantAfter(ports.now()), keyId: delivery.keyId }
    records.push(version === undefined ? record : { ...record, version })
  }
  try {
    for (const target of targets) {
      try {
        await deliver(target)
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error
        if (error.exposed) exposed.push(target)
        if (isWritten) await requireOwned(delivery, ports)
        return { records, failed: error, exposed }
      }
    }
    if (isWritten) await requireOwned(delivery, ports)
    return { records, exposed }
  } catch (error) {
    if (error instanceof GenerationLost) return { records: [], lost: error, exposed }
    throw error
  }
}

/**
 * Asks the targets of a delivery once more, when nothing is written any more: a write to one may have undone another's.
 *
 * @returns what is wrong, undefined when each of them holds the secret or cannot tell
 */
export async function unconfirmed(
  targets: readonly DeliveryTarget[],
  delivery: Delivery,
  records: readonly DeliveryRecord[],
): Promise<string | undefined> {
  for (const target of targets) {
    const record = records.find((each) => each.target === target.id)
    try {
      if ((await target.holds(delivery, record?.version)) === 'no') {
        return `${target.id}: something else was written there after the secret`
      }
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      return error.message
    }
  }
  return undefined
}

/**
 * Makes sure that every target holds the current generation, and gives it again to those that do not: somebody may
 * have changed them, or an earlier run may have been cut short.
 *
 * @returns the records of what had to be delivered again
 */
export async function confirm(
  targets: readonly DeliveryTarget[],
  delivery: Delivery,
  { deliveries = [] }: Pick<Generation, 'deliveries'>,
  ports: DeliveryPorts,
): Promise<Delivered> {
  const lacking: DeliveryTarget[] = []
  for (const target of targets) {
    const record = deliveries.find((each) => each.target === target.id && each.keyId === delivery.keyId)
    try {
      if (!record || (await target.holds(delivery, record.version)) === 'no') lacking.push(target)
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      return { records: [], failed: error, exposed: [] }
    }
  }
  return deliverTo(lacking, delivery, ports)
}
