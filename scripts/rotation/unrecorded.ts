import type { Action } from '../../infra/rotation/plan.ts'
import { instantAfter } from '../../lib/duration.ts'
import type { UnrecordedCredential } from '../stack/unrecorded.ts'
import type { Outcome, RotationPorts } from './ports.ts'

/** What a run does about them. */
export function withdrawalOf({ app, secret, generation }: UnrecordedCredential): Action {
  const because = 'a run was killed after it issued it and before it recorded it; nobody was given it'
  return { do: 'withdraw', app, secret, generation, because }
}

/**
 * Deploys what the ledger says, which deletes everything that it does not know.
 *
 * @throws CommandError when the deployment fails
 */
export async function withdrawUnrecorded(
  actions: readonly Action[],
  { stack, now }: Pick<RotationPorts, 'stack' | 'now'>,
): Promise<Outcome[]> {
  const withdrawals = actions.filter((action) => action.do === 'withdraw')
  if (withdrawals.length === 0) return []
  await stack.deploy({ at: instantAfter(now()), steps: [] })
  const { ledger } = await stack.outputs()
  return withdrawals.map(({ app, secret, generation }) => {
    const entry = ledger[app]?.[secret]?.find((each) => each.generation === generation)
    const name = { app, secret, generation }
    // The run that seemed to be gone was at work, and has recorded it meanwhile.
    if (entry) return { ...name, result: 'held', detail: `another run has recorded it: it is ${entry.phase}` }
    return {
      ...name,
      result: 'retired',
      detail: 'deleted: a killed run had issued it, and nobody was given it',
    }
  })
}
