import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { rotatedCredentials } from '../../infra/declaration/rotated-credentials.ts'
import { targetId } from '../../infra/declaration/schema/delivery.ts'
import type { AppDeclaration } from '../../infra/declaration/schema.ts'
import type { DeliveryRecord, Generation } from '../../infra/rotation/generation.ts'
import { instantAfter } from '../../lib/duration.ts'
import { type Delivery, DeliveryError, type DeliveryTarget } from '../delivery/index.ts'
import type { RotationPorts } from './ports.ts'

/** Which secret, or certificate that is made here. */
export interface SecretName {
  readonly app: string
  readonly secret: string
}

/** What became of a delivery to several targets. */
export interface Delivered {
  readonly records: readonly DeliveryRecord[]
  /** The first target that failed; those after it were not tried. */
  readonly failed?: DeliveryError
  /** Targets from which a consumer may have read the secret. */
  readonly exposed: readonly DeliveryTarget[]
}

/** The targets a secret is declared with. */
export function targetsOf(
  { app, secret }: SecretName,
  declared: Readonly<Record<string, AppDeclaration>>,
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

/** Delivers to one target after the other, and stops at the first that fails: the rest keep what they have. */
export async function deliverTo(
  targets: readonly DeliveryTarget[],
  delivery: Delivery,
  now: () => Date,
): Promise<Delivered> {
  const records: DeliveryRecord[] = []
  const exposed: DeliveryTarget[] = []
  for (const target of targets) {
    try {
      const { version } = await target.deliver(delivery)
      exposed.push(target)
      const record = { target: target.id, at: instantAfter(now()), keyId: delivery.keyId }
      records.push(version === undefined ? record : { ...record, version })
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      return { records, failed: error, exposed: error.exposed ? [...exposed, target] : exposed }
    }
  }
  return { records, exposed }
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
  now: () => Date,
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
  return deliverTo(lacking, delivery, now)
}
