import type { StackOutputs } from '../../infra/contract/outputs.ts'
import { instantAfter } from '../../lib/duration.ts'
import { unconfirmed } from './deliver.ts'
import type { RotationPorts } from './ports.ts'
import type { CandidateResult } from './promote.ts'
import { putBack } from './put-back.ts'

/**
 * Ends what was done to several generations, when nothing is written any more: confirms the deliveries, records the steps
 * in one deployment, and puts the current generation back where another run's was written.
 *
 * @param judge looks at each result once more, with the outputs after the deployment
 * @returns the results as they are now
 * @throws CommandError when the deployment fails
 */
export async function recordResults(
  results: readonly CandidateResult[],
  ports: RotationPorts,
  judge: (result: CandidateResult, after: StackOutputs) => CandidateResult = (result) => result,
): Promise<CandidateResult[]> {
  const confirmed = await Promise.all(results.map(whenConfirmed))
  const steps = confirmed.flatMap((each) => each.steps)
  if (steps.length > 0) await ports.stack.deploy({ at: instantAfter(ports.now()), steps })
  const after = await ports.stack.outputs()
  const judged = confirmed.map((each) => judge(each, after))
  await putBack(
    judged.map(({ outcome, disturbed = [] }) => ({ name: outcome, targets: disturbed })),
    ports,
  )
  return judged
}

/** Only what all targets hold after the last write of the run is promoted and recorded. */
async function whenConfirmed(result: CandidateResult): Promise<CandidateResult> {
  const { delivered } = result
  if (!delivered) return result
  const reason = await unconfirmed(delivered.targets, delivered.delivery, delivered.records)
  return reason === undefined ? result : delivered.orElse(reason)
}
