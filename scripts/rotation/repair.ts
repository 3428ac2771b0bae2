import { currentOf } from '../../infra/rotation/generation.ts'
import type { Action } from '../../infra/rotation/plan.ts'
import { isWork } from '../../infra/rotation/plan.ts'
import type { Step } from '../../infra/rotation/steps.ts'
import { confirm, deliveryOf, type SecretName, targetsOf } from './deliver.ts'
import type { Outcome, RotationPorts } from './ports.ts'
import { type CandidateResult, gaveWay } from './promote.ts'
import { recordResults } from './record-results.ts'

/**
 * Makes sure that the targets of credentials that need nothing else hold the current generation, as far as they can be
 * read, and delivers it again to those that do not: somebody may have changed them, or a run that was held up.
 *
 * @returns an outcome for each credential that was delivered again, or could not be
 */
export async function repair(
  actions: readonly Action[],
  declared: Awaited<ReturnType<RotationPorts['stack']['declared']>>,
  ports: RotationPorts,
): Promise<Outcome[]> {
  const { ledger } = await ports.stack.outputs()
  const results = await Promise.all(
    untouched(actions)
      .filter(({ app, secret }) => currentOf(ledger[app]?.[secret] ?? []))
      .map((name) => repairOne(name, declared, ports)),
  )
  const delivered = results.filter((each) => each !== undefined)
  return (await recordResults(delivered, ports)).map(({ outcome }) => outcome)
}

/** The credentials for which nothing was planned but to wait. */
function untouched(actions: readonly Action[]): SecretName[] {
  const isBusy = ({ app, secret }: SecretName) =>
    actions.some((each) => each.app === app && each.secret === secret && isWork(each))
  const names = new Map(actions.map(({ app, secret }) => [JSON.stringify([app, secret]), { app, secret }]))
  return [...names.values()].filter((name) => !isBusy(name))
}

async function repairOne(
  name: SecretName,
  declared: Awaited<ReturnType<RotationPorts['stack']['declared']>>,
  ports: RotationPorts,
): Promise<CandidateResult | undefined> {
  const outputs = await ports.stack.outputs()
  const current = currentOf(outputs.ledger[name.app]?.[name.secret] ?? [])
  const targets = targetsOf(name, declared, ports.openTarget)
  if (!current || targets.length === 0) return undefined
  const { generation } = current
  const on = { ...name, generation }
  const delivery = deliveryOf(name, generation, outputs)
  const { records, failed, lost, exposed } = await confirm(targets, delivery, current, ports)
  if (lost) return gaveWay(on, lost, exposed)
  const failedWith = (detail: string): Outcome => ({ ...on, result: 'failed', detail })
  const record: Step = { do: 'record', ...on, deliveries: [...records], corrected: true }
  const steps = records.length > 0 ? [record] : []
  if (failed) return { steps, outcome: failedWith(`not confirmed: ${failed.message}`) }
  if (records.length === 0) return undefined
  const where = records.map(({ target }) => target)
  return {
    steps,
    outcome: {
      ...on,
      result: 'delivered',
      detail: `${where.join(', ')} did not hold it, and was given it again`,
    },
    delivered: {
      targets: targets.filter(({ id }) => where.includes(id)),
      delivery,
      records,
      orElse: async (reason) => ({ steps: [], outcome: failedWith(`not confirmed: ${reason}`) }),
    },
  }
}
